#include "network/probe/probe_question.h"

namespace davy::network::probe {
namespace {

constexpr std::size_t kNoiseKeyBytes = 64;
constexpr std::string_view kNoWallet =
    "4DavyProbeDavyProbeDavyProbeDavyProbeDavyProbeDavyProbeDavyProbeDavyProbeDavyProbeDavyProbe1111";

std::string http_post(std::string_view host, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: " + std::string(host) +
         "\r\nUser-Agent: davy-probe\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + std::string(body);
}

// The upgrade and, without waiting for its answer, a masked text frame.
std::string websocket(std::string_view host, std::string_view text) {
  constexpr char kMask[] = {0x31, 0x07, 0x5a, 0x11};
  std::string out = "GET / HTTP/1.1\r\nHost: " + std::string(host) +
                    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ZGF2eSBwcm9iZSAgICAgIA==\r\n"
                    "Sec-WebSocket-Version: 13\r\n\r\n";
  out += '\x81', out += static_cast<char>(0x80U | text.size());
  out.append(kMask, sizeof kMask);
  for (std::size_t i = 0; i < text.size(); ++i) out += static_cast<char>(text[i] ^ kMask[i % sizeof kMask]);
  return out;
}

Bytes random_bytes(std::size_t count, std::uint64_t state) {
  Bytes out;
  for (; count > 0; --count) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    out.push_back(static_cast<std::uint8_t>(state >> 56U));
  }
  return out;
}

std::string text_of(Kind kind, std::string_view host) {
  switch (kind) {
    case Kind::stratum:
      return "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"davy-probe/1\"]}\n"
             "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"davy-probe\",\"x\"]}\n";
    case Kind::cryptonote:
      return "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"login\",\"params\":{\"login\":\"" + std::string(kNoWallet) +
             "\",\"pass\":\"x\",\"agent\":\"davy-probe/1\",\"algo\":[\"rx/0\"]}}\n";
    case Kind::ethproxy:
      return "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"eth_submitLogin\",\"params\":[\"davy-probe\",\"x\"],"
             "\"worker\":\"eth1.0\"}\n"
             "{\"id\":2,\"jsonrpc\":\"2.0\",\"method\":\"eth_getWork\",\"params\":[]}\n";
    case Kind::block_template:
      return http_post(host,
                       R"({"id":1,"method":"getblocktemplate","params":[{"capabilities":["coinbasetxn","workid"]}]})");
    case Kind::web_miner:
      return websocket(host,
                       R"({"type":"auth","params":{"site_key":"davy-probe","type":"anonymous","user":null,"goal":0}})");
    case Kind::stratum_v2: break;
  }
  return {};
}

}  // namespace

std::string name_of(const Question& question) {
  static constexpr std::string_view kNames[] = {"stratum",    "cryptonote",     "ethproxy",
                                                "stratum_v2", "block_template", "web_miner"};
  std::string out(question.tls ? "tls " : "");
  out += kNames[static_cast<std::size_t>(question.kind)];
  return out + (question.server_name ? " with a server name" : "");
}

std::vector<Question> questions_for(bool has_name) {
  std::vector<Question> out;
  for (const Kind kind :
       {Kind::stratum, Kind::cryptonote, Kind::ethproxy, Kind::stratum_v2, Kind::block_template, Kind::web_miner})
    out.push_back({kind});
  for (const Kind kind : {Kind::stratum, Kind::cryptonote}) out.push_back({kind, true, false});
  if (has_name)
    for (const Kind kind : {Kind::stratum, Kind::cryptonote}) out.push_back({kind, true, true});
  return out;
}

Bytes bytes_of(const Question& question, std::string_view host, std::uint64_t seed) {
  if (question.kind == Kind::stratum_v2) return random_bytes(kNoiseKeyBytes, seed);
  const std::string text = text_of(question.kind, host);
  return {text.begin(), text.end()};
}

}  // namespace davy::network::probe
