#pragma once
#include "core/chat/chat_answer.hpp"
#include "core/chat/endpoint.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::config {
class Settings;
}

namespace lumi::chat {

/// What a model costs, in USD per million tokens.
struct Price {
  double input = 0;
  double output = 0;
  std::optional<double> cached_input;  ///< nothing: as input
  std::string origin;                  ///< "built-in 2026-10-01", the file that sets it, or "this machine"
};

/// A model's price, as listed.
struct ListedPrice {
  std::string model;  ///< "gpt-4o-mini", or "provider/model"
  Price price;
};

/// The prices that are known: the user's before the built-in ones.
class PriceTable {
public:
  /// The table that comes with lumi.
  static PriceTable built_in();

  /// The date of the built-in prices: "2026-10-01".
  static std::string_view built_in_date();

  /// The built-in prices, and over them those of the user's configuration. Throws `invalid_input`.
  static PriceTable load(const config::Settings& settings);

  /// Adds a price, or replaces one.
  void set(const std::string& model, const Price& price);

  /// The price of `model` at `endpoint`: that of "provider/model", else of "model", else of the model without a date at
  /// its end. A server on this machine costs nothing. Nothing if it is unknown.
  std::optional<Price> find(const Endpoint& endpoint, std::string_view model) const;

  /// Every price, by name.
  std::vector<ListedPrice> list() const;

private:
  std::map<std::string, Price, std::less<>> prices_;
};

/// What an answer cost in USD; tokens that the server did not count cost nothing.
double cost_of(const Price& price, const Usage& usage);

/// About how many tokens a text has, for plans and limits: a quarter of its characters, at least one for each word.
std::int64_t estimate_tokens(std::string_view text);

}  // namespace lumi::chat
