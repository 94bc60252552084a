#include "mining/miner_text.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "mining/wallet.h"

namespace davy::mining {
namespace {

using model::MinerTextSeen;

constexpr std::string_view kAnchors[] = {"stratum+",         "stratum1+",     "stratum2+",    "\"pools\"",
                                         "\"donate-level\"", "\"job_id\"",    "\"login\"",    "mining.authorize",
                                         "mining.subscribe", "mining.notify", "mining.submit"};
constexpr std::string_view kSchemes[] = {"stratum+tcp://",  "stratum+ssl://",  "stratum+tls://",  "stratum1+tcp://",
                                         "stratum1+ssl://", "stratum1+tls://", "stratum2+tcp://", "stratum2+ssl://",
                                         "stratum+udp://",  "stratum://",      "stratums://",     "daemon+http://",
                                         "daemon+https://"};
// Members that only miners' configurations have.
constexpr std::string_view kConfigMembers[] = {
    "donate-level",      "rig-id",  "max-threads-hint", "1gb-pages", "huge-pages-jit",
    "donate-over-proxy", "randomx", "print-time",       "hw-aes",    "retry-pause",
    "algo-perf",         "cpu",     "argon2-impl"};
constexpr std::size_t kConfigMembersMin = 3;
constexpr std::size_t kFieldBytesMax = 512;
constexpr std::size_t kBlobDigitsMin = 120;  // a block header is at least 60 bytes
constexpr unsigned kPortMax = 65'535;

bool is_text(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t' || c == '\r'; }
bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view around(std::string_view bytes, std::size_t at) {
  std::size_t start = at, end = at;
  while (start > 0 && at - start < kTextContextBytes && is_text(bytes[start - 1])) --start;
  while (end < bytes.size() && end - at < kTextContextBytes && is_text(bytes[end])) ++end;
  return bytes.substr(start, end - start);
}

// Where the value of the member begins, behind `"name" :`; npos when there is none.
std::size_t value_at(std::string_view text, std::string_view name, std::size_t from = 0) {
  const std::string quoted = std::string("\"").append(name).append("\"");
  for (std::size_t at = text.find(quoted, from); at != std::string_view::npos; at = text.find(quoted, at + 1)) {
    std::size_t next = at + quoted.size();
    while (next < text.size() && is_space(text[next])) ++next;
    if (next >= text.size() || text[next] != ':') continue;
    ++next;
    while (next < text.size() && is_space(text[next])) ++next;
    return next;
  }
  return std::string_view::npos;
}

std::string_view quoted_at(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"') return {};
  const std::size_t end = text.find('"', at + 1);
  return end == std::string_view::npos || end - at > kFieldBytesMax ? std::string_view()
                                                                    : text.substr(at + 1, end - at - 1);
}

std::string_view field(std::string_view text, std::string_view name) { return quoted_at(text, value_at(text, name)); }
bool has_member(std::string_view text, std::string_view name) { return value_at(text, name) != std::string_view::npos; }

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

// Whatever stands before ".rig" or "+difficulty".
void note_user(std::string_view user, MinerTextSeen& out) {
  const auto wallet = parse_wallet(user.substr(0, user.find_first_of(".+/")));
  if (wallet) out.wallet = wallet->address, out.coin = wallet->coin;
}

// Printable, and cut to kExcerptBytesMax between two characters.
std::string shortened(std::string_view text) {
  std::string out = printable(text);
  if (out.size() <= model::kExcerptBytesMax) return out;
  std::size_t end = model::kExcerptBytesMax;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) --end;
  out.resize(end);
  return out;
}

// From the brace before `at` to the end of that line, so that what merely lies around is not shown.
std::string_view message_at(std::string_view text, std::size_t at) {
  const std::size_t brace = text.rfind('{', at);
  text.remove_prefix(brace == std::string_view::npos ? std::min(at, text.size()) : brace);
  return text.substr(0, text.find('\n'));
}

std::string excerpt_of(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kFieldBytesMax)) {
    if (!is_space(c)) out.push_back(c);
    else if (!out.empty() && out.back() != ' ') out.push_back(' ');
  }
  for (const std::string_view secret : {"\"pass", "\"api_key\""}) {  // never repeated
    const std::size_t at = out.find(secret);
    if (at != std::string::npos) out.resize(at);
  }
  return shortened(out);
}

// "user:password" without the password; a Kaspa address loses all but its prefix.
std::string_view without_password(std::string_view user) { return user.substr(0, user.find(':')); }

// "scheme://user:password@host:port/" without the password.
std::string url_without_password(std::string_view url) {
  const std::size_t begin = std::min(url.find("://"), url.size());
  const std::size_t user_end = url.rfind('@');
  if (begin == url.size() || user_end == std::string_view::npos || user_end < begin) return std::string(url);
  const std::size_t colon = url.find(':', begin + 3);
  if (colon >= user_end) return std::string(url);
  return std::string(url.substr(0, colon)).append(url.substr(user_end));
}

// "user" of "scheme://user@host:port"; empty when there is none.
std::string_view user_of(std::string_view url) {
  const std::size_t begin = url.find("://");
  const std::size_t end = url.rfind('@');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + 3) return {};
  return without_password(url.substr(begin + 3, end - begin - 3));
}

std::optional<MinerTextSeen> read_config(std::string_view text) {
  MinerTextSeen out{.kind = "config"};
  out.pool = pool_of(field(text, "url"));
  const std::string_view user = field(text, "user");
  const auto members = static_cast<std::size_t>(
      std::ranges::count_if(kConfigMembers, [&](auto name) { return has_member(text, name); }));
  const bool names_pool =
      !out.pool.empty() && !user.empty() && (members > 0 || has_member(text, "algo") || has_member(text, "coin"));
  if (!names_pool && !(has_member(text, "pools") && members >= kConfigMembersMin)) return std::nullopt;
  note_user(user, out);
  out.algorithm = printable(field(text, "algo"));
  const std::size_t at = text.find("\"pools\"");
  out.excerpt = excerpt_of(at == std::string_view::npos ? message_at(text, text.find("\"url\"")) : text.substr(at));
  return out;
}

// {"method":"login","params":{"login":...}}: many programs log in, so a wallet must stand there, or a miner's members.
std::optional<MinerTextSeen> read_login(std::string_view text) {
  const std::string_view user = field(text, "login");
  if (field(text, "method") != "login" || !has_member(text, "params") || user.empty()) return std::nullopt;
  MinerTextSeen out{.kind = "login"};
  note_user(user, out);
  if (out.wallet.empty() && !(has_member(text, "pass") && has_member(text, "agent"))) return std::nullopt;
  out.excerpt = excerpt_of(message_at(text, text.find("\"method\"")));
  return out;
}

// {"method":"mining.authorize","params":["user","password"]}: shown as far as the user.
std::optional<MinerTextSeen> read_classic_login(std::string_view text) {
  const std::string_view method = field(text, "method");
  const bool classic = method == "mining.authorize" || method == "mining.subscribe" || method == "mining.submit";
  const std::size_t params = value_at(text, "params");
  if (!classic || params >= text.size() || text[params] != '[') return std::nullopt;
  MinerTextSeen out{.kind = "login"};
  const std::size_t user_at = std::min(text.find_first_not_of(" \t", params + 1), text.size());
  const std::string_view user = quoted_at(text, user_at);
  note_user(user, out);
  const std::string_view shown = text.substr(0, user_at + (user.empty() ? 0 : user.size() + 2));
  out.excerpt = excerpt_of(message_at(shown, std::min(shown.rfind("\"method\""), params)));
  return out;
}

std::optional<MinerTextSeen> read_job(std::string_view text) {
  const std::string_view blob = field(text, "blob"), target = field(text, "target");
  const bool job = !field(text, "job_id").empty() && blob.size() >= kBlobDigitsMin && is_hex(blob) && !target.empty() &&
                   is_hex(target);
  if (!job && !(field(text, "method") == "mining.notify" && has_member(text, "params"))) return std::nullopt;
  MinerTextSeen out{.kind = "job"};
  out.algorithm = printable(field(text, "algo"));
  out.excerpt = excerpt_of(message_at(text, text.find(job ? "\"job_id\"" : "\"method\"")));
  return out;
}

std::optional<MinerTextSeen> read_url(std::string_view text) {
  for (const std::string_view scheme : kSchemes) {
    const std::size_t at = text.find(scheme);
    if (at == std::string_view::npos) continue;
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end]) && text[end] != '"' && text[end] != '\'' && text[end] != ',')
      ++end;
    MinerTextSeen out{.kind = "pool_url"};
    const std::string_view url = text.substr(at, end - at);
    out.pool = pool_of(url);
    note_user(user_of(url), out);
    out.excerpt = excerpt_of(url_without_password(url));
    if (!out.pool.empty()) return out;
  }
  return std::nullopt;
}

// The value of the first of these options, as "-o value", "--url value" or "--url=value".
std::string_view option(std::span<const std::string> argv, std::span<const std::string_view> names) {
  for (std::size_t i = 1; i < argv.size(); ++i)
    for (const std::string_view name : names) {
      const std::string_view word = argv[i];
      if (word == name && i + 1 < argv.size()) return argv[i + 1];
      if (name.starts_with("--") && word.starts_with(name) && word.size() > name.size() && word[name.size()] == '=')
        return word.substr(name.size() + 1);
    }
  return {};
}

bool has_scheme(std::string_view url) {
  return std::ranges::any_of(kSchemes, [&](std::string_view scheme) { return url.starts_with(scheme); });
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// One argument as it may be shown, given the one before it.
std::string shown_argument(std::string_view before, const std::string& word) {
  if (is_one_of(before, {"-p", "--pass", "--password"})) return "***";
  if (word.starts_with("-p") && word.size() > 2) return "-p***";
  for (const std::string_view secret : {"--pass=", "--password="})
    if (word.starts_with(secret)) return std::string(secret) + "***";
  if (word.starts_with("--userpass=")) return std::string(without_password(word));
  if (is_one_of(before, {"-u", "--user", "-O", "--userpass"})) return std::string(without_password(word));
  return url_without_password(word);
}

std::string shown_arguments(std::span<const std::string> argv) {
  std::string out;
  for (std::size_t i = 0; i < argv.size() && out.size() < model::kExcerptBytesMax; ++i) {
    if (!out.empty()) out.push_back(' ');
    out += shown_argument(i > 0 ? std::string_view(argv[i - 1]) : std::string_view(), argv[i]);
  }
  return shortened(out);
}

// A wallet that lies near a pool, in another piece of the same memory.
void note_neighbour(std::string_view bytes, std::size_t at, MinerTextSeen& out) {
  const std::size_t begin = at - std::min(at, kTextContextBytes);
  const auto wallets = find_wallets(bytes.substr(begin, at - begin + kTextContextBytes), 1);
  if (!wallets.empty()) out.wallet = wallets[0].address, out.coin = wallets[0].coin;
}

unsigned port_number(std::string_view text) {
  unsigned port = 0;
  for (const char c : text.substr(0, 6)) port = port * 10 + static_cast<unsigned>(c - '0');
  return port;
}

}  // namespace

std::string pool_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    if (!has_scheme(url)) return {};
    url.remove_prefix(scheme + 3);
  }
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  url = url.substr(0, url.find('/'));
  const std::size_t colon = url.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view host = url.substr(0, colon), port = url.substr(colon + 1);
  const bool numeric = std::ranges::all_of(port, is_digit) && port_number(port) > 0 && port_number(port) <= kPortMax;
  const bool named = host.size() <= 253 && std::ranges::all_of(host, [](char c) {
                       return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
                              c == ':' || c == '[' || c == ']' || c == '_';
                     });
  return numeric && named && host.find_first_of(".:") != std::string_view::npos ? std::string(url) : std::string();
}

std::vector<match::Pattern> text_anchors(std::uint32_t first_id) {
  std::vector<match::Pattern> out;
  for (const std::string_view anchor : kAnchors)
    out.push_back({first_id + static_cast<std::uint32_t>(out.size()), Bytes(anchor.begin(), anchor.end())});
  return out;
}

std::optional<MinerTextSeen> read_miner_text(std::string_view bytes, std::size_t at, std::string_view place) {
  const std::string_view text = around(bytes, std::min(at, bytes.size()));
  for (const auto read : {read_config, read_login, read_classic_login, read_job, read_url})
    if (auto out = read(text)) {
      if (out->wallet.empty() && !out->pool.empty()) note_neighbour(bytes, std::min(at, bytes.size()), *out);
      out->place = place;
      return out;
    }
  return std::nullopt;
}

bool is_known(const std::vector<MinerTextSeen>& texts, const MinerTextSeen& seen) {
  return std::ranges::any_of(texts, [&](const MinerTextSeen& old) {
    return old.kind == seen.kind && old.pool == seen.pool && old.wallet == seen.wallet;
  });
}

std::vector<MinerTextSeen> find_miner_texts(std::string_view bytes, std::string_view place, std::size_t max) {
  std::vector<MinerTextSeen> out;
  for (const std::string_view anchor : kAnchors)
    for (std::size_t at = bytes.find(anchor); at != std::string_view::npos && out.size() < max;
         at = bytes.find(anchor, at + kTextContextBytes)) {
      auto seen = read_miner_text(bytes, at, place);
      if (seen && !is_known(out, *seen)) out.push_back(std::move(*seen));
    }
  return out;
}

std::optional<MinerTextSeen> read_command_line(std::span<const std::string> argv) {
  static constexpr std::array kPoolOptions =
      std::to_array<std::string_view>({"-o", "--url", "--pool", "--server", "-P"});
  static constexpr std::array kUserOptions =
      std::to_array<std::string_view>({"-u", "--user", "--wallet", "--userpass", "-O"});
  static constexpr std::array kAlgorithmOptions = std::to_array<std::string_view>({"-a", "--algo", "--coin"});
  std::string_view url = option(argv, kPoolOptions);
  for (const std::string& word : argv)
    if (has_scheme(word)) url = word;
  MinerTextSeen out{.kind = "command_line", .pool = pool_of(url), .place = "argv"};
  if (out.pool.empty()) return std::nullopt;
  const std::string_view user = option(argv, kUserOptions);
  note_user(user, out);
  out.algorithm = printable(option(argv, kAlgorithmOptions));
  if (!has_scheme(url) && out.wallet.empty() && (user.empty() || out.algorithm.empty())) return std::nullopt;
  out.excerpt = shown_arguments(argv);
  return out;
}

}  // namespace davy::mining
