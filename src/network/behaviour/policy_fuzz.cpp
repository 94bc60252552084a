// A policy of the network from hostile text.
#include "network/behaviour/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace davy::network::behaviour;
  if (const auto policy = parse_policy(davy::as_text(davy::ByteView(data, size)), "fuzz")) {
    const Declared declared(*policy);
    declared.zone_of(davy::network::Address{}, 7);
    declared.device("02:00:00:00:00:01", "10.0.0.1", davy::Timestamp{1});
    declared.may_talk("a", "b", 443);
  }
  return 0;
}
