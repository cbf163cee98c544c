#pragma once
#include <span>
#include <string_view>

namespace lumi::chat {

/// What a model costs at its provider's own host, in USD per million tokens.
struct BuiltInPrice {
  std::string_view model;  ///< "provider/model"
  double input;
  double output;
  double cached_input;  ///< below 0: as input
};

/// The prices that come with lumi, as they were on k_built_in_prices_date.
std::span<const BuiltInPrice> built_in_prices();

inline constexpr std::string_view k_built_in_prices_date = "2026-11-01";

}  // namespace lumi::chat
