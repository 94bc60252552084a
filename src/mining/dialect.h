// What all dialects of mining conversations share: sides, messages, and the facts that a dialect's state machine draws
// from them.
//
// A dialect is a state machine over the messages of one connection. It is given every message in order, says of each
// whether it belongs to its language, and keeps the facts. It recognises by structure: which members a message has, of
// which type and shape, in which order both sides spoke; never by a substring. It may be joined in mid-conversation,
// and messages may be missing. Deterministic: time comes in with the message. Not thread-safe; one object a connection.
// Foreign bytes: every text is bounded by kFactBytesMax before it is kept.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"

namespace davy::mining {

inline constexpr std::size_t kFactBytesMax = 256;
inline constexpr std::size_t kJobsKeptMax = 16;             // of one connection, the newest
inline constexpr std::size_t kSharesRememberedMax = 1'024;  // to tell distinct ones from repeated ones

enum class Side : std::uint8_t { client, server };  // client: who opened the connection

// What a conversation is for. Only pool, solo and proxy are mining.
enum class Role : std::uint8_t { none, pool, solo, proxy, node, wallet };
std::string_view name_of(Role role);

enum class Carrier : std::uint8_t { line, http, websocket };

// The HTTP exchange that a message is part of; for a reply, the request that it answers.
struct HttpExchange {
  std::string method;  // "POST"; empty when the request was not seen
  std::string target;  // "/json_rpc"
  std::string host;    // of the Host header
  std::string user_agent;
  std::string basic_user;      // of an Authorization: Basic header, decoded, without the password
  bool mining_header = false;  // X-Mining-Extensions, X-Stratum, X-Long-Polling, X-Roll-NTime, X-Hash-Difficulty
  int status = 0;              // of the reply, 0 on requests
  std::string realm;           // that a reply asks a login for
};

// One message of one side. `json` is null for an HTTP message without a JSON body.
struct Message {
  Side side = Side::client;
  Timestamp at;
  Carrier carrier = Carrier::line;
  const Json* json = nullptr;
  const HttpExchange* http = nullptr;  // set when carrier is http
};

// Shares: what the client sent as work, and how much of it holds.
struct ShareFacts {
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;  // by the server's word
  std::uint64_t rejected = 0;
  std::uint64_t valid = 0;      // distinct, checked against the target of their job, under it
  std::uint64_t invalid = 0;    // checked, over it
  std::uint64_t unchecked = 0;  // job not seen, or the algorithm cannot be checked here
  double bits = 0.0;  // sum over distinct valid shares of log2(2^256 / target), targets under 10 bits left out
  double expected_hashes = 0.0;  // sum over accepted shares of 2^256 / target: the work behind them
  bool recomputed = false;       // the hash was computed here; otherwise it is the client's claim
  Timestamp first_at, last_at;   // of shares sent
};

// Everything that a conversation says of itself. Texts are printable, at most kFactBytesMax.
struct ConversationFacts {
  std::string dialect;  // "stratum", "cryptonote", ... as in docs/dialects.md
  Role role = Role::none;
  std::string coin;       // "monero", "bitcoin", ...; empty when it cannot be told
  std::string algorithm;  // "rx/0", "sha256d", ...
  std::string wallet;     // as it was sent, when its checksum is valid (parse_wallet)
  std::string wallet_coin;
  std::string account;  // the login or user as it was sent, without a password
  std::string worker;
  std::string agent;
  std::uint32_t client_fits = 0;  // messages that only this dialect explains
  std::uint32_t server_fits = 0;
  std::uint32_t misfits = 0;    // messages that it cannot explain
  bool client_greeted = false;  // login, subscribe, ...
  bool server_agreed = false;   // answered the greeting as this dialect does
  bool sides_swapped = false;   // the capture joined late and took the pool for the client; client_* are the miner's
  std::uint64_t jobs = 0;
  ShareFacts shares;

  bool both_sides() const { return client_fits > 0 && server_fits > 0; }
};

// How well one message fits a dialect.
enum class Fit : std::uint8_t {
  none,     // not of this dialect
  neutral,  // allowed in it, and in many others: {"id":1,"result":true}
  fits,     // its structure belongs to this dialect
};

class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual Fit see(const Message& message) = 0;
  const ConversationFacts& facts() const { return facts_; }

 protected:
  ConversationFacts facts_;
};

// A dialect that is not made of JSON messages: lines of text, or bytes.
class ByteDialect {
 public:
  virtual ~ByteDialect() = default;
  // The next bytes of one side, in order; `offset` counts from the first byte of that side, or from where the capture
  // joined it. Bytes that were lost are skipped in `offset`. `packet_start`: these bytes began a packet.
  virtual Fit see(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) = 0;
  const ConversationFacts& facts() const { return facts_; }

 protected:
  ConversationFacts facts_;
};

// The dialects of this build, in the order in which they are preferred when two fit equally well.
std::vector<std::unique_ptr<Dialect>> create_dialects();
std::vector<std::unique_ptr<ByteDialect>> create_byte_dialects();

// Each in the file of its name.
std::unique_ptr<Dialect> create_stratum_dialect();     // mining.*: Bitcoin, Zcash, KawPow, Kaspa, Ergo, Conflux, ...
std::unique_ptr<Dialect> create_ethproxy_dialect();    // eth_submitLogin, eth_getWork, over lines and HTTP
std::unique_ptr<Dialect> create_cryptonote_dialect();  // login, job, submit: Monero and its relatives
std::unique_ptr<Dialect> create_grin_dialect();
std::unique_ptr<Dialect> create_beam_dialect();
std::unique_ptr<Dialect> create_coinhive_dialect();      // {"type":"auth"}: Coinhive and its successors
std::unique_ptr<Dialect> create_webminerpool_dialect();  // {"identifier":"handshake"}
std::unique_ptr<Dialect> create_nimiq_dialect();
std::unique_ptr<Dialect> create_block_template_dialect();  // getblocktemplate, getwork, submitblock over HTTP: solo
std::unique_ptr<Dialect> create_node_rpc_dialect();        // what a node or wallet says, and Electrum: never mining
std::unique_ptr<Dialect> create_ergo_node_dialect();       // GET /mining/candidate, POST /mining/solution
std::unique_ptr<Dialect> create_chia_dialect();            // pool_info, farmer, partial over HTTP
std::unique_ptr<ByteDialect> create_duino_dialect();
std::unique_ptr<ByteDialect> create_stratum_v2_dialect();  // in clear, and the shape of its Noise handshake
std::unique_ptr<ByteDialect> create_zmq_dialect();         // monerod's publisher, as solo miners and P2Pool subscribe
std::unique_ptr<ByteDialect> create_peer_dialect();        // Bitcoin, Monero and P2Pool peers: nodes

}  // namespace davy::mining
