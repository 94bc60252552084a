#include "cli/capture_limits.h"

#include <sys/random.h>
#include <unistd.h>

#include <charconv>

#include "base/file.h"
#include "network/behaviour/policy.h"

namespace davy::cli {
namespace {

constexpr std::uint64_t kBytesPerFlow = 200;  // with its place in the index

}  // namespace

std::uint64_t random_seed() {
  std::uint64_t out = 0;
  if (::getrandom(&out, sizeof out, GRND_NONBLOCK) != sizeof out) out = static_cast<std::uint64_t>(::getpid());
  return out;
}

Result<model::PolicySeen> policy_of(const ParsedArguments& given, const Settings& settings) {
  const auto named = given.value("policy");
  const std::string path(named.value_or(settings.text("network.policy")));
  const auto bytes = read_file(path, kConfigBytesMax);
  if (bytes) return network::behaviour::parse_policy(as_text(*bytes), path);
  const bool wanted = named || settings.origin("network.policy") != "default";
  if (!wanted && bytes.error().code == ErrorCode::not_found) return model::PolicySeen{};
  return tl::unexpected(bytes.error());
}

Result<network::TrafficLimits> traffic_limits_of(const ParsedArguments& given, const model::PolicySeen& policy) {
  network::TrafficLimits out;
  out.behaviour = {network::behaviour::declared_networks(policy), !policy.zones.empty()};
  const auto words = given.value("memory");
  if (!words) return out;
  std::uint64_t megabytes = 0;
  const auto [end, error] = std::from_chars(words->data(), words->data() + words->size(), megabytes);
  if (error != std::errc() || end != words->data() + words->size() || megabytes < 1 || megabytes > 65'536)
    return fail(ErrorCode::invalid_argument, "a number of megabytes from 1 to 65536 is needed", "--memory");
  out.flows.flows_max = (megabytes << 20) / kBytesPerFlow;
  return out;
}

}  // namespace davy::cli
