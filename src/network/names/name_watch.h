// Who asked for which name that intelligence lists, and which addresses those names have: from DNS over UDP and TCP,
// and from encrypted resolvers (DoH, DoT), which hide what is asked.
//
// Deterministic; not thread-safe. `knowledge` and `sink` must outlive it. Memory: kAddressNamesMax addresses and
// kAskedMax pairs of a client and a name, forgotten a day or two after they were last seen.
//
//   NameWatch watch(knowledge, sink);
//   watch.see_dns(flow.client(), Side::client, message, packet.at);
//   if (const std::string* name = watch.name_of(flow.server())) report(*name);
#pragma once

#include "intel/knowledge.h"
#include "mining/dialect.h"
#include "model/observation.h"
#include "network/address.h"
#include "network/names/dns.h"
#include "network/recent.h"

namespace davy::network {

inline constexpr std::size_t kAddressNamesMax = 8'192;
inline constexpr std::size_t kAskedMax = 65'536;
inline constexpr Nanoseconds kNamesSpan = std::chrono::hours(24);

class NameWatch {
 public:
  NameWatch(const intel::Knowledge& knowledge, model::ObservationSink& sink) : knowledge_(&knowledge), sink_(&sink) {}

  bool is_listed(const std::string& name, std::uint16_t port) const {
    return knowledge_->find_pool(name, port).has_value();
  }

  bool is_listed(const Address& address, std::uint16_t port) const { return knowledge_->lists(address.bytes, port); }

  void see_dns(const Address& client, mining::Side side, const DnsMessage& message, Timestamp at);
  // A connection to a server that may be an encrypted resolver, by its name or address.
  void see_resolver(const Address& client, const std::string& server, std::uint16_t port, Timestamp at);
  void see_resolver(const Address& client, const Address& server, std::uint16_t port, Timestamp at);

  // The listed name that an answer gave for an address; null when there was none.
  const std::string* name_of(const Address& address) const { return names_.find(address); }

 private:
  const std::string* listed_in(const DnsMessage& message) const;
  void note(const Address& client, const std::string& name, const char* source, Timestamp at);

  const intel::Knowledge* knowledge_;
  model::ObservationSink* sink_;
  Recent<Address, std::string> names_{kAddressNamesMax, kNamesSpan};
  Recent<std::pair<Address, std::string>, bool> asked_{kAskedMax, kNamesSpan};  // said once
};

}  // namespace davy::network
