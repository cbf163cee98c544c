#pragma once
#include <string>

namespace lumi::net {

/// Where the certificates of those authorities are whom lumi trusts. An empty `file` and `folder`: where libcurl looks.
struct Certificates {
  std::string file;    ///< a bundle in PEM
  std::string folder;  ///< one file a certificate, found by the hash in its name
};

/// What SSL_CERT_FILE, SSL_CERT_DIR or AWS_CA_BUNDLE names; else the system's folder where it is hashed, because a
/// bundle takes OpenSSL 27 ms to parse; else the bundle of the distribution.
Certificates find_certificates();

}  // namespace lumi::net
