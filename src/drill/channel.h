// Bytes to and from the other side of an exercise, in clear or in TLS, on loopback only.
//
// TLS has a certificate that is made in memory for the occasion and checked by nobody. One Channel belongs to one
// thread. OpenSSL stays in channel_openssl.cpp. Errors: io, interrupted (the other side has gone).
//
//   const TlsMaker tls = TRY(TlsMaker::create(TlsVersion::v13, {}));
//   Channel channel = TRY(tls.accept(std::move(socket)));
//   TRY(channel.send(line));
//   if (const auto bytes = TRY(channel.receive(250))) use(*bytes);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace davy::drill {

enum class TlsVersion : std::uint8_t { none, v12, v13 };

class Channel {
 public:
  // In clear.
  explicit Channel(UniqueFd socket);
  Channel(Channel&&) noexcept;
  Channel& operator=(Channel&&) noexcept;
  ~Channel();

  Status send(std::string_view bytes);
  // What has come within `wait_ms`; an empty text when nothing has.
  Result<std::string> receive(int wait_ms);

 private:
  friend class TlsMaker;
  struct State;
  std::unique_ptr<State> state_;
};

struct TlsChoice {
  std::string server_name;        // in the client's hello; empty for none, as miners do
  std::size_t padding_bytes = 0;  // records of TLS 1.3 are padded to a multiple; 0 for none
};

// Makes channels of one kind. Safe to share between threads.
class TlsMaker {
 public:
  static Result<TlsMaker> create(TlsVersion version, TlsChoice choice);
  Result<Channel> accept(UniqueFd socket) const;
  Result<Channel> connect(UniqueFd socket) const;

 private:
  struct Contexts;
  std::shared_ptr<Contexts> contexts_;
};

}  // namespace davy::drill
