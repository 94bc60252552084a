#include "host/linux/socket_walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<davy::model::SocketSeen> out;
  davy::host::parse_inet_diag({data, size}, out);
  (void)davy::host::parse_hosts({reinterpret_cast<const char*>(data), size});
  return 0;
}
