#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace lumi {

/// SHA-256 (FIPS 180-4) of bytes given in pieces.
class Sha256 {
public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);

  /// The digest of all bytes so far as 64 lower-case hex digits. The object takes no more bytes afterwards.
  std::string hex_digest();

  /// The same as 32 bytes.
  std::string digest();

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The digest of `bytes` as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104) of `message` under `key` as 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Two lower-case hex digits for each byte.
std::string hex_of(std::string_view bytes);

}  // namespace lumi
