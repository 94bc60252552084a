// What is known about miners, as loaded from a signed pack: pool and coin-site names, ports, program names, and the
// parts that other rooms read themselves ("proof_constants", "evidence").
//
// Parts and their form (each may be missing):
//   pools, coin_sites  {"entries":[{"host","ports":[n],"coins":[..],"tls":b,"bare":b,"sources":[..]}]}
//   ports              {"families":[{"family","note","source","ports":[n],"ranges":[[first,last]]}]}
//   families           {"families":[{"family","source","names":[..]}]}
//   efficiency         see efficiency.h
//   pool_errors        see network/probe/probe_answer.h
//   miner_makers       {"makers":[{"maker","source","macs":[..],"names":[..]}]}
//   resolvers          {"resolvers":[{"operator","source","names":[..],"addresses":[..]}]}
//
// How an entry matches: a host name matches itself and every name below it, at any port. An entry marked `bare` is a
// registered domain: a site may stand there, or thousands of customers below it, so the domain alone never matches;
// with `ports` it matches that very host at one of these ports. An address matches itself at one of its ports, which it
// must name. Loopback, private and reserved addresses and names are refused (address.h).
//
// Immutable after loading and then safe to share between threads; add_extra() belongs to the loading thread. Movable.
// Limits: kEntriesMax and the others below. Errors: those of read_pack, and malformed or limit_exceeded, naming the
// entry; nothing is kept of a pack that is refused.
//
//   const Knowledge known = TRY(Knowledge::load(bytes, trust, clock.now()));
//   if (const auto pool = known.find_name("eu.pool.example.org", 3333)) report(pool->entry, pool->sources);
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "intel/address.h"
#include "intel/efficiency.h"
#include "intel/pack.h"
#include "match/name_set.h"

namespace davy::intel {

inline constexpr std::size_t kEntriesMax = 200'000;
inline constexpr std::size_t kPortsPerEntryMax = 256;
inline constexpr std::size_t kSourcesPerEntryMax = 32;
inline constexpr std::size_t kFamiliesMax = 10'000;
inline constexpr std::size_t kNamesPerFamilyMax = 100;
inline constexpr std::size_t kProgramNameBytesMax = 255;
inline constexpr std::size_t kResolversMax = 10'000;    // names and addresses
inline constexpr std::size_t kMinerMakersMax = 10'000;  // hardware addresses and names
inline constexpr std::size_t kExtraPacksMax = 32;

struct NameMatch {
  std::string entry;
  std::string entry_class;  // "pool" or "coin_site"
  std::vector<std::string> sources;

  bool is_pool() const { return entry_class == "pool"; }
};

struct PortMatch {
  std::uint16_t port = 0;
  std::string family;
  std::string note;
  std::string source;
};

struct FamilyMatch {
  std::string family;
  std::string name;  // the listed program name that fitted
  std::string source;
};

struct ExtraPack {
  std::string author;
  std::string version;
  std::string trust;
  std::size_t entries = 0;
};

// For summaries.
struct Counts {
  std::size_t pools = 0;
  std::size_t coin_sites = 0;
  std::size_t dormant = 0;  // of both: bare domains without a port, which never match
  std::size_t ports = 0;
  std::size_t program_names = 0;
  std::size_t evidence_kinds = 0;
};

class Knowledge {
 public:
  static Result<Knowledge> load(ByteView pack, const TrustStore& trust, Timestamp now);

  // Unsigned, for tests: trust() is "test".
  static Result<Knowledge> from_parts(std::map<std::string, Json> parts, std::string version);

  // Adds the names of an extra pack; anything else in it is refused. The author is named in every match's sources.
  Status add_extra(ByteView pack, const TrustStore& trust, Timestamp now);

  // `host` is a name or an address; port 0 is an unknown port.
  std::optional<NameMatch> find_name(std::string_view host, std::uint16_t port) const;
  // The same, when what is listed is a pool.
  std::optional<NameMatch> find_pool(std::string_view host, std::uint16_t port) const;
  // Whether that address is listed at that port, as a pool or as something else: quick, for each connection.
  bool lists(const Address& address, std::uint16_t port) const;
  std::optional<PortMatch> find_port(std::uint16_t port) const;
  // The base name of a program, without case: a listed name, or one followed by '-', '_', '.' or a number.
  std::optional<FamilyMatch> find_family(std::string_view program_name) const;

  // A public resolver that answers over HTTPS or TLS, by name or address.
  bool is_resolver(std::string_view host) const;
  bool is_resolver(const Address& address) const { return resolver_addresses_.contains(address); }
  // The maker of mining machines whose hardware address ("e0:a5:09:..."), or whose machines' name, this is.
  std::optional<std::string> find_miner_maker(std::string_view mac) const;
  std::optional<std::string> find_miner_name(std::string_view name) const;
  const Efficiencies& efficiencies() const { return efficiencies_; }

  // A part as it stood in the base pack; null when it has none of that name.
  const Json& part(std::string_view name) const;

  const std::string& version() const { return version_; }
  // Hexadecimal SHA-256 of the base pack; each extra pack replaces it by the SHA-256 of it and its own digest.
  const std::string& digest() const { return digest_; }
  const std::string& trust() const { return trust_; }  // "release", "development", "test"
  Timestamp created() const { return created_; }
  std::uint64_t serial() const { return serial_; }
  const Counts& counts() const { return counts_; }
  const std::vector<ExtraPack>& extras() const { return extras_; }

 private:
  struct Entry {
    NameMatch match;
    std::vector<std::uint16_t> ports;  // empty: any
  };

  Status index();
  Status index_names(const Json& part, const std::string& entry_class, const std::string& author);
  Status index_name(const Json& line, const std::string& entry_class, const std::string& author);
  void place_name(Entry entry, bool bare);
  Status index_ports(const Json& part);
  Status index_families(const Json& part);
  Status index_resolvers(const Json& part);
  Status index_miner_makers(const Json& part);
  const Entry* entry_at(const match::NameSet& set, std::string_view host) const;

  std::map<std::string, Json, std::less<>> parts_;
  std::vector<Entry> entries_;
  match::NameSet names_;            // with the names below them, at any port
  match::NameSet names_with_port_;  // bare domains
  std::unordered_map<Address, std::uint32_t, HashOfAddress> addresses_;
  std::unordered_map<std::uint16_t, PortMatch> ports_;
  std::map<std::string, FamilyMatch, std::less<>> families_;
  Efficiencies efficiencies_;
  std::map<std::string, std::string, std::less<>> miner_macs_, miner_names_;  // beginnings, with the maker
  match::NameSet resolver_names_;
  std::set<Address> resolver_addresses_;
  std::string version_;
  std::string digest_;
  std::string trust_;
  Timestamp created_;
  std::uint64_t serial_ = 0;
  Counts counts_;
  std::vector<ExtraPack> extras_;
};

}  // namespace davy::intel
