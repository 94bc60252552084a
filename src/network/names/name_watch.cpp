#include "network/names/name_watch.h"

#include "network/unwrap/text.h"

namespace davy::network {
namespace {

constexpr std::uint16_t kDnsOverTlsPort = 853;

}  // namespace

void NameWatch::note(const Address& client, const std::string& name, const char* source, Timestamp at) {
  const std::pair key(client, name);
  if (asked_.find(key) != nullptr) return;
  asked_.put(key, true, at);
  sink_->accept({at, model::NameSeen{.client = to_text(client), .name = name, .source = source}});
}

// The name that was asked for, or one that it is an alias of.
const std::string* NameWatch::listed_in(const DnsMessage& message) const {
  for (const DnsQuestion& question : message.questions)
    if (is_listed(question.name, 0)) return &question.name;
  for (const DnsRecord& answer : message.answers)
    if (answer.type == dns::kCname && is_listed(answer.value, 0)) return &answer.value;
  return nullptr;
}

void NameWatch::see_dns(const Address& client, mining::Side side, const DnsMessage& message, Timestamp at) {
  const std::string* name = listed_in(message);
  if (name == nullptr) return;
  if (side == mining::Side::client || !message.answers.empty()) note(client, *name, "dns", at);
  const auto keep = [&](const std::string& value) {
    if (const auto address = parse_address(value)) names_.put(*address, *name, at);
  };
  for (const DnsRecord& answer : message.answers) {
    keep(answer.value);
    for (const std::string& hint : answer.addresses) keep(hint);
  }
}

void NameWatch::see_resolver(const Address& client, const std::string& server, std::uint16_t port, Timestamp at) {
  if (port == kDnsOverTlsPort) return note(client, server, "dot", at);
  if (knowledge_->is_resolver(server)) note(client, server, "doh", at);
}

void NameWatch::see_resolver(const Address& client, const Address& server, std::uint16_t port, Timestamp at) {
  if (port == kDnsOverTlsPort || knowledge_->is_resolver(server.bytes)) see_resolver(client, to_text(server), port, at);
}

}  // namespace davy::network
