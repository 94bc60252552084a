// The head of an HTTP/1.x request or reply: what its first line and its headers say, as far as anybody here asks.
//
// Tolerant of bare newlines and of header names in any case. Texts are printable and at most kFactBytesMax. Pure;
// thread-safe. Errors: malformed when the first line is none of HTTP/1.x.
//
//   const HttpHead head = TRY(parse_http_head("POST /json_rpc HTTP/1.1\r\nHost: node:18081\r\n"));
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "mining/dialect.h"

namespace davy::network {

enum class Coding : std::uint8_t { identity, deflated, other };

struct HttpHead {
  bool request = false;
  mining::HttpExchange exchange;  // of a reply, only its status, realm and mining_header
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool websocket = false;   // Upgrade: websocket
  bool maybe_json = false;  // by its Content-Type, or without one
  bool worth_inflating = true;
  Coding coding = Coding::identity;
};

Result<HttpHead> parse_http_head(std::string_view head);

// "host:port" or "[address]:port" of a CONNECT request.
struct Authority {
  std::string_view host;
  std::uint16_t port = 0;
};
Authority parse_authority(std::string_view target);

}  // namespace davy::network
