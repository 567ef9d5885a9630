// A self-signed certificate with its key, made anew for each test.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace lookalike::test {

class TlsIdentity {
 public:
  // `subject_names` as OpenSSL writes them: "IP:127.0.0.1,DNS:localhost".
  explicit TlsIdentity(const std::string& subject_names = "IP:127.0.0.1,DNS:localhost");

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* private_key() const { return key_.get(); }
  // For a client that shall trust it.
  std::string certificate_pem() const;

 private:
  struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> certificate_;
};

}  // namespace lookalike::test
