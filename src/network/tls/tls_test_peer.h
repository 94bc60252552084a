// For tests: a TLS client and server of OpenSSL in this process, talking through memory; what passes between them is
// what a capture would see.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mining/dialect.h"

namespace davy::network {

class TlsTestPeers {
 public:
  // `names`: subjectAltName as OpenSSL writes it, "DNS:pool.example,DNS:b".
  TlsTestPeers(int version, const char* ciphers, const char* names, const char* server_name) {
    client_context_.reset(SSL_CTX_new(TLS_client_method()));
    server_context_.reset(SSL_CTX_new(TLS_server_method()));
    for (SSL_CTX* context : {client_context_.get(), server_context_.get()}) {
      SSL_CTX_set_min_proto_version(context, version);
      SSL_CTX_set_max_proto_version(context, version);
      if (ciphers != nullptr && version == TLS1_2_VERSION) SSL_CTX_set_cipher_list(context, ciphers);
    }
    certify(names);
    client_ = connect(client_context_.get());
    server_ = connect(server_context_.get());
    if (server_name != nullptr) SSL_set_tlsext_host_name(client_.get(), server_name);
    SSL_set_connect_state(client_.get());
    SSL_set_accept_state(server_.get());
    for (int turn = 0; turn < 8; ++turn) {
      SSL_do_handshake(client_.get());
      drain(client_.get(), server_.get(), mining::Side::client);
      SSL_do_handshake(server_.get());
      drain(server_.get(), client_.get(), mining::Side::server);
    }
  }

  void say(mining::Side side, std::string_view text) {
    SSL* from = side == mining::Side::client ? client_.get() : server_.get();
    SSL* to = side == mining::Side::client ? server_.get() : client_.get();
    SSL_write(from, text.data(), static_cast<int>(text.size()));
    drain(from, to, side);
    char buffer[4096];
    while (SSL_read(to, buffer, sizeof buffer) > 0) continue;
  }

  bool connected() const { return SSL_is_init_finished(client_.get()) == 1; }
  std::vector<std::pair<mining::Side, std::string>> wire;

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* session) const { SSL_free(session); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  using Session = std::unique_ptr<SSL, Free>;

  void certify(const char* names) {
    const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
    const std::unique_ptr<X509, Free> certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("common.example"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    X509_set_pubkey(certificate.get(), key.get());
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    SSL_CTX_use_certificate(server_context_.get(), certificate.get());
    SSL_CTX_use_PrivateKey(server_context_.get(), key.get());
  }

  static Session connect(SSL_CTX* context) {
    Session session(SSL_new(context));
    SSL_set_bio(session.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    return session;
  }

  void drain(SSL* from, SSL* to, mining::Side side) {
    char buffer[4096];
    for (int got = 0; (got = BIO_read(SSL_get_wbio(from), buffer, sizeof buffer)) > 0;) {
      BIO_write(SSL_get_rbio(to), buffer, got);
      wire.emplace_back(side, std::string(buffer, static_cast<std::size_t>(got)));
    }
  }

  std::unique_ptr<SSL_CTX, Free> client_context_, server_context_;
  Session client_, server_;
};

}  // namespace davy::network
