#include "drill/talks/live.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <list>
#include <random>
#include <thread>

#include "drill/load.h"
#include "drill/plan.h"
#include "drill/wallet.h"

namespace davy::drill {
namespace {

using Now = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;
using Line = ScriptLines::Line;

constexpr int kTickMs = 50;
constexpr int kAnswerMs = 3'000;
constexpr const char* kWordOf[] = {"\"method\"", "\"message\"", "\"type\"", "\"identifier\""};

// A time left to chance, at most five times the mean.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  Milliseconds after(std::uint32_t mean_ms) {
    const double x = std::exponential_distribution<double>(1.0)(random_);
    return Milliseconds(static_cast<std::int64_t>(std::min(x, 5.0) * mean_ms));
  }

 private:
  std::mt19937_64 random_;
};

// The value behind a member's name, as it stands in the text: "x", 7, null.
std::string_view value_of(std::string_view json, std::string_view quoted_name) {
  const std::size_t name = json.find(quoted_name);
  if (name == std::string_view::npos) return {};
  std::size_t at = name + quoted_name.size();
  while (at < json.size() && (json[at] == ' ' || json[at] == ':')) ++at;
  std::size_t end = at;
  if (end < json.size() && json[end] == '"') end = json.find('"', end + 1) + 1;
  else end = json.find_first_of(",} \r\n", at);
  return end == 0 || end == std::string_view::npos ? std::string_view() : json.substr(at, end - at);
}

// What a message asks for, whatever it is wrapped in: its path, or the word that says what it is.
std::string topic_of(const Talk& talk, std::string_view text) {
  if (talk.wrap == Wrap::http) {
    const std::size_t space = text.find(' ', text.find(' ') + 1);
    const std::string_view method = value_of(text, "\"method\"");
    return std::string(text.substr(0, space)) + (method.empty() ? "" : " " + std::string(method));
  }
  for (const char* word : kWordOf)
    if (const auto value = value_of(text, word); !value.empty()) return std::string(value);
  return std::string(text.substr(0, text.find(',')));
}

std::string with_id(std::string text, std::string_view from, std::string_view to) {
  const std::string_view id = value_of(text, "\"id\"");
  if (!from.empty() && !to.empty() && id == from)
    text.replace(static_cast<std::size_t>(id.data() - text.data()), id.size(), to);
  return text;
}

// Takes whole messages out of what has come: lines, HTTP requests or answers, WebSocket frames.
class Messages {
 public:
  explicit Messages(const Talk& talk) : talk_(talk) {}

  // Errors: limit_exceeded.
  Status add(std::string_view bytes) {
    held_ += bytes;
    if (held_.size() > kMessageMax) return fail(ErrorCode::limit_exceeded, "a message is too long");
    return {};
  }

  std::optional<std::string> next() {
    const bool upgrade =
        talk_.wrap == Wrap::websocket && (held_.starts_with("GET /") || held_.starts_with("HTTP/1.1 101"));
    if (talk_.wrap == Wrap::http || upgrade) return next_http();
    return talk_.wrap == Wrap::websocket ? next_frame() : next_line();
  }

 private:
  std::optional<std::string> take(std::size_t skip, std::size_t size) {
    std::string out = held_.substr(skip, size);
    held_.erase(0, skip + size);
    return out;
  }

  std::optional<std::string> next_line() {
    const std::size_t end = held_.find('\n');
    if (end == std::string::npos) return std::nullopt;
    auto out = take(0, end);
    held_.erase(0, 1);
    return out;
  }

  // "POST /path BODY"; an answer is its body.
  std::optional<std::string> next_http() {
    const std::size_t head = held_.find("\r\n\r\n");
    if (head == std::string::npos) return std::nullopt;
    std::size_t size = 0;
    if (const std::size_t at = held_.find("Content-Length: "); at < head)
      size = std::strtoul(&held_[at + 16], nullptr, 10);
    if (held_.size() < head + 4 + size) return std::nullopt;
    const std::string first = held_.substr(0, held_.find(" HTTP/1.1"));
    const std::string body = *take(head + 4, size);
    return first.starts_with("HTTP") ? body : first + (body.empty() ? "" : " " + body);
  }

  std::optional<std::string> next_frame() {
    if (held_.size() < 2) return std::nullopt;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(held_[i]); };
    const bool masked = (byte(1) & 0x80U) != 0;
    std::size_t size = byte(1) & 0x7fU, at = 2;
    if (size == 127) return held_.clear(), std::nullopt;
    if (size == 126) {
      if (held_.size() < 4) return std::nullopt;
      size = byte(2) * 256U + byte(3), at = 4;
    }
    if (held_.size() < at + (masked ? 4 : 0) + size) return std::nullopt;
    const std::string key = masked ? held_.substr(at, 4) : std::string(4, '\0');
    auto out = take(at + (masked ? 4 : 0), size);
    for (std::size_t i = 0; i < out->size(); ++i) (*out)[i] = static_cast<char>((*out)[i] ^ key[i % 4]);
    return out;
  }

  const Talk& talk_;
  std::string held_;
};

// One client of the server.
class Hosting {
 public:
  Hosting(const Talk& talk, const LiveChoice& choice, Channel channel, Now::time_point end, std::uint64_t number)
      : talk_(talk),
        choice_(choice),
        channel_(std::move(channel)),
        messages_(talk),
        script_(talk),
        chance_(choice.seed + number),
        end_(end) {
    opening_ = script_.opening(), round_ = script_.round(0);
  }

  void run(const std::atomic<bool>& stopped) {
    if (talk_.wrap != Wrap::websocket && !push(opening_)) return;
    if (opening_.empty()) open_ = true;
    auto next_job = Now::now() + chance_.after(choice_.job_gap_ms);
    while (!stopped && Now::now() < end_) {
      const auto bytes = channel_.receive(kTickMs);
      if (!bytes || !messages_.add(*bytes)) return;
      for (auto message = messages_.next(); message; message = messages_.next())
        if (!answer(*message)) return;
      if (!open_ || Now::now() < next_job) continue;
      if (!push(round_)) return;
      next_job = Now::now() + chance_.after(choice_.job_gap_ms);
    }
  }

 private:
  bool say(const std::string& text) { return channel_.send(wrapped(talk_, text, false, {})).has_value(); }

  // What the server says before anybody asks: the lines of its own that come first.
  bool push(const std::vector<Line>& lines) {
    for (const Line& line : lines) {
      if (line.client) break;
      if (!say(line.text)) return false;
    }
    return true;
  }

  bool answer(const std::string& message) {
    if (talk_.wrap == Wrap::websocket && message.starts_with("GET /"))
      return channel_.send(websocket_opening(false)).has_value() && push(opening_);
    if (const auto at = asked_in(opening_, message)) return reply(opening_, *at, message) && begin_round(*at);
    if (const auto at = asked_in(round_, message)) {
      if (!reply(round_, *at, message)) return false;
      if (is_last_question(round_, *at)) round_ = script_.round(++rounds_);
      return true;
    }
    return refuse(message);
  }

  std::optional<std::size_t> asked_in(const std::vector<Line>& lines, const std::string& message) const {
    const std::string topic = topic_of(talk_, message);
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i].client && topic_of(talk_, lines[i].text) == topic) return i;
    return std::nullopt;
  }

  static bool is_last_question(const std::vector<Line>& lines, std::size_t at) {
    return std::none_of(lines.begin() + static_cast<std::ptrdiff_t>(at) + 1, lines.end(),
                        [](const Line& line) { return line.client; });
  }

  // The first job comes with the end of the opening.
  bool begin_round(std::size_t at) {
    if (!is_last_question(opening_, at) || open_) return true;
    open_ = true;
    return push(round_);
  }

  bool reply(const std::vector<Line>& lines, std::size_t at, const std::string& message) {
    const SecretText wallet = exercise_wallet();
    const auto names_wallet = [&](std::string_view text) { return text.find(wallet.view()) != std::string_view::npos; };
    if (names_wallet(lines[at].text) && !names_wallet(message)) return refuse_login(message);
    for (std::size_t i = at + 1; i < lines.size() && !lines[i].client; ++i)
      if (!say(with_id(lines[i].text, value_of(lines[at].text, "\"id\""), value_of(message, "\"id\"")))) return false;
    return true;
  }

  // And closes the connection.
  bool refuse_login(const std::string& message) {
    const SecretText words(mask("Invalid address used for login"));
    say("{\"id\":" + id_of(message) + ",\"jsonrpc\":\"2.0\",\"error\":{\"code\":-1,\"message\":\"" +
        std::string(words.view()) + "\"}}");
    return false;
  }

  bool refuse(const std::string& message) {
    if (message.empty() || (message.front() != '{' && talk_.wrap != Wrap::http))
      return false;  // as a server of lines does
    return say("{\"id\":" + id_of(message) + ",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}");
  }

  static std::string id_of(const std::string& message) {
    const std::string_view id = value_of(message, "\"id\"");
    return id.empty() ? "null" : std::string(id);
  }

  const Talk& talk_;
  const LiveChoice& choice_;
  Channel channel_;
  Messages messages_;
  ScriptLines script_;
  Chance chance_;
  const Now::time_point end_;
  std::vector<Line> opening_, round_;
  std::uint32_t rounds_ = 0;
  bool open_ = false;
};

Result<std::optional<TlsMaker>> maker_of(TlsVersion version, const TlsChoice& choice) {
  if (version == TlsVersion::none) return std::optional<TlsMaker>();
  return std::optional<TlsMaker>(TRY(TlsMaker::create(version, choice)));
}

Status announce_port(std::uint16_t port) {
  SecretText line;
  line.add(mask("port ")).add_number(port).add(mask("\n"));
  if (::write(STDOUT_FILENO, line.view().data(), line.view().size()) < 0)
    return fail_errno(errno, "cannot say the port");
  return {};
}

void arm(std::uint32_t seconds) {
  Plan bounds;
  bounds.deadline_ns = monotonic_ns() + std::int64_t{seconds} * 1'000'000'000;
  arm_alarm(bounds);
}

// Connections on threads of their own, until the time is over.
class Threads {
 public:
  ~Threads() {
    stopped_ = true;
    for (std::thread& one : threads_) one.join();
  }
  const std::atomic<bool>& stopped() const { return stopped_; }
  template <class Work>
  void start(Work work) {
    if (threads_.size() < kConnectionsMax) threads_.emplace_back(std::move(work));
  }

 private:
  std::atomic<bool> stopped_{false};
  std::list<std::thread> threads_;
};

// `handle(socket, number)` for each connection that comes.
template <class Handle>
Status serve(const LiveChoice& choice, Threads& threads, Handle handle) {
  arm(choice.seconds);
  const Listener listener = TRY(listen_loopback(choice.port));
  TRY(announce_port(listener.port));
  const auto end = Now::now() + std::chrono::seconds(choice.seconds);
  const timeval tick{0, 200'000};
  ::setsockopt(listener.socket.get(), SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
  for (std::uint64_t number = 1; Now::now() < end; ++number) {
    UniqueFd socket(::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket) threads.start([handle, number, end, fd = socket.release()] { handle(UniqueFd(fd), number, end); });
  }
  return {};
}

Result<Channel> accepted(UniqueFd socket, const std::optional<TlsMaker>& tls) {
  if (tls) return tls->accept(std::move(socket));
  return Channel(std::move(socket));
}

Result<Channel> connected(const LoopbackAddress& to, const std::optional<TlsMaker>& tls) {
  UniqueFd socket = TRY(connect_loopback(to));
  if (tls) return tls->connect(std::move(socket));
  return Channel(std::move(socket));
}

// The client of a talk.
class Joining {
 public:
  Joining(const Talk& talk, const LiveChoice& choice, Channel channel)
      : talk_(talk),
        choice_(choice),
        channel_(std::move(channel)),
        messages_(talk),
        script_(talk),
        chance_(choice.seed),
        end_(Now::now() + std::chrono::seconds(choice.seconds)) {}

  Status run() {
    if (talk_.wrap == Wrap::websocket) {
      TRY(channel_.send(websocket_opening(true)));
      TRY(listen(1, Milliseconds(kAnswerMs)));
    }
    TRY(play(script_.opening()));
    for (std::uint32_t share = 0; share < choice_.shares && Now::now() < end_; ++share) {
      TRY(listen(UINT32_MAX, chance_.after(choice_.gap_ms)));
      TRY(play(script_.round(share)));
    }
    return {};
  }

 private:
  Status play(const std::vector<Line>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!lines[i].client) continue;
      TRY(channel_.send(wrapped(talk_, lines[i].text, true, {})));
      const auto last = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, lines.end(),
                                     [](const Line& line) { return line.client; });
      TRY(listen(static_cast<std::uint32_t>(last - lines.begin()) - static_cast<std::uint32_t>(i) - 1,
                 Milliseconds(kAnswerMs)));
    }
    return {};
  }

  // Until so many messages have come or the time is over. Errors: the other side has gone.
  Status listen(std::uint32_t messages, Milliseconds most) {
    const auto end = std::min(end_, Now::now() + most);
    for (std::uint32_t seen = 0; seen < messages && Now::now() < end;) {
      const auto left = std::chrono::duration_cast<Milliseconds>(end - Now::now()).count();
      const std::string bytes = TRY(channel_.receive(static_cast<int>(std::clamp<std::int64_t>(left, 1, kTickMs))));
      TRY(messages_.add(bytes));
      while (messages_.next()) ++seen;
    }
    return {};
  }

  const Talk& talk_;
  const LiveChoice& choice_;
  Channel channel_;
  Messages messages_;
  ScriptLines script_;
  Chance chance_;
  const Now::time_point end_;
};

Status check_playable(const Talk& talk) {
  if (talk.wrap != Wrap::binary) return {};
  return fail(ErrorCode::unsupported, "this talk can be written with --pcap, not played live");
}

void hand_on(Channel one, Channel other, Now::time_point end, const std::atomic<bool>& stopped) {
  while (!stopped && Now::now() < end)
    for (auto [from, to] : {std::pair(&one, &other), std::pair(&other, &one)}) {
      const auto bytes = from->receive(5);
      if (!bytes || (!bytes->empty() && !to->send(*bytes))) return;
    }
}

}  // namespace

Status serve_talk(const Talk& talk, const LiveChoice& choice) {
  TRY(check_playable(talk));
  const auto tls = TRY(maker_of(choice.tls, choice.tls_choice));
  Threads threads;
  return serve(choice, threads, [&](UniqueFd socket, std::uint64_t number, Now::time_point end) {
    if (auto channel = accepted(std::move(socket), tls))
      Hosting(talk, choice, std::move(*channel), end, number).run(threads.stopped());
  });
}

Status join_talk(const Talk& talk, const LoopbackAddress& server, const LiveChoice& choice) {
  TRY(check_playable(talk));
  arm(choice.seconds);
  const auto tls = TRY(maker_of(choice.tls, choice.tls_choice));
  Channel channel = TRY(connected(server, tls));
  return Joining(talk, choice, std::move(channel)).run();
}

Status relay_talks(const LoopbackAddress& server, TlsVersion inside, TlsVersion outside, const LiveChoice& choice) {
  const auto in = TRY(maker_of(inside, choice.tls_choice)), out = TRY(maker_of(outside, choice.tls_choice));
  Threads threads;
  return serve(choice, threads, [&](UniqueFd socket, std::uint64_t, Now::time_point end) {
    auto client = accepted(std::move(socket), in);
    if (!client) return;
    if (auto pool = connected(server, out)) hand_on(std::move(*client), std::move(*pool), end, threads.stopped());
  });
}

}  // namespace davy::drill
