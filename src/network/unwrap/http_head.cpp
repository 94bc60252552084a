#include "network/unwrap/http_head.h"

#include <algorithm>
#include <charconv>

#include "base/lines.h"
#include "network/unwrap/text.h"

namespace davy::network {
namespace {

constexpr std::string_view kMiningHeaders[] = {"x-mining-extensions", "x-stratum", "x-long-polling", "x-roll-ntime",
                                               "x-hash-difficulty"};
constexpr std::string_view kVersion = "HTTP/1.";

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<HttpHead> parse_first_line(std::string_view line) {
  HttpHead head;
  if (line.starts_with(kVersion)) {
    const std::size_t space = line.find(' ');
    const auto status = space == std::string_view::npos ? std::nullopt : number<int>(line.substr(space + 1, 3));
    if (!status || *status < 100) return fail(ErrorCode::malformed, "not a status line");
    head.exchange.status = *status;
    return head;
  }
  const std::size_t method_end = line.find(' ');
  const std::size_t version = line.rfind(' ');
  if (method_end == std::string_view::npos || version <= method_end || !line.substr(version + 1).starts_with(kVersion))
    return fail(ErrorCode::malformed, "not a request line");
  head.request = true;
  head.exchange.method = bounded(line.substr(0, method_end));
  head.exchange.target = bounded(trimmed(line.substr(method_end + 1, version - method_end - 1)));
  return head;
}

std::string basic_user(std::string_view value) {
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos || !equal_ignoring_case(value.substr(0, space), "basic")) return {};
  const auto decoded = from_base64(trimmed(value.substr(space + 1)).substr(0, 2 * mining::kFactBytesMax));
  return decoded ? bounded(decoded->substr(0, decoded->find(':'))) : std::string();
}

// Digest realm="...", Basic realm="..."
std::string realm_of(std::string_view value) {
  constexpr std::string_view kName = "realm=\"";
  const std::size_t at = value.find(kName);
  if (at == std::string_view::npos) return {};
  value.remove_prefix(at + kName.size());
  return bounded(value.substr(0, value.find('"')));
}

Coding coding_of(std::string_view value) {
  if (has_token(value, "gzip") || has_token(value, "x-gzip") || has_token(value, "deflate")) return Coding::deflated;
  return equal_ignoring_case(value, "identity") ? Coding::identity : Coding::other;
}

// A type that some program may give to its JSON; the web's own types are not looked into.
bool may_be_json(std::string_view type) {
  type = trimmed(type.substr(0, type.find(';')));
  const std::size_t slash = type.find('/');
  const std::string_view top = type.substr(0, slash);
  if (equal_ignoring_case(top, "image") || equal_ignoring_case(top, "video") || equal_ignoring_case(top, "audio") ||
      equal_ignoring_case(top, "font"))
    return false;
  return !equal_ignoring_case(type, "text/html") && !equal_ignoring_case(type, "text/css");
}

// Inflating costs: only where the sender says that it is JSON, or plain text, or nothing.
void read_type(std::string_view value, HttpHead& head) {
  head.maybe_json = may_be_json(value);
  const std::string_view type = trimmed(value.substr(0, value.find(';')));
  head.worth_inflating = equal_ignoring_case(type, "text/plain") || equal_ignoring_case(type, "application/json") ||
                         type.ends_with("json");
}

void read_header(std::string_view name, std::string_view value, HttpHead& head) {
  const auto is = [&](std::string_view wanted) { return equal_ignoring_case(name, wanted); };
  if (is("host")) head.exchange.host = bounded(value);
  else if (is("user-agent")) head.exchange.user_agent = bounded(value);
  else if (is("authorization")) head.exchange.basic_user = basic_user(value);
  else if (is("www-authenticate")) head.exchange.realm = realm_of(value);
  else if (is("content-length")) head.content_length = number<std::uint64_t>(value);
  else if (is("transfer-encoding")) head.chunked = has_token(value, "chunked");
  else if (is("upgrade")) head.websocket = has_token(value, "websocket");
  else if (is("content-type")) read_type(value, head);
  else if (is("content-encoding")) head.coding = coding_of(value);
  else if (std::ranges::any_of(kMiningHeaders, is)) head.exchange.mining_header = true;
}

}  // namespace

Result<HttpHead> parse_http_head(std::string_view text) {
  HttpHead head = TRY(parse_first_line(trimmed(take_line(text))));
  head.maybe_json = true;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos)
      read_header(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)), head);
  }
  return head;
}

Authority parse_authority(std::string_view target) {
  const std::size_t colon = target.rfind(':');
  Authority out;
  out.host = target.substr(0, colon);
  if (colon != std::string_view::npos) out.port = number<std::uint16_t>(target.substr(colon + 1)).value_or(0);
  if (out.host.starts_with('[') && out.host.ends_with(']')) out.host = out.host.substr(1, out.host.size() - 2);
  return out;
}

}  // namespace davy::network
