// What wallets, explorers and monitors say to nodes, and light wallets to Electrum servers: never mining.
//
// Known by exact names, each with the kind of parameters that it takes; names that other programs use too ("transfer",
// "get_balance") only on the path and with the members of Monero's wallet. A reply fits when it answers such a request.
// Sources: Bitcoin Core's, Geth's, monerod's and monero-wallet-rpc's references; ElectrumX's protocol pages.
#include <algorithm>
#include <array>

#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::array<std::string_view, 35> kBitcoin = {
    "getblockchaininfo", "getmempoolinfo",         "getrawmempool",         "getmempoolentry",      "getnettotals",
    "getblock",          "getblockstats",          "getchaintips",          "getchaintxstats",      "getnetworkhashps",
    "getrawtransaction", "decoderawtransaction",   "sendrawtransaction",    "createrawtransaction", "testmempoolaccept",
    "gettxout",          "gettxoutsetinfo",        "estimatefee",           "estimatesmartfee",     "getwalletinfo",
    "getbalances",       "getnewaddress",          "getaddressinfo",        "getreceivedbyaddress", "listunspent",
    "listtransactions",  "listsinceblock",         "listreceivedbyaddress", "sendtoaddress",        "sendmany",
    "walletpassphrase",  "walletcreatefundedpsbt", "importdescriptors",     "scantxoutset",         "gettransaction"};
constexpr std::array<std::string_view, 12> kMoneroNode = {"get_block_header_by_hash",
                                                          "getblockheaderbyhash",
                                                          "get_connections",
                                                          "get_fee_estimate",
                                                          "get_output_histogram",
                                                          "get_output_distribution",
                                                          "get_coinbase_tx_sum",
                                                          "get_alternate_chains",
                                                          "get_txpool_backlog",
                                                          "get_bans",
                                                          "sync_info",
                                                          "hard_fork_info"};
constexpr std::array<std::string_view, 15> kMoneroWallet = {
    "get_transfers", "incoming_transfers", "get_transfer_by_txid", "make_integrated_address",
    "query_key",     "get_accounts",       "create_address",       "sweep_all",
    "sweep_single",  "transfer_split",     "export_outputs",       "get_tx_key",
    "check_tx_key",  "rescan_blockchain",  "get_payments"};
constexpr std::array<std::string_view, 10> kMoneroPaths = {
    "/get_transactions", "/gettransactions", "/send_raw_transaction", "/sendrawtransaction", "/get_transaction_pool",
    "/get_outs.bin",     "/getblocks.bin",   "/get_blocks.bin",       "/get_o_indexes.bin",  "/get_hashes.bin"};
constexpr std::array<std::string_view, 8> kElectrumGroups = {
    "blockchain.headers.", "blockchain.scripthash.", "blockchain.transaction.", "blockchain.block.",
    "blockchain.address.", "blockchain.utxo.",       "blockchain.outpoint.",    "blockchain.scriptpubkey."};
constexpr std::array<std::string_view, 11> kElectrum = {"server.version",
                                                        "server.features",
                                                        "server.banner",
                                                        "server.donation_address",
                                                        "server.add_peer",
                                                        "server.peers.subscribe",
                                                        "blockchain.estimatefee",
                                                        "blockchain.relayfee",
                                                        "blockchain.numblocks.subscribe",
                                                        "mempool.get_fee_histogram",
                                                        "mempool.get_info"};
constexpr std::array<std::string_view, 24> kEthereum = {"accounts",
                                                        "blockNumber",
                                                        "call",
                                                        "chainId",
                                                        "createAccessList",
                                                        "estimateGas",
                                                        "feeHistory",
                                                        "gasPrice",
                                                        "getBalance",
                                                        "getBlockByHash",
                                                        "getBlockByNumber",
                                                        "getBlockReceipts",
                                                        "getCode",
                                                        "getFilterChanges",
                                                        "getLogs",
                                                        "getStorageAt",
                                                        "getTransactionByHash",
                                                        "getTransactionCount",
                                                        "getTransactionReceipt",
                                                        "maxPriorityFeePerGas",
                                                        "newBlockFilter",
                                                        "sendRawTransaction",
                                                        "subscribe",
                                                        "syncing"};
constexpr std::array<std::string_view, 10> kEthereumOthers = {
    "net_version",   "net_peerCount",  "net_listening",          "web3_clientVersion",         "web3_sha3",
    "txpool_status", "txpool_content", "debug_traceTransaction", "engine_forkchoiceUpdatedV3", "eth_subscription"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_ethereum(std::string_view method) {
  return method.starts_with("eth_") ? is_one_of(method.substr(4), kEthereum) || method == "eth_subscription"
                                    : is_one_of(method, kEthereumOthers);
}

bool is_electrum(std::string_view method) {
  return is_one_of(method, kElectrum) || std::ranges::any_of(kElectrumGroups, [&](std::string_view group) {
           return method.size() > group.size() && method.starts_with(group);
         });
}

// Parameters are an array, named, or left out.
bool takes_params(const Json& json) {
  const Json& params = json["params"];
  return params.is_null() || params.is_array() || params.is_object();
}

// monero-wallet-rpc: names of its own, or common ones with its members.
bool is_monero_wallet(std::string_view method, const Json& params, std::string_view path) {
  if (path != "/json_rpc") return false;
  if (is_one_of(method, kMoneroWallet)) return true;
  if (method == "get_balance" || method == "getbalance" || method == "get_address")
    return params["account_index"].is_number();
  const Json::Array& destinations = params["destinations"].items();
  return method == "transfer" && !destinations.empty() && destinations.front()["amount"].is_number() &&
         destinations.front()["address"].is_string();
}

enum Kind : int { other, small_talk, known };

class NodeRpc final : public Dialect {
 public:
  NodeRpc() { facts_.dialect = "node_rpc"; }

  Fit see(const Message& message) override {
    const Json empty;
    const Json& json = message.json != nullptr ? *message.json : empty;
    const std::string_view path = message.http != nullptr ? talk::path_of(message.http->target) : std::string_view();
    const Fit fit = message.side == Side::client ? ask(json, path) : answer(json, message.http != nullptr);
    if (fit == Fit::fits) talk::note_exchange(facts_, message);
    return talk::count(facts_, message.side, fit);
  }

 private:
  Fit ask(const Json& json, std::string_view path) {
    if (talk::is_small_talk(json["method"].string_or(""))) {
      pending_.note(json["id"], small_talk);
      return Fit::neutral;
    }
    const Role role = role_of(json, path);
    pending_.note(json["id"], role == Role::none ? other : known);
    return note(role);
  }

  Role role_of(const Json& json, std::string_view path) {
    const std::string_view method = json["method"].string_or("");
    if (method.empty()) return is_one_of(path, kMoneroPaths) ? named("monero", Role::node) : Role::none;
    if (!takes_params(json)) return Role::none;
    if (is_electrum(method)) return electrum();
    if (is_ethereum(method)) return named("", Role::node);
    if (is_one_of(method, kMoneroNode)) return named("monero", Role::node);
    if (is_monero_wallet(method, json["params"], path)) return named("monero", Role::wallet);
    return is_one_of(method, kBitcoin) ? named("", Role::node) : Role::none;
  }

  Role named(std::string_view coin, Role role) {
    talk::set_once(facts_.coin, coin);
    return role;
  }

  Role electrum() {
    facts_.dialect = "electrum";
    return Role::wallet;
  }

  // Whoever asks a wallet's questions once is a wallet.
  Fit note(Role role) {
    if (role == Role::none) return Fit::none;
    if (facts_.role != Role::wallet) facts_.role = role;
    facts_.client_greeted = true;
    return Fit::fits;
  }

  Fit answer(const Json& json, bool in_order) {
    const std::string_view method = json["method"].string_or("");
    if (!method.empty()) return push(method, json);
    const int kind = pending_.take(json["id"], in_order).value_or(other);
    if (kind != known) return kind == other ? Fit::none : Fit::neutral;
    facts_.server_agreed = true;
    return talk::has(json, "result") || talk::has(json, "error") ? Fit::fits : Fit::neutral;
  }

  // What the server says unasked: news of blocks, addresses, subscriptions.
  Fit push(std::string_view method, const Json& json) {
    const bool electrum_news = method == "blockchain.headers.subscribe" || method == "blockchain.scripthash.subscribe";
    if (electrum_news && json["params"].is_array()) return note(electrum());
    const bool ethereum_news = method == "eth_subscription" && talk::is_text(json["params"]["subscription"]);
    return ethereum_news ? note(Role::node) : Fit::none;
  }

  talk::PendingRequests pending_;
};

}  // namespace

std::unique_ptr<Dialect> create_node_rpc_dialect() { return std::make_unique<NodeRpc>(); }

}  // namespace davy::mining
