#include "tests/support/tls_identity.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace lookalike::test {

TlsIdentity::TlsIdentity(const std::string& subject_names) : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
  X509* certificate = certificate_.get();
  X509_set_version(certificate, 2);  // counted from 0: X.509 v3
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24 * 3600);
  X509_set_pubkey(certificate, key_.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* common_name = reinterpret_cast<const unsigned char*>("a test's server");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject_names.c_str());
  if (names == nullptr) throw std::runtime_error("no subject names for the test's certificate: " + subject_names);
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
  if (X509_sign(certificate, key_.get(), EVP_sha256()) == 0) throw std::runtime_error("cannot sign a certificate");
}

std::string TlsIdentity::certificate_pem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate_.get());
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory, &text);
  std::string pem(text, static_cast<size_t>(length));
  BIO_free(memory);
  return pem;
}

}  // namespace lookalike::test
