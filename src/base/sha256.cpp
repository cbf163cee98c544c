// The EVP interface costs each process 1.3 ms to set up its providers and links most of libcrypto, whose tables are
// then relocated at every start of the program; these functions are the same code without either (docs/adr/0003).
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace lumi {

struct Sha256::State {
  SHA256_CTX context{};
};

// None of the three functions can fail: they return 1 always.
Sha256::Sha256() : state_(std::make_unique<State>()) { SHA256_Init(&state_->context); }

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) { SHA256_Update(&state_->context, bytes.data(), bytes.size()); }

std::string Sha256::digest() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), &state_->context);
  return {digest.begin(), digest.end()};
}

std::string Sha256::hex_digest() { return hex_of(digest()); }

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex_digest();
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string block(SHA256_CBLOCK, '\0');
  if (key.size() > block.size()) {
    Sha256 hash;
    hash.update(key);
    block.replace(0, SHA256_DIGEST_LENGTH, hash.digest());
  } else {
    block.replace(0, key.size(), key);
  }
  const auto mask = [&](unsigned char with) {
    std::string masked = block;
    std::transform(masked.begin(), masked.end(), masked.begin(), [&](char c) {
      return static_cast<char>(static_cast<unsigned char>(c) ^ with);
    });
    return masked;
  };
  Sha256 inner;
  inner.update(mask(0x36));
  inner.update(message);
  Sha256 outer;
  outer.update(mask(0x5c));
  outer.update(inner.digest());
  return outer.digest();
}

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += k_digits[byte >> 4];
    hex += k_digits[byte & 0x0F];
  }
  return hex;
}

}  // namespace lumi
