#include "base/base64.hpp"

#include <algorithm>
#include <cstdint>

namespace lumi {

namespace {

constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = (group << 8U) | (k < count ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= count ? k_digits[(group >> (18 - 6 * k)) & 0x3fU] : '=';
    }
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const auto count = i + 4 == text.size() ? 4 - padding : 4U;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const auto digit = k < count ? k_digits.find(text[i + k]) : 0;
      if (digit == std::string_view::npos) {
        return std::nullopt;
      }
      group = (group << 6U) | static_cast<std::uint32_t>(digit);
    }
    for (std::size_t k = 0; k + 1 < count; ++k) {
      bytes += static_cast<char>((group >> (16 - 8 * k)) & 0xffU);
    }
  }
  // Bits that are lost would make several texts stand for the same bytes.
  return base64_encode(bytes) == text ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace lumi
