#include "network/probe/probe_connection.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "base/file.h"
#include "network/probe/probe_answer.h"

namespace davy::network::probe {
namespace {

constexpr double kQuietSeconds = 1.5;  // after the first bytes of an answer: a job follows a greeting at once

class Deadline {
 public:
  explicit Deadline(double seconds)
      : end_(Now::now() + std::chrono::duration_cast<Now::duration>(std::chrono::duration<double>(seconds))) {}
  int left_ms() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Now::now()).count();
    return static_cast<int>(std::max<std::int64_t>(0, left));
  }
  void shorten(double seconds) {
    const Deadline other(seconds);
    end_ = std::min(end_, other.end_);
  }

 private:
  using Now = std::chrono::steady_clock;
  Now::time_point end_;
};

tl::unexpected<Error> broken(const char* why) { return fail(ErrorCode::io, why); }

bool wait_for(int fd, short events, const Deadline& deadline) {
  pollfd wait{fd, events, 0};
  for (;;) {
    const int ready = ::poll(&wait, 1, deadline.left_ms());
    if (ready < 0 && errno == EINTR) continue;
    return ready > 0;
  }
}

Result<UniqueFd> connect_to(const Ask& how, const Deadline& deadline) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (how.address.is_v4()) {
    sockaddr_in to{};
    to.sin_family = AF_INET, to.sin_port = htons(how.port);
    std::memcpy(&to.sin_addr, how.address.bytes.data() + 12, 4);
    std::memcpy(&storage, &to, size = sizeof to);
  } else {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6, to.sin6_port = htons(how.port);
    std::memcpy(&to.sin6_addr, how.address.bytes.data(), 16);
    std::memcpy(&storage, &to, size = sizeof to);
  }
  UniqueFd out(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!out) return fail_errno(errno, "cannot open a socket");
  if (::connect(out.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0 && errno != EINPROGRESS)
    return fail_errno(errno, "cannot connect");
  if (!wait_for(out.get(), POLLOUT, deadline)) return broken("no answer to the connection");
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(out.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0)
    return fail_errno(error, "cannot connect");
  return out;
}

// Bytes in and out, in clear or in TLS. Counts: bytes moved, 0 at the end, -1 to be tried again, -2 broken.
class Channel {
 public:
  static Result<Channel> open(const Ask& how, const Deadline& deadline) {
    Channel out(TRY(connect_to(how, deadline)));
    if (how.tls) TRY(out.start_tls(how, deadline));
    return out;
  }

  long write(ByteView bytes) {
    if (tls_) return result(SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())));
    const ssize_t put = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return put >= 0 ? put : errno == EAGAIN || errno == EINTR ? again(POLLOUT) : -2;
  }
  long read(std::span<std::uint8_t> into) {
    if (tls_) return result(SSL_read(tls_.get(), into.data(), static_cast<int>(into.size())));
    const ssize_t got = ::recv(socket_.get(), into.data(), into.size(), 0);
    return got >= 0 ? got : errno == EAGAIN || errno == EINTR ? again(POLLIN) : -2;
  }
  bool wait(const Deadline& deadline) const { return wait_for(socket_.get(), wanted_, deadline); }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  struct FreeTls {
    void operator()(SSL* tls) const { SSL_free(tls); }
  };

  explicit Channel(UniqueFd socket) : socket_(std::move(socket)) {}

  long again(short events) {
    wanted_ = events;
    return -1;
  }

  long result(int moved) {
    if (moved > 0) return moved;
    switch (SSL_get_error(tls_.get(), moved)) {
      case SSL_ERROR_WANT_READ: return again(POLLIN);
      case SSL_ERROR_WANT_WRITE: return again(POLLOUT);
      case SSL_ERROR_ZERO_RETURN: return 0;
      default: return -2;
    }
  }

  Status start_tls(const Ask& how, const Deadline& deadline) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (!context_) return broken("cannot prepare TLS");
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_options(context_.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    tls_.reset(SSL_new(context_.get()));
    if (!tls_ || SSL_set_fd(tls_.get(), socket_.get()) != 1) return broken("cannot prepare TLS");
    if (!how.server_name.empty()) SSL_set_tlsext_host_name(tls_.get(), how.server_name.c_str());
    for (;;) {
      const long done = result(SSL_connect(tls_.get()));
      if (done > 0) return {};
      if (done != -1 || !wait(deadline)) return broken("no TLS there");
    }
  }

  UniqueFd socket_;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::unique_ptr<SSL, FreeTls> tls_;
  short wanted_ = POLLIN;
};

Status send_all(Channel& channel, ByteView bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    const long put = channel.write(bytes);
    if (put > 0) bytes = bytes.subspan(static_cast<std::size_t>(put));
    else if (put != -1 || !channel.wait(deadline)) return broken("the question could not be sent");
  }
  return {};
}

}  // namespace

Result<Bytes> ask(const Ask& how, ByteView question) {
  Deadline deadline(how.seconds);
  Channel channel = TRY(Channel::open(how, deadline));
  TRY(send_all(channel, question, deadline));
  Bytes answer;
  std::uint8_t buffer[4'096];
  while (answer.size() < kAnswerBytesMax) {
    const long got = channel.read(buffer);
    if (got == 0 || got == -2) break;
    if (got == -1) {
      if (!channel.wait(deadline)) break;
      continue;
    }
    answer.insert(answer.end(), buffer, buffer + got);
    deadline.shorten(kQuietSeconds);
  }
  answer.resize(std::min(answer.size(), kAnswerBytesMax));
  return answer;
}

}  // namespace davy::network::probe
