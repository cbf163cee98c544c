#include "base/ids.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <array>
#include <cerrno>

#include <sys/random.h>

namespace lumi {

namespace {

/// 32 hex digits with the hyphens of a UUID put in.
std::string with_hyphens(const std::string& digits) {
  return digits.substr(0, 8) + '-' + digits.substr(8, 4) + '-' + digits.substr(12, 4) + '-' + digits.substr(16, 4) +
         '-' + digits.substr(20);
}

}  // namespace

std::string RandomIds::uuid() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw system_error(errno, "cannot get random numbers");
  }
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string digits;
  for (const auto byte : bytes) {
    digits += k_digits[byte >> 4];
    digits += k_digits[byte & 0x0F];
  }
  return with_hyphens(digits);
}

std::optional<std::string> normalize_uuid(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen_place = text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
    if (hyphen_place != (text[i] == '-')) {
      return std::nullopt;
    }
    if (!hyphen_place) {
      digits += text[i];
    }
  }
  digits = to_lower_ascii(digits);
  if (digits.size() != 32 || digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return std::nullopt;
  }
  return with_hyphens(digits);
}

}  // namespace lumi
