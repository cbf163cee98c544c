#include "net/certificates.hpp"

#include "base/environment.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace lumi::net {

namespace {

/// Whether `name` is like "5ed36f99.0".
bool is_hash_name(std::string_view name) {
  constexpr std::size_t k_digits = 8;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return name.size() > k_digits + 1 && name[k_digits] == '.' && std::ranges::all_of(name.substr(0, k_digits), is_hex);
}

bool is_hashed(const char* folder) {
  std::error_code error;
  const std::filesystem::directory_iterator entries(folder, error);
  return !error &&
         std::ranges::any_of(entries, [](const auto& entry) { return is_hash_name(entry.path().filename().string()); });
}

Certificates named(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error) ? Certificates{{}, path} : Certificates{path, {}};
}

}  // namespace

Certificates find_certificates() {
  for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_CA_BUNDLE"}) {
    if (const auto path = environment(name)) {
      return named(*path);
    }
  }
  constexpr const char* k_folder = "/etc/ssl/certs";
  if (is_hashed(k_folder)) {
    return {{}, k_folder};
  }
  // Debian, Fedora and its kin, SUSE, Alpine.
  for (const char* file : {"/etc/ssl/certs/ca-certificates.crt",
                           "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/ca-bundle.pem",
                           "/etc/ssl/cert.pem"}) {
    std::error_code error;
    if (std::filesystem::exists(file, error)) {
      return {file, {}};
    }
  }
  return {};
}

}  // namespace lumi::net
