#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "drill/channel.h"

namespace davy::drill {
namespace {

constexpr long kCertificateSeconds = 86'400;
constexpr int kHandshakeMs = 5'000;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, Freed<SSL_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

tl::unexpected<Error> failed(const char* what) { return fail(ErrorCode::io, what); }
tl::unexpected<Error> gone() { return fail(ErrorCode::interrupted, "the other side has gone"); }

bool wait_for(int fd, short events, int ms) {
  pollfd wait{fd, events, 0};
  return ::poll(&wait, 1, ms) > 0;
}

Status give_certificate(SSL_CTX* context) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  if (!key || !certificate) return failed("cannot make a key");
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kCertificateSeconds);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key.get());
  if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0 ||
      SSL_CTX_use_certificate(context, certificate.get()) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return failed("cannot make a certificate");
  return {};
}

}  // namespace

struct Channel::State {
  UniqueFd socket;
  Tls tls;
};

struct TlsMaker::Contexts {
  Context server, client;
  TlsChoice choice;
};

Channel::Channel(UniqueFd socket) : state_(std::make_unique<State>()) { state_->socket = std::move(socket); }
Channel::Channel(Channel&&) noexcept = default;
Channel& Channel::operator=(Channel&&) noexcept = default;
Channel::~Channel() = default;

Status Channel::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long put = state_->tls ? SSL_write(state_->tls.get(), bytes.data(), static_cast<int>(bytes.size()))
                                 : ::send(state_->socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put > 0) bytes.remove_prefix(static_cast<std::size_t>(put));
    else if (state_->tls || errno != EINTR) return gone();
  }
  return {};
}

Result<std::string> Channel::receive(int wait_ms) {
  const bool waiting = state_->tls && SSL_pending(state_->tls.get()) > 0;
  if (!waiting && !wait_for(state_->socket.get(), POLLIN, wait_ms)) return std::string();
  char buffer[16'384];
  const long got = state_->tls ? SSL_read(state_->tls.get(), buffer, sizeof buffer)
                               : ::recv(state_->socket.get(), buffer, sizeof buffer, 0);
  if (got > 0) return std::string(buffer, static_cast<std::size_t>(got));
  if (state_->tls && SSL_get_error(state_->tls.get(), static_cast<int>(got)) == SSL_ERROR_WANT_READ)
    return std::string();
  return gone();
}

Result<TlsMaker> TlsMaker::create(TlsVersion version, TlsChoice choice) {
  TlsMaker out;
  out.contexts_ = std::make_shared<Contexts>();
  Contexts& contexts = *out.contexts_;
  contexts.choice = std::move(choice);
  contexts.server.reset(SSL_CTX_new(TLS_server_method()));
  contexts.client.reset(SSL_CTX_new(TLS_client_method()));
  if (!contexts.server || !contexts.client) return failed("cannot prepare TLS");
  const int number = version == TlsVersion::v12 ? TLS1_2_VERSION : TLS1_3_VERSION;
  for (SSL_CTX* context : {contexts.server.get(), contexts.client.get()}) {
    SSL_CTX_set_min_proto_version(context, number), SSL_CTX_set_max_proto_version(context, number);
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);  // a ticket alone is no reason to wait for more
    if (contexts.choice.padding_bytes > 0) SSL_CTX_set_block_padding(context, contexts.choice.padding_bytes);
  }
  SSL_CTX_set_verify(contexts.client.get(), SSL_VERIFY_NONE, nullptr);
  TRY(give_certificate(contexts.server.get()));
  return out;
}

Result<Channel> TlsMaker::accept(UniqueFd socket) const {
  Channel out(std::move(socket));
  Tls tls(SSL_new(contexts_->server.get()));
  if (!tls || SSL_set_fd(tls.get(), out.state_->socket.get()) != 1) return failed("cannot prepare TLS");
  if (!wait_for(out.state_->socket.get(), POLLIN, kHandshakeMs) || SSL_accept(tls.get()) != 1) return gone();
  out.state_->tls = std::move(tls);
  return out;
}

Result<Channel> TlsMaker::connect(UniqueFd socket) const {
  Channel out(std::move(socket));
  Tls tls(SSL_new(contexts_->client.get()));
  if (!tls || SSL_set_fd(tls.get(), out.state_->socket.get()) != 1) return failed("cannot prepare TLS");
  if (!contexts_->choice.server_name.empty())
    SSL_set_tlsext_host_name(tls.get(), contexts_->choice.server_name.c_str());
  if (SSL_connect(tls.get()) != 1) return gone();
  out.state_->tls = std::move(tls);
  return out;
}

}  // namespace davy::drill
