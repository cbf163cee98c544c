#include "core/evaluation/conditions.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace lumi::evaluation {

namespace {

constexpr std::array<std::pair<std::string_view, Comparison>, 6> k_operators = {{{"<=", Comparison::less_equal},
                                                                                 {">=", Comparison::greater_equal},
                                                                                 {"==", Comparison::equal},
                                                                                 {"!=", Comparison::not_equal},
                                                                                 {"<", Comparison::less},
                                                                                 {">", Comparison::greater}}};

[[noreturn]] void refuse(std::string_view text, const std::string& problem) {
  throw Error(ErrorCode::usage,
              "condition " + quote(text) + " " + problem,
              "write it as METRIC OP NUMBER, such as 'rougeL >= 0.30'; OP is one of < <= > >= == !=");
}

std::pair<std::string_view, Comparison> operator_at(std::string_view condition, std::size_t position) {
  for (const auto& candidate : k_operators) {
    if (condition.substr(position).starts_with(candidate.first)) {
      return candidate;
    }
  }
  refuse(condition, "has an operator that is not known");
}

}  // namespace

Condition parse_condition(std::string_view text) {
  Condition condition;
  const auto whole = trim(text);
  condition.text = whole;
  // Model names may hold colons and operators, what follows the last colon may not.
  const auto colon = whole.rfind(':');
  std::string_view rest = whole;
  if (colon != std::string_view::npos) {
    condition.model = trim(whole.substr(0, colon));
    rest = whole.substr(colon + 1);
    if (condition.model.empty()) {
      refuse(whole, "has no model before its colon");
    }
  }
  const auto position = rest.find_first_of("<>=!");
  if (position == std::string_view::npos) {
    refuse(whole, "has no operator");
  }
  condition.measure = trim(rest.substr(0, position));
  if (condition.measure.empty()) {
    refuse(whole, "has no metric");
  }
  const auto [symbol, comparison] = operator_at(rest, position);
  condition.comparison = comparison;
  const auto number = trim(rest.substr(position + symbol.size()));
  const auto bound = parse_real(number);
  if (!bound || !std::isfinite(*bound)) {
    refuse(whole, "needs a number after its operator, not " + quote(number));
  }
  condition.bound = *bound;
  return condition;
}

bool holds(const Condition& condition, std::optional<double> value) {
  if (!value || std::isnan(*value)) {
    return false;
  }
  switch (condition.comparison) {
  case Comparison::less:
    return *value < condition.bound;
  case Comparison::less_equal:
    return *value <= condition.bound;
  case Comparison::greater:
    return *value > condition.bound;
  case Comparison::greater_equal:
    return *value >= condition.bound;
  case Comparison::equal:
    return *value == condition.bound;
  case Comparison::not_equal:
    return *value != condition.bound;
  }
  return false;
}

// --- Measures ---

bool Measures::Measure::answers_to(std::string_view name) const {
  return std::find(spellings.begin(), spellings.end(), name) != spellings.end();
}

Measures::Measure Measures::mean(std::string_view metric, std::string_view field, std::string_view mean_name) {
  const std::string name(metric);
  return {{name + "." + std::string(mean_name), std::string(field), name + "_" + std::string(mean_name)}};
}

void Measures::add_counts() {
  for (const auto* name : {"coverage", "ok", "empty", "truncated", "refused", "errors"}) {
    add(name);
  }
}

void Measures::add_mean(std::string_view metric, std::string_view field, std::string_view mean_name) {
  measures_.push_back(mean(metric, field, mean_name));
}

void Measures::add_absent_mean(std::string_view metric,
                               std::string_view field,
                               std::string_view mean_name,
                               std::string hint) {
  absent_.push_back({mean(metric, field, mean_name), std::move(hint)});
}

std::vector<std::string> Measures::all_spellings() const {
  std::vector<std::string> all;
  for (const auto& measure : measures_) {
    all.insert(all.end(), measure.spellings.begin(), measure.spellings.end());
  }
  return all;
}

const std::string& Measures::resolve(const Condition& condition) const {
  std::vector<const Measure*> found;
  for (const auto& measure : measures_) {
    if (measure.answers_to(condition.measure)) {
      found.push_back(&measure);
    }
  }
  if (found.size() == 1) {
    return found.front()->spellings.front();
  }
  if (found.size() > 1) {
    throw Error(ErrorCode::usage,
                "condition " + quote(condition.text) + ": " + quote(condition.measure) + " may mean " +
                    found[0]->spellings.front() + " or " + found[1]->spellings.front(),
                "write one of them in full");
  }
  for (const auto& [measure, hint] : absent_) {
    if (measure.answers_to(condition.measure)) {
      throw Error(ErrorCode::usage,
                  "condition " + quote(condition.text) + ": " + quote(condition.measure) +
                      " is not computed in this run",
                  hint);
    }
  }
  auto hint = did_you_mean(condition.measure, all_spellings());
  if (hint.empty()) {
    std::vector<std::string> names;
    for (const auto& measure : measures_) {
      names.push_back(measure.spellings.front());
    }
    hint = "this run computes " + join(names, ", ");
  }
  throw Error(ErrorCode::usage,
              "condition " + quote(condition.text) + ": unknown metric " + quote(condition.measure),
              std::move(hint));
}

}  // namespace lumi::evaluation
