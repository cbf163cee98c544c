// The functions of docs/adr/0003, which src/base/sha256.cpp uses too.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256_twin.hpp"

#include "base/sha256.hpp"
#include "base/sha256_blocks.hpp"

#include <openssl/sha.h>

#include <array>

namespace lumi {

namespace {

// SHA256_CTX counts bits in two words.
void count_bytes(SHA256_CTX& context, std::uint64_t bytes) {
  constexpr unsigned k_word_bits = 32;
  const auto bits = (std::uint64_t{context.Nh} << k_word_bits | context.Nl) + bytes * 8;
  context.Nl = static_cast<SHA_LONG>(bits);
  context.Nh = static_cast<SHA_LONG>(bits >> k_word_bits);
}

std::string digest_of(SHA256_CTX& context) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), &context);
  return hex_of(std::string(digest.begin(), digest.end()));
}

}  // namespace

struct Sha256Twin::State {
  SHA256_CTX whole{};
  SHA256_CTX part{};
};

Sha256Twin::Sha256Twin() : state_(std::make_unique<State>()) {
  SHA256_Init(&state_->whole);
  SHA256_Init(&state_->part);
}

Sha256Twin::~Sha256Twin() = default;

void Sha256Twin::hash_each(std::string_view bytes) {
  SHA256_Update(&state_->whole, bytes.data(), bytes.size());
  SHA256_Update(&state_->part, bytes.data(), bytes.size());
}

void Sha256Twin::update(std::string_view bytes) {
  auto& [whole, part] = *state_;
  // A block serves both only where both begin one.
  if (whole.num == part.num && bytes.size() >= 2 * SHA256_CBLOCK && can_hash_block_pairs()) {
    const auto begun = (SHA256_CBLOCK - whole.num) % SHA256_CBLOCK;
    hash_each(bytes.substr(0, begun));
    bytes.remove_prefix(begun);
    const auto blocks = bytes.substr(0, bytes.size() - bytes.size() % SHA256_CBLOCK);
    hash_block_pairs(whole.h, part.h, blocks);
    count_bytes(whole, blocks.size());
    count_bytes(part, blocks.size());
    bytes.remove_prefix(blocks.size());
  }
  hash_each(bytes);
}

std::string Sha256Twin::end_part() {
  auto digest = digest_of(state_->part);
  SHA256_Init(&state_->part);
  return digest;
}

std::string Sha256Twin::hex_digest() { return digest_of(state_->whole); }

}  // namespace lumi
