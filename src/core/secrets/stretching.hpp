#pragma once
#include "base/seal.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::secrets {

/// How a passphrase becomes a key: kept beside what was sealed with it.
struct Stretching {
  ScryptCost cost;
  std::string salt;  ///< 16 bytes

  /// That of a new key: what it costs today, and a salt of its own.
  static Stretching make();

  /// The 19 bytes that are kept.
  std::string encode() const;

  /// What was kept at the start of `bytes`; nothing if it cannot have been, or would take more memory than a gigabyte.
  static std::optional<Stretching> decode(std::string_view bytes);

  static constexpr std::size_t k_size = 19;
};

}  // namespace lumi::secrets
