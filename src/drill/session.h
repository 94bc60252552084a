// The hashing side of the conversation over one loopback connection.
//
// Scrubbed sessions build each line, send it and wipe it, and wipe what they received as soon as it is understood;
// plain ones keep their buffers, as ordinary programs do. Lines over kLineBytesMax end the session. One thread only.
// Errors: invalid_argument (no loopback address), io, interrupted (the other side closed), malformed.
#pragma once

#include <optional>
#include <vector>

#include "drill/messages.h"

namespace davy::drill {

class Session {
 public:
  // Connects and sends the login; the answer comes through receive().
  static Result<Session> open(const Plan& plan);

  int descriptor() const { return socket_.get(); }
  bool logged_in() const { return session_.view().size > 0; }

  // Reads what has arrived; the newest job in it, if there was one.
  Result<std::optional<Job>> receive();
  Status submit(const Share& share);
  Status keep_alive();

 private:
  Session(UniqueFd socket, bool scrub) : socket_(std::move(socket)), scrub_(scrub), received_(kLineBytesMax) {}

  Status send(SecretText line);
  Status understand(std::string_view line, std::optional<Job>& job);
  Result<std::size_t> read_some();

  UniqueFd socket_;
  bool scrub_;
  std::uint64_t next_id_ = 1;
  MaskedField session_;
  std::vector<char> received_;    // kLineBytesMax, never resized
  std::size_t waiting_ = 0;       // bytes of an unfinished line at the front of received_
  std::vector<SecretText> sent_;  // plain sessions: the login and the latest line
};

}  // namespace davy::drill
