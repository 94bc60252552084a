#include "network/behaviour/device_detector.h"

#include <algorithm>

namespace davy::network::behaviour {
namespace {

model::DeviceSubject subject_of(const model::DeviceSeen& seen, std::string owner = "") {
  return {.address = seen.address, .mac = seen.mac, .vlan = seen.vlan, .name = seen.name, .owner = std::move(owner)};
}

Json detail_of(const model::DeviceSeen& seen) {
  Json out = Json::object();
  out.set("mac", seen.mac).set("address", seen.address).set("how", seen.how).set("name", seen.name);
  out.set("vlan", std::uint64_t{seen.vlan}).set("vendor", seen.vendor);
  return out;
}

// The second digit says that the number was made up by the device itself.
bool is_made_up(const std::string& mac) {
  return mac.size() > 1 && std::string_view("26ae").find(mac[1]) != std::string_view::npos;
}

const char* kind_of(Declared::Device device) {
  switch (device) {
    case Declared::Device::unknown: return "device.unknown";
    case Declared::Device::expired: return "device.expired";
    case Declared::Device::wrong_address: return "device.wrong_address";
    case Declared::Device::known: break;
  }
  return nullptr;
}

}  // namespace

bool DeviceDetector::is_learning(const Declared& declared, Timestamp at) {
  if (began_ns_ == 0) began_ns_ = at.nanoseconds;
  return at.nanoseconds - began_ns_ < declared.learn_devices_ns();
}

void DeviceDetector::judge_standing(const model::DeviceSeen& seen, const Declared& declared, Timestamp at,
                                    model::EvidenceSink& sink) {
  if (!declared.knows_devices()) return;
  const Declared::Standing standing = declared.device(seen.mac, seen.address, at);
  const bool learning = is_learning(declared, at);
  if (standing.device == Declared::Device::unknown && learning) learnt_.put(seen.mac, true, at);
  const char* kind = kind_of(standing.device);
  if (kind == nullptr || (standing.device == Declared::Device::unknown && learnt_.find(seen.mac) != nullptr)) return;
  const model::DeviceSubject device = subject_of(seen, standing.owner);
  Json detail = detail_of(seen);
  detail.set("owner", standing.owner).set("made_up", is_made_up(seen.mac));
  sink.add_about(device, {.kind = kind, .at = at, .detail = std::move(detail)});
}

void DeviceDetector::judge_maker(const model::DeviceSeen& seen, Timestamp at, model::EvidenceSink& sink) const {
  const auto add = [&](const char* kind, const std::string& maker) {
    Json detail = detail_of(seen);
    detail.set("maker", maker);
    sink.add_about(subject_of(seen), {.kind = kind, .at = at, .detail = std::move(detail)});
  };
  if (const auto maker = knowledge_->find_miner_maker(seen.mac)) add("device.miner_maker", *maker);
  if (const auto maker = knowledge_->find_miner_name(seen.name)) add("device.miner_name", *maker);
}

void DeviceDetector::see(const model::DeviceSeen& seen, const Declared& declared, Timestamp at,
                         model::EvidenceSink& sink) {
  by_address_.put(seen.address, subject_of(seen), at);
  judge_standing(seen, declared, at, sink);
  judge_maker(seen, at, sink);
}

// A program that mines has the same interface as a machine made for it.
void DeviceDetector::see(const model::MinerServiceSeen& seen, Timestamp at, model::EvidenceSink& sink) const {
  const model::DeviceSubject* known = by_address_.find(seen.flow.server);
  const model::DeviceSubject device = known != nullptr ? *known : model::DeviceSubject{.address = seen.flow.server};
  Json detail = Json::object();
  detail.set("product", seen.product).set("address", seen.flow.server);
  detail.set("port", std::uint64_t{seen.flow.server_port}).set("client", seen.flow.client);
  const char* kind = seen.kind == "api" ? "device.miner_api" : "device.miner_web";
  sink.add_about(device, {.kind = kind, .at = at, .detail = std::move(detail)});
}

void DeviceDetector::observe(const model::Observation& observation, const Declared& declared,
                             model::EvidenceSink& sink) {
  if (const auto* seen = std::get_if<model::DeviceSeen>(&observation.value)) see(*seen, declared, observation.at, sink);
  if (const auto* seen = std::get_if<model::MinerServiceSeen>(&observation.value)) see(*seen, observation.at, sink);
}

}  // namespace davy::network::behaviour
