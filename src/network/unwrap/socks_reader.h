// The handshake with a SOCKS proxy, versions 4, 4a and 5 (RFC 1928, RFC 1929), before whatever it carries.
//
// Each answer says by its first byte what it is, so that both sides are read on their own: a client that does not wait
// for answers and a capture of one side alone are read as well. Fails when a byte fits no handshake, or the proxy
// wants a method that wraps all that follows (GSSAPI). Limits: a handshake is at most 600 bytes a side.
#pragma once

#include <array>
#include <string>

#include "network/unwrap/reader.h"

namespace davy::network {

class SocksReader final : public Reader {
 public:
  SocksReader(Output& out, int version);
  std::size_t feed(const Piece& piece) override;
  void lost(mining::Side side, std::uint64_t bytes) override;
  bool open(mining::Side side) const override { return open_[index(side)]; }
  bool failed() const override { return failed_; }
  bool tentative() const override { return !open_[0] || !open_[1]; }

 private:
  // Bytes of the front message that belong together; 0 when it is not complete yet.
  std::size_t client_step(ByteView bytes);
  std::size_t server_step(ByteView bytes);
  std::size_t greeting(ByteView bytes);
  std::size_t request(ByteView bytes);
  std::size_t request4(ByteView bytes);
  std::size_t reply4(ByteView bytes);
  std::size_t reply(ByteView bytes);
  std::size_t fail();
  void announce(std::string_view kind, std::string_view host, std::uint16_t port);

  Output& out_;
  const int version_;
  bool greeted_ = false, chosen_ = false, failed_ = false;
  std::array<bool, 2> open_{};
  std::array<Bytes, 2> held_;
};

}  // namespace davy::network
