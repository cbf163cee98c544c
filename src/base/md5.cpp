// The functions without the EVP interface, for the reasons that base/sha256.cpp has.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/md5.hpp"

#include "base/sha256.hpp"

#include <openssl/md5.h>

#include <array>
#include <cstddef>

namespace lumi {

namespace {

using Md5Digest = std::array<unsigned char, MD5_DIGEST_LENGTH>;

Md5Digest md5_digest(std::string_view bytes) {
  MD5_CTX context{};
  MD5_Init(&context);
  MD5_Update(&context, bytes.data(), bytes.size());
  Md5Digest digest{};
  MD5_Final(digest.data(), &context);
  return digest;
}

}  // namespace

std::string md5_hex(std::string_view bytes) {
  const auto digest = md5_digest(bytes);
  return hex_of(std::string(digest.begin(), digest.end()));
}

std::string md5_base64(std::string_view bytes) {
  const auto digest = md5_digest(bytes);
  constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < digest.size(); i += 3) {
    const auto byte = [&](std::size_t at) { return at < digest.size() ? std::size_t{digest.at(at)} : 0U; };
    const std::size_t group = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
    text += k_digits[group >> 18U];
    text += k_digits[group >> 12U & 63U];
    text += i + 1 < digest.size() ? k_digits[group >> 6U & 63U] : '=';
    text += i + 2 < digest.size() ? k_digits[group & 63U] : '=';
  }
  return text;
}

}  // namespace lumi
