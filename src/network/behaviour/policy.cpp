#include "network/behaviour/policy.h"

#include <algorithm>

#include "base/arguments.h"
#include "base/toml.h"

namespace davy::network::behaviour {
namespace {

constexpr std::uint64_t kVlanMax = 4'094;

// One table of the file, with its place for messages.
class Table {
 public:
  Table(const Json& json, std::string place) : json_(json), place_(std::move(place)) {}

  tl::unexpected<Error> wrong(const std::string& why) const { return fail(ErrorCode::invalid_argument, why, place_); }

  Status has_only(std::initializer_list<const char*> names) const {
    if (!json_.is_object()) return wrong("must be a table");
    const std::vector<std::string> known(names.begin(), names.end());
    for (const auto& [name, value] : json_.members()) {
      if (std::ranges::find(known, name) != known.end()) continue;
      const auto near = nearest_word(name, known);
      return wrong("unknown key '" + std::string(name) + "'" + (near ? ", did you mean " + *near : ""));
    }
    return {};
  }

  Result<std::string> text(const char* name, bool needed = true) const {
    const Json& value = json_[name];
    if (value.is_null() && !needed) return std::string();
    if (!value.is_string() || (needed && value.string_or("").empty()))
      return wrong(std::string(name) + " must be a text");
    return std::string(value.string_or(""));
  }

  Result<std::vector<std::string>> networks(const char* name, bool needed) const {
    std::vector<std::string> out;
    const Json& list = json_[name];
    if (!list.is_null() && !list.is_array()) return wrong(std::string(name) + " must be a list");
    for (const Json& item : list.items()) {
      if (!parse_network_range(item.string_or("")))
        return wrong("'" + std::string(item.string_or("?")) + "' is no address and no network such as 10.1.0.0/16");
      out.emplace_back(item.string_or(""));
    }
    if (needed && out.empty()) return wrong(std::string(name) + " is missing");
    return out;
  }

  Result<std::vector<std::uint16_t>> numbers(const char* name, std::uint64_t most) const {
    std::vector<std::uint16_t> out;
    const Json& list = json_[name];
    if (!list.is_null() && !list.is_array()) return wrong(std::string(name) + " must be a list");
    for (const Json& item : list.items()) {
      const std::uint64_t number = item.uint_or(0);
      if (number == 0 || number > most) return wrong(std::string(name) + " holds something that is none");
      out.push_back(static_cast<std::uint16_t>(number));
    }
    return out;
  }

  Result<std::string> mac() const {
    std::string out = TRY(text("mac"));
    std::ranges::transform(out, out.begin(), [](char c) {
      return c == '-' ? ':' : c >= 'A' && c <= 'F' ? char(c + 32) : c;
    });
    const auto fits = [&](std::size_t i) {
      return i % 3 == 2 ? out[i] == ':' : std::string_view("0123456789abcdef").find(out[i]) != std::string_view::npos;
    };
    bool good = out.size() == 17;
    for (std::size_t i = 0; good && i < out.size(); ++i) good = fits(i);
    return good ? Result<std::string>(out) : wrong("mac must be six pairs of digits, 02:00:00:00:00:01");
  }

 private:
  const Json& json_;
  std::string place_;
};

Status take_zone(const Table& table, model::PolicySeen& out) {
  TRY(table.has_only({"name", "networks", "vlans"}));
  model::ZoneDeclared zone;
  zone.name = TRY(table.text("name"));
  zone.networks = TRY(table.networks("networks", false));
  zone.vlans = TRY(table.numbers("vlans", kVlanMax));
  if (zone.networks.empty() && zone.vlans.empty()) return table.wrong("a zone needs networks or vlans");
  out.zones.push_back(std::move(zone));
  return {};
}

Status take_allowance(const Table& table, model::PolicySeen& out) {
  TRY(table.has_only({"from", "to", "ports"}));
  model::AllowanceDeclared allowance;
  allowance.from = TRY(table.text("from"));
  allowance.to = TRY(table.text("to"));
  allowance.ports = TRY(table.numbers("ports", 65'535));
  const auto declared = [&](const std::string& name) {
    return name == "*" || std::ranges::find(out.zones, name, &model::ZoneDeclared::name) != out.zones.end();
  };
  for (const std::string& name : {allowance.from, allowance.to})
    if (!declared(name)) return table.wrong("no zone is called '" + name + "'");
  out.allowances.push_back(std::move(allowance));
  return {};
}

Status take_device(const Table& table, model::PolicySeen& out) {
  TRY(table.has_only({"mac", "address", "owner", "note"}));
  model::DeviceDeclared device;
  device.mac = TRY(table.mac());
  device.address = TRY(table.text("address", false));
  device.owner = TRY(table.text("owner", false));
  if (!device.address.empty() && !parse_address(device.address)) return table.wrong("address is none");
  out.devices.push_back(std::move(device));
  return {};
}

Status take_visitor(const Table& table, model::PolicySeen& out) {
  TRY(table.has_only({"mac", "sponsor", "expires"}));
  model::DeviceDeclared device;
  device.mac = TRY(table.mac());
  device.owner = TRY(table.text("sponsor"));
  const auto expires = parse_rfc3339(TRY(table.text("expires")));
  if (!expires) return table.wrong("expires must be a time with its zone, 2026-12-01T18:00:00+08:00");
  device.expires_ns = expires->nanoseconds;
  out.devices.push_back(std::move(device));
  return {};
}

Status take_service(const Table& table, model::PolicySeen& out) {
  TRY(table.has_only({"networks", "note"}));
  model::ServiceDeclared service;
  service.networks = TRY(table.networks("networks", true));
  service.note = TRY(table.text("note", false));
  out.services.push_back(std::move(service));
  return {};
}

// Of the same family: a device has addresses of both.
bool is_another(const std::string& declared, const std::string& used) {
  const auto a = parse_address(declared), b = parse_address(used);
  return a && b && a->is_v4() == b->is_v4() && *a != *b;
}

using Take = Status (*)(const Table&, model::PolicySeen&);
constexpr std::pair<const char*, Take> kTables[] = {{"zone", take_zone},
                                                    {"allow", take_allowance},
                                                    {"device", take_device},
                                                    {"visitor", take_visitor},
                                                    {"service", take_service}};

Status take_tables(const Json& file, const std::string& source, model::PolicySeen& out) {
  for (const auto& [name, take] : kTables) {
    const Json& tables = file[name];
    if (!tables.is_null() && !tables.is_array())
      return fail(ErrorCode::invalid_argument, "write [[" + std::string(name) + "]], with two brackets", source);
    if (tables.items().size() > kDeclaredMax) return fail(ErrorCode::limit_exceeded, "too many tables", source);
    std::size_t number = 0;
    for (const Json& table : tables.items())
      TRY(take(Table(table, source + ": [[" + name + "]] number " + std::to_string(++number)), out));
  }
  return {};
}

}  // namespace

Result<model::PolicySeen> parse_policy(std::string_view toml, const std::string& source) {
  const Json file = TRY(parse_toml(toml, source));
  const Table whole(file, source);
  TRY(whole.has_only({"zone", "allow", "device", "visitor", "service", "devices"}));
  model::PolicySeen out;
  TRY(take_tables(file, source, out));
  const std::string devices = TRY(whole.text("devices", false));
  if (!devices.empty() && devices != "learn" && devices != "declared" && devices != "off")
    return whole.wrong("devices must be learn, declared or off");
  if (devices == "learn") out.learn_devices_ns = kLearnDevicesNs;
  if (devices == "off") out.devices.clear();
  return out;
}

std::vector<NetworkRange> declared_networks(const model::PolicySeen& policy) {
  std::vector<NetworkRange> out;
  for (const model::ZoneDeclared& zone : policy.zones)
    for (const std::string& text : zone.networks)
      if (const auto range = parse_network_range(text)) out.push_back(*range);
  return out;
}

Declared::Declared(const model::PolicySeen& policy) : policy_(policy) {
  for (const model::ZoneDeclared& zone : policy_.zones) {
    std::vector<NetworkRange> ranges;
    for (const std::string& text : zone.networks)
      if (const auto range = parse_network_range(text)) ranges.push_back(*range);
    zones_.emplace_back(std::move(ranges), &zone);
  }
  for (const model::ServiceDeclared& service : policy_.services)
    for (const std::string& text : service.networks)
      if (const auto range = parse_network_range(text)) services_.push_back(*range);
  for (const model::DeviceDeclared& device : policy_.devices) devices_.emplace(device.mac, &device);
}

// By address first: a router's VLAN says little of where a packet came from.
const model::ZoneDeclared* Declared::zone_of(const Address& address, std::uint16_t vlan) const {
  for (const auto& [ranges, zone] : zones_)
    if (any_contains(ranges, address)) return zone;
  for (const auto& [ranges, zone] : zones_)
    if (vlan != 0 && std::ranges::find(zone->vlans, vlan) != zone->vlans.end()) return zone;
  return nullptr;
}

bool Declared::may_talk(const std::string& from, const std::string& to, std::uint16_t port) const {
  if (from == to) return true;
  const auto names = [](const std::string& declared, const std::string& name) {
    return declared == "*" || declared == name;
  };
  return std::ranges::any_of(policy_.allowances, [&](const model::AllowanceDeclared& one) {
    return names(one.from, from) && names(one.to, to) &&
           (one.ports.empty() || std::ranges::find(one.ports, port) != one.ports.end());
  });
}

bool Declared::is_service(const Address& address) const { return any_contains(services_, address); }

Declared::Standing Declared::device(const std::string& mac, const std::string& address, Timestamp at) const {
  Standing out;
  const auto [from, to] = devices_.equal_range(mac);
  for (auto one = from; one != to; ++one) {
    out.owner = one->second->owner;
    if (one->second->expires_ns != 0 && one->second->expires_ns < at.nanoseconds) out.device = Device::expired;
    else if (is_another(one->second->address, address)) out.device = Device::wrong_address;
    else return {Device::known, out.owner};
  }
  return out;
}

}  // namespace davy::network::behaviour
