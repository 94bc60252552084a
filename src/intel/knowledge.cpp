#include "intel/knowledge.h"

#include <algorithm>

#include "base/hash.h"
#include "intel/address.h"

namespace davy::intel {
namespace {

tl::unexpected<Error> bad(std::string why, std::string_view where) {
  return fail(ErrorCode::malformed, "intel: " + std::move(why), printable(where));
}

tl::unexpected<Error> too_many(std::string what, std::string_view where) {
  return fail(ErrorCode::limit_exceeded, "intel: too many " + std::move(what), printable(where));
}

Result<std::uint16_t> read_port(const Json& json, std::string_view where) {
  const std::int64_t port = json.int_or(0);
  if (port < 1 || port > 65535) return bad("not a port", where);
  return static_cast<std::uint16_t>(port);
}

Result<std::vector<std::uint16_t>> read_ports(const Json& list, std::string_view where) {
  if (list.items().size() > kPortsPerEntryMax) return too_many("ports in one entry", where);
  std::vector<std::uint16_t> out;
  for (const Json& item : list.items()) out.push_back(TRY(read_port(item, where)));
  return out;
}

Result<std::vector<std::string>> read_sources(const Json& list, const std::string& author, std::string_view where) {
  if (list.items().size() > kSourcesPerEntryMax) return too_many("sources of one entry", where);
  std::vector<std::string> out;
  for (const Json& item : list.items()) out.emplace_back(item.string_or(""));
  if (std::ranges::find(out, "") != out.end()) return bad("a source without a name", where);
  if (!author.empty()) out.push_back(author);
  if (out.empty()) return bad("an entry without a source", where);
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether a listed name of `length` letters may end there: "xmrig" in "xmrig-6.22" and "xmrig6", not in "xmrigger".
bool ends_a_name(std::string_view program, std::size_t length) {
  const char next = program[length];
  if (is_digit(next)) return !is_digit(program[length - 1]);
  return next == '-' || next == '_' || next == '.';
}

std::string digest_of(const std::map<std::string, Json, std::less<>>& parts) {
  Sha256 out;
  for (const auto& [name, part] : parts) {
    out.update(as_bytes(name));
    out.update(as_bytes(part.dump()));
  }
  return to_hex(out.finish());
}

Result<std::map<std::string, Json, std::less<>>> parse_parts(const PackParts& texts) {
  std::map<std::string, Json, std::less<>> out;
  for (const auto& [name, content] : texts) {
    auto json = Json::parse(content);
    if (!json) return bad("a part is not JSON: " + json.error().message, name);
    out.emplace(name, std::move(*json));
  }
  return out;
}

// What stands for the longest beginning of the text.
std::optional<std::string> with_beginning_in(const std::map<std::string, std::string, std::less<>>& beginnings,
                                             std::string_view text) {
  for (std::size_t length = text.size(); length > 0; --length)
    if (const auto at = beginnings.find(text.substr(0, length)); at != beginnings.end()) return at->second;
  return std::nullopt;
}

}  // namespace

Result<Knowledge> Knowledge::load(ByteView bytes, const TrustStore& trust, Timestamp now) {
  Pack pack = TRY(read_pack(bytes, trust, now));
  if (pack.header.kind != PackKind::base) return bad("an extra pack cannot stand alone", pack.header.author);
  Knowledge out;
  out.parts_ = TRY(parse_parts(pack.parts));
  out.version_ = std::move(pack.header.version);
  out.created_ = pack.header.created;
  out.serial_ = pack.header.serial;
  out.trust_ = std::move(pack.trust);
  out.digest_ = std::move(pack.digest);
  TRY(out.index());
  return out;
}

Result<Knowledge> Knowledge::from_parts(std::map<std::string, Json> parts, std::string version) {
  Knowledge out;
  for (auto& [name, part] : parts) out.parts_.emplace(name, std::move(part));
  out.version_ = std::move(version);
  out.trust_ = "test";
  out.digest_ = digest_of(out.parts_);
  TRY(out.index());
  return out;
}

Status Knowledge::add_extra(ByteView bytes, const TrustStore& trust, Timestamp now) {
  const Pack pack = TRY(read_pack(bytes, trust, now));
  if (pack.header.kind != PackKind::extra) return bad("a base pack cannot be an extra one", pack.header.version);
  if (extras_.size() >= kExtraPacksMax) return too_many("extra packs", pack.header.author);
  for (const auto& [name, content] : pack.parts)
    if (name != "pools" && name != "coin_sites") return bad("an extra pack may only add names", name);
  const auto parts = TRY(parse_parts(pack.parts));
  Knowledge grown = *this;  // a refused pack leaves nothing behind
  for (const auto& [name, part] : parts)
    TRY(grown.index_names(part, name == "pools" ? "pool" : "coin_site", pack.header.author));
  grown.extras_.push_back({pack.header.author, pack.header.version, pack.trust,
                           grown.counts_.pools + grown.counts_.coin_sites - counts_.pools - counts_.coin_sites});
  grown.digest_ = to_hex(sha256(as_bytes(digest_ + pack.digest)));
  *this = std::move(grown);
  return {};
}

Status Knowledge::index() {
  TRY(index_names(part("pools"), "pool", ""));
  TRY(index_names(part("coin_sites"), "coin_site", ""));
  TRY(index_ports(part("ports")));
  TRY(index_families(part("families")));
  TRY(index_resolvers(part("resolvers")));
  TRY(index_miner_makers(part("miner_makers")));
  efficiencies_ = TRY(Efficiencies::parse(part("efficiency")));
  counts_.evidence_kinds = part("evidence")["kinds"].items().size();
  return {};
}

Status Knowledge::index_names(const Json& part, const std::string& entry_class, const std::string& author) {
  const Json::Array& lines = part["entries"].items();
  if (counts_.pools + counts_.coin_sites + lines.size() > kEntriesMax) return too_many("names", entry_class);
  for (const Json& line : lines) TRY(index_name(line, entry_class, author));
  (entry_class == "pool" ? counts_.pools : counts_.coin_sites) += lines.size();
  return {};
}

Status Knowledge::index_name(const Json& line, const std::string& entry_class, const std::string& author) {
  Entry entry;
  entry.match.entry = line["host"].string_or("");
  entry.match.entry_class = entry_class;
  TRY(check_host(entry.match.entry));
  entry.match.sources = TRY(read_sources(line["sources"], author, entry.match.entry));
  entry.ports = TRY(read_ports(line["ports"], entry.match.entry));
  if (parse_address(entry.match.entry) && entry.ports.empty())
    return bad("an address without a port", entry.match.entry);
  place_name(std::move(entry), line["bare"].bool_or(false));
  return {};
}

void Knowledge::place_name(Entry entry, bool bare) {
  const auto number = static_cast<std::uint32_t>(entries_.size());
  const std::string host = entry.match.entry;
  if (const auto address = parse_address(host)) {
    addresses_.emplace(*address, number);
  } else if (bare && entry.ports.empty()) {
    ++counts_.dormant;
    return;
  } else if (bare) {
    names_with_port_.add(host, number, match::NameSet::Reach::exact);
  } else {
    entry.ports.clear();
    names_.add(host, number);
  }
  entries_.push_back(std::move(entry));
}

Status Knowledge::index_ports(const Json& part) {
  const auto add = [&](const Json& family, std::uint16_t port) {
    ports_.try_emplace(
        port, PortMatch{port, std::string(family["family"].string_or("")), std::string(family["note"].string_or("")),
                        std::string(family["source"].string_or(""))});
  };
  if (part["families"].items().size() > kFamiliesMax) return too_many("families", "ports");
  for (const Json& family : part["families"].items()) {
    const std::string_view name = family["family"].string_or("");
    if (name.empty() || family["source"].string_or("").empty())
      return bad("a family of ports lacks name or source", name);
    for (const std::uint16_t port : TRY(read_ports(family["ports"], name))) add(family, port);
    for (const Json& range : family["ranges"].items()) {
      const auto ends = TRY(read_ports(range, name));
      if (ends.size() != 2 || ends[0] > ends[1]) return bad("not a range of ports", name);
      for (std::uint32_t port = ends[0]; port <= ends[1]; ++port) add(family, static_cast<std::uint16_t>(port));
    }
  }
  counts_.ports = ports_.size();
  return {};
}

Status Knowledge::index_families(const Json& part) {
  if (part["families"].items().size() > kFamiliesMax) return too_many("families", "families");
  for (const Json& line : part["families"].items()) {
    const std::string family(line["family"].string_or(""));
    const std::string source(line["source"].string_or(""));
    if (family.empty() || source.empty()) return bad("a family lacks name or source", family);
    if (line["names"].items().size() > kNamesPerFamilyMax) return too_many("names of one family", family);
    for (const Json& item : line["names"].items()) {
      const std::string name = lower_case(item.string_or(""));
      if (name.empty() || name.size() > kProgramNameBytesMax) return bad("not a program name", family);
      if (!families_.try_emplace(name, FamilyMatch{family, name, source}).second)
        return bad("a program name stands twice", name);
    }
  }
  counts_.program_names = families_.size();
  return {};
}

Status Knowledge::index_resolvers(const Json& part) {
  for (const Json& line : part["resolvers"].items()) {
    const std::string owner(line["operator"].string_or(""));
    if (owner.empty() || line["source"].string_or("").empty()) return bad("a resolver lacks operator or source", owner);
    for (const Json& name : line["names"].items()) {
      TRY(check_host(name.string_or("")));
      resolver_names_.add(name.string_or(""), 0);
    }
    for (const Json& text : line["addresses"].items()) {
      const auto address = parse_address(text.string_or(""));
      if (!address || !is_public(*address)) return bad("not a public address", owner);
      resolver_addresses_.insert(*address);
    }
    if (resolver_names_.size() + resolver_addresses_.size() > kResolversMax) return too_many("resolvers", owner);
  }
  return {};
}

Status Knowledge::index_miner_makers(const Json& part) {
  for (const Json& line : part["makers"].items()) {
    const std::string maker(line["maker"].string_or(""));
    if (maker.empty() || line["source"].string_or("").empty()) return bad("a maker lacks name or source", maker);
    for (const Json& mac : line["macs"].items()) miner_macs_.emplace(lower_case(mac.string_or("")), maker);
    for (const Json& name : line["names"].items()) miner_names_.emplace(lower_case(name.string_or("")), maker);
    if (miner_macs_.contains("") || miner_names_.contains("")) return bad("an empty beginning fits everything", maker);
    if (miner_macs_.size() + miner_names_.size() > kMinerMakersMax) return too_many("makers", maker);
  }
  return {};
}

const Knowledge::Entry* Knowledge::entry_at(const match::NameSet& set, std::string_view host) const {
  const auto number = set.find(host);
  return number ? &entries_[*number] : nullptr;
}

std::optional<NameMatch> Knowledge::find_name(std::string_view host, std::uint16_t port) const {
  const auto listed = [&](const Entry& entry) { return std::ranges::find(entry.ports, port) != entry.ports.end(); };
  if (const auto address = parse_address(host)) {
    const auto at = addresses_.find(*address);
    if (at == addresses_.end() || !listed(entries_[at->second])) return std::nullopt;
    return entries_[at->second].match;
  }
  const Entry* entry = entry_at(names_with_port_, host);
  if (entry == nullptr || !listed(*entry)) entry = entry_at(names_, host);
  return entry == nullptr ? std::nullopt : std::optional(entry->match);
}

std::optional<NameMatch> Knowledge::find_pool(std::string_view host, std::uint16_t port) const {
  auto match = find_name(host, port);
  return match && match->is_pool() ? match : std::nullopt;
}

bool Knowledge::lists(const Address& address, std::uint16_t port) const {
  const auto at = addresses_.find(address);
  return at != addresses_.end() &&
         std::ranges::find(entries_[at->second].ports, port) != entries_[at->second].ports.end();
}

bool Knowledge::is_resolver(std::string_view host) const {
  if (const auto address = parse_address(host)) return is_resolver(*address);
  return resolver_names_.find(host).has_value();
}

std::optional<std::string> Knowledge::find_miner_maker(std::string_view mac) const {
  return with_beginning_in(miner_macs_, lower_case(mac));
}

std::optional<std::string> Knowledge::find_miner_name(std::string_view name) const {
  return with_beginning_in(miner_names_, lower_case(name));
}

std::optional<PortMatch> Knowledge::find_port(std::uint16_t port) const {
  const auto at = ports_.find(port);
  return at == ports_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<FamilyMatch> Knowledge::find_family(std::string_view program_name) const {
  if (program_name.size() > kProgramNameBytesMax) return std::nullopt;
  const std::string program = lower_case(program_name);
  for (std::size_t length = program.size(); length > 0; --length) {
    if (length < program.size() && !ends_a_name(program, length)) continue;
    const auto at = families_.find(std::string_view(program).substr(0, length));
    if (at != families_.end()) return at->second;
  }
  return std::nullopt;
}

const Json& Knowledge::part(std::string_view name) const {
  static const Json nothing;
  const auto at = parts_.find(name);
  return at == parts_.end() ? nothing : at->second;
}

}  // namespace davy::intel
