#include "core/chat/cost.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "core/chat/built_in_prices.hpp"
#include "core/config/settings.hpp"
#include "core/metrics/text/python_text.hpp"

#include <algorithm>
#include <cmath>

namespace lumi::chat {

namespace {

constexpr double k_per_million = 1e-6;

// The model without "-2024-08-06" or "-20241022" at its end; empty if there is no such date.
std::string_view without_date(std::string_view model) {
  for (const std::string_view form : {"-0000-00-00", "-00000000"}) {
    if (model.size() <= form.size()) {
      continue;
    }
    const auto end = model.substr(model.size() - form.size());
    if (std::equal(end.begin(), end.end(), form.begin(), [](char c, char wanted) {
          return wanted == '0' ? c >= '0' && c <= '9' : c == wanted;
        })) {
      return model.substr(0, model.size() - form.size());
    }
  }
  return {};
}

double parse_price(const config::FileValue& value, const std::string& key, const std::string& place) {
  const auto number = parse_real(value.value);
  if (!number || !std::isfinite(*number) || *number < 0) {
    throw Error(ErrorCode::invalid_input,
                place + ": the price " + key + " cannot be " + quote(value.value),
                "it needs a number of USD per million tokens");
  }
  return *number;
}

// Sets what a key ends in; false if it names no part of a price.
bool set_part(std::string_view part, double number, Price& price) {
  if (part == "input") {
    price.input = number;
  } else if (part == "output") {
    price.output = number;
  } else if (part == "cached_input") {
    price.cached_input = number;
  } else {
    return false;
  }
  return true;
}

}  // namespace

PriceTable PriceTable::built_in() {
  PriceTable table;
  const auto origin = "built-in " + std::string(k_built_in_prices_date);
  for (const auto& row : built_in_prices()) {
    Price price{row.input, row.output, std::nullopt, origin};
    if (row.cached_input >= 0) {
      price.cached_input = row.cached_input;
    }
    table.prices_[std::string(row.model)] = {std::move(price), true};
  }
  return table;
}

PriceTable PriceTable::load(const config::Settings& settings) {
  auto table = built_in();
  if (const auto file = settings.get("prices_file").value; !file.empty()) {
    table.add(config::parse_settings_file(read_file(file), file), file);
  }
  table.add(settings.get_group("prices"), settings.file().string());
  return table;
}

void PriceTable::add(const config::FileValues& values, const std::string& name) {
  std::map<std::string, Price> added;
  std::map<std::string, std::pair<bool, bool>> has;  // input, output
  for (const auto& [key, value] : values) {
    const auto place = name + ":" + std::to_string(value.line + 1);
    const auto dot = key.rfind('.');
    const auto model = key.substr(0, dot);
    const auto part = dot == std::string::npos ? std::string() : key.substr(dot + 1);
    auto& price = added[model];
    price.origin = name;
    if (model.empty() || !set_part(part, parse_price(value, key, place), price)) {
      throw Error(ErrorCode::invalid_input,
                  place + ": " + quote(key) + " is no price",
                  "a price is MODEL: {input: 1.5, output: 6} with USD per million tokens, cached_input if it differs");
    }
    auto& parts = has[model];
    parts.first = parts.first || part == "input";
    parts.second = parts.second || part == "output";
  }
  for (auto& [model, price] : added) {
    if (!has[model].first || !has[model].second) {
      throw Error(ErrorCode::invalid_input,
                  name + ": the price of " + quote(model) + " needs " + (has[model].first ? "output" : "input"));
    }
    prices_[model] = {std::move(price), false};
  }
}

const PriceTable::Entry* PriceTable::find_entry(const Endpoint& endpoint, std::string_view model) const {
  for (const auto name : {model, without_date(model)}) {
    if (name.empty()) {
      continue;
    }
    for (const auto& key : {endpoint.provider_name + "/" + std::string(name), std::string(name)}) {
      const auto found = prices_.find(key);
      if (found != prices_.end() && (endpoint.is_own_host || !found->second.is_built_in)) {
        return &found->second;
      }
    }
  }
  return nullptr;
}

std::optional<Price> PriceTable::find(const Endpoint& endpoint, std::string_view model) const {
  if (const auto* entry = find_entry(endpoint, model)) {
    return entry->price;
  }
  return is_loopback(endpoint.address.host) ? std::optional(Price{0, 0, std::nullopt, "this machine"}) : std::nullopt;
}

std::vector<ListedPrice> PriceTable::list() const {
  std::vector<ListedPrice> listed;
  listed.reserve(prices_.size());
  for (const auto& [model, entry] : prices_) {
    listed.push_back({model, entry.price});
  }
  return listed;
}

double cost_of(const Price& price, const Usage& usage) {
  const auto prompt = static_cast<double>(usage.prompt_tokens.value_or(0));
  const auto cached = std::min(prompt, static_cast<double>(usage.cached_tokens.value_or(0)));
  const auto output = static_cast<double>(usage.completion_tokens.value_or(0));
  return ((prompt - cached) * price.input + cached * price.cached_input.value_or(price.input) + output * price.output) *
         k_per_million;
}

std::int64_t estimate_prompt_tokens(std::string_view text) {
  constexpr std::size_t k_characters_per_token = 4;
  const auto characters = (count_code_points(text) + k_characters_per_token - 1) / k_characters_per_token;
  return static_cast<std::int64_t>(std::max(characters, metrics::python::count_words(text)));
}

}  // namespace lumi::chat
