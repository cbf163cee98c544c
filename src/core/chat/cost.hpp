#pragma once
#include "core/chat/chat_answer.hpp"
#include "core/chat/endpoint.hpp"
#include "core/config/settings_file.hpp"

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
  std::string origin;                  ///< "built-in 2026-11-01", the file that sets it, or "this machine"
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

  /// The built-in prices, over them those of the file that the setting `prices_file` names, over them `prices` of the
  /// configuration file. Throws `invalid_input`.
  static PriceTable load(const config::Settings& settings);

  /// Adds or replaces what `values` says: "MODEL.input", "MODEL.output", "MODEL.cached_input". `name` is the file's.
  /// Throws `invalid_input` with its line for what is no price.
  void add(const config::FileValues& values, const std::string& name);

  /// The price of `model` at `endpoint`: that of "provider/model", else of "model", else of the model without a date at
  /// its end. Built-in prices hold at the provider's own host. A server on this machine costs nothing unless the user
  /// says so. Nothing if it is unknown.
  std::optional<Price> find(const Endpoint& endpoint, std::string_view model) const;

  /// Every price, by name.
  std::vector<ListedPrice> list() const;

private:
  struct Entry {
    Price price;
    bool is_built_in = false;
  };

  const Entry* find_entry(const Endpoint& endpoint, std::string_view model) const;

  std::map<std::string, Entry, std::less<>> prices_;
};

/// What an answer cost in USD; tokens that the server did not count cost nothing.
double cost_of(const Price& price, const Usage& usage);

/// About how many tokens a text has, for plans and limits: a quarter of its characters, at least one for each word.
std::int64_t estimate_prompt_tokens(std::string_view text);

}  // namespace lumi::chat
