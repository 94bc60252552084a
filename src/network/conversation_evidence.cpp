#include "network/conversation_evidence.h"

#include <algorithm>
#include <cmath>

#include "network/flow_subject.h"

namespace davy::network {
namespace {

constexpr double kDecibansPerBit = 3.0103;  // 10 log10 2
constexpr std::uint16_t kBorrowedPorts[] = {25, 53, 80, 110, 143, 443, 465, 587, 853, 993, 995};

// Over HTTP (then the server's name is known) port 80 is where it belongs.
bool borrows_port(const model::ConversationSeen& seen, const model::FlowSeen& flow) {
  const std::uint16_t port = seen.flow.server_port;
  if (seen.role != "pool" || std::ranges::find(kBorrowedPorts, port) == std::end(kBorrowedPorts)) return false;
  return port != 80 || flow.server_name.empty();
}

Json detail_of(const model::ConversationSeen& seen, const model::FlowSeen& flow) {
  Json out = Json::object();
  const Destination to = destination_of(flow);
  out.set("dialect", seen.dialect).set("coin", seen.coin).set("pool", to.host + ":" + std::to_string(to.port));
  out.set("role", seen.role).set("jobs", seen.jobs).set("agent", seen.agent);
  return out;
}

Json shares_of(const model::ConversationSeen& seen) {
  Json out = Json::object();
  out.set("valid", seen.shares_valid).set("sent", seen.shares_sent).set("accepted", seen.shares_accepted);
  out.set("bits", std::round(seen.share_bits * 10.0) / 10.0);
  out.set("how", seen.recomputed ? "recomputed" : "claimed").set("invalid", seen.shares_invalid);
  return out;
}

}  // namespace

bool is_mining(std::string_view role) { return role == "pool" || role == "solo" || role == "proxy"; }

void add_conversation_evidence(const model::ConversationSeen& seen, const model::FlowSeen& flow, Timestamp at,
                               model::EvidenceSink& sink) {
  const auto add = [&](const char* kind, Json detail) { sink.add(evidence(kind, seen.flow, at, std::move(detail))); };
  const bool answered = was_answered(flow);
  const bool both = seen.client_fits > 0 && seen.server_fits > 0 && seen.jobs > 0;
  add(answered && both ? "wire.conversation" : "wire.one_sided", detail_of(seen, flow));
  if (!answered) return;
  if (seen.shares_valid > 0) {
    model::Evidence share = evidence("wire.share", seen.flow, at, shares_of(seen));
    share.decibans = seen.share_bits * kDecibansPerBit;
    sink.add(std::move(share));
  }
  if (!seen.wallet.empty()) {
    Json detail = Json::object();
    detail.set("wallet", seen.wallet).set("coin", seen.wallet_coin);
    add("wire.wallet", std::move(detail));
  }
  if (borrows_port(seen, flow)) {
    Json detail = Json::object();
    detail.set("port", std::uint64_t{seen.flow.server_port});
    add("wire.borrowed_port", std::move(detail));
  }
  if (!flow.tunnel.empty()) {
    Json detail = Json::object();
    detail.set("tunnel", flow.tunnel).set("proxy", seen.flow.server);
    add("wire.tunnel", std::move(detail));
  }
}

}  // namespace davy::network
