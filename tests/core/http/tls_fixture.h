// What the tests of https share: a client that trusts a test's own certificate.
#pragma once

#include <gtest/gtest.h>

#include "tests/core/http/http_fixture.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tls_identity.h"

namespace lookalike::test {

class TlsTest : public testing::Test {
 protected:
  HttpOptions trusting(const TlsIdentity& identity) const {
    HttpOptions options = quick_options();
    options.ca_file = folder_.write("ca.pem", identity.certificate_pem()).string();
    return options;
  }

  TemporaryFolder folder_;
};

}  // namespace lookalike::test
