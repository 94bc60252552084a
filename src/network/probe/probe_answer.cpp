#include "network/probe/probe_answer.h"

#include <algorithm>
#include <optional>

#include "mining/conversation.h"
#include "network/unwrapper.h"

namespace davy::network::probe {
namespace {

using mining::Side;

constexpr std::size_t kEchoBytes = 48;  // beyond what answers repeat of a question
constexpr std::uint64_t kIdMax = 2;     // that our questions have

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// {"code":-1,"message":"..."}, [24,"..."], or the text alone.
std::string sentence_of(const Json& error) {
  if (error.is_string()) return std::string(error.string_or(""));
  if (error.is_object()) return std::string(error["message"].string_or(""));
  return error.items().size() >= 2 ? std::string(error.items()[1].string_or("")) : std::string();
}

// Both sides of one exchange, through the unwrapper to the dialects.
class Exchange final : private UnwrapSink {
 public:
  explicit Exchange(const std::vector<std::string>& sentences) : sentences_(sentences), unwrapper_(*this) {}

  void run(ByteView sent, ByteView received) {
    unwrapper_.feed(Side::client, sent, {1});
    unwrapper_.feed(Side::server, received, {2});
  }
  bool refused_like_a_pool() const { return refused_; }
  const mining::ConversationFacts& facts() const { return conversation_.facts(); }

 private:
  void message(const mining::Message& message) override {
    if (message.side == Side::server && message.json != nullptr) see_error(*message.json);
    conversation_.see(message);
  }
  void bytes(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) override {
    conversation_.see_bytes(side, bytes, offset, packet_start, at);
  }
  void tls(Side, ByteView, Timestamp) override {}
  void tunnel(const Tunnel&) override {}

  void see_error(const Json& json) {
    const std::uint64_t id = json["id"].uint_or(0);
    const std::string said = lower(sentence_of(json["error"]));
    if (id == 0 || id > kIdMax || said.empty()) return;
    refused_ |= std::ranges::any_of(sentences_, [&](const std::string& known) { return said.starts_with(known); });
  }

  const std::vector<std::string>& sentences_;
  mining::Conversation conversation_;
  Unwrapper unwrapper_;
  bool refused_ = false;
};

bool is_echo(ByteView sent, ByteView received) {
  const std::size_t size = std::min({sent.size(), received.size(), kEchoBytes});
  return size == kEchoBytes &&
         std::search(received.begin(), received.end(), sent.begin(), sent.begin() + kEchoBytes) != received.end();
}

bool is_pool(mining::Role role) {
  return role == mining::Role::pool || role == mining::Role::proxy || role == mining::Role::solo;
}

constexpr std::string_view kNames[] = {"nothing", "other", "echo", "pool_error", "greeting", "job"};

}  // namespace

std::string_view name_of(AnswerKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

AnswerKind parse_answer_kind(std::string_view name) {
  const auto at = std::ranges::find(kNames, name);
  return at == std::end(kNames) ? AnswerKind::other : static_cast<AnswerKind>(at - std::begin(kNames));
}

Result<std::vector<std::string>> parse_sentences(const Json& part) {
  std::vector<std::string> out;
  for (const Json& line : part["sentences"].items()) {
    if (line["text"].string_or("").empty() || line["source"].string_or("").empty() || out.size() >= kSentencesMax)
      return fail(ErrorCode::malformed, "a sentence of a pool lacks text or source, or there are too many");
    out.push_back(lower(line["text"].string_or("")));
  }
  return out;
}

Answer judge_answer(ByteView sent, ByteView received, const std::vector<std::string>& sentences) {
  Answer out;
  received = received.first(std::min(received.size(), kAnswerBytesMax));
  if (received.empty()) return out;
  out.excerpt = printable(as_text(received.first(std::min(received.size(), kExcerptMax))));
  out.kind = AnswerKind::other;
  if (is_echo(sent, received)) {
    out.kind = AnswerKind::echo;
    return out;
  }
  Exchange exchange(sentences);
  exchange.run(sent, received);
  const mining::ConversationFacts& facts = exchange.facts();
  const bool answered = is_pool(facts.role) && facts.server_fits > 0;
  if (answered && facts.jobs > 0) out.kind = AnswerKind::job;
  else if (answered && facts.client_fits > 0) out.kind = AnswerKind::greeting;
  else if (exchange.refused_like_a_pool()) out.kind = AnswerKind::pool_error;
  if (answered) out.dialect = facts.dialect, out.coin = facts.coin;
  return out;
}

}  // namespace davy::network::probe
