#pragma once
#include "core/evaluation/sample_status.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::evaluation {

/// The comparison in a condition.
enum class Comparison { less, less_equal, greater, greater_equal, equal, not_equal };

/// A condition as written: `[MODEL:] METRIC OP NUMBER`.
struct Condition {
  std::string text;   ///< as the user wrote it, trimmed
  std::string model;  ///< the one model it is for; empty: all
  std::string measure;
  Comparison comparison = Comparison::greater_equal;
  double bound = 0;
};

/// Parses a condition. Throws `usage` saying what is wrong with it; the measure is not looked up.
Condition parse_condition(std::string_view text);

/// A number that conditions may name.
struct Measure {
  std::vector<std::string> spellings;  ///< the full one first: rouge.rougeL_mean, rougeL, rouge_rougeL_mean
};

/// What a run will compute, against which conditions are checked before any work.
class Measures {
public:
  /// The counts and shares that every run has: coverage, ok, empty, truncated, refused, errors.
  Measures();

  /// Adds the mean of a metric's field under its three spellings; returns its index.
  std::size_t add_mean(std::string_view metric, std::string_view field, std::string_view mean_name);

  /// Adds a number with a single name, such as `cost`; returns its index.
  std::size_t add(std::string_view name);

  /// Notes a name that is known but not computed in this run, and why.
  void add_absent(std::string_view name, std::string_view reason);

  /// The index of the measure that `condition` names. Throws `usage` for an unknown, ambiguous or absent one.
  std::size_t resolve(const Condition& condition) const;

  const std::vector<Measure>& all() const { return measures_; }

private:
  struct Absent {
    std::string name;
    std::string reason;
  };
  std::vector<Measure> measures_;
  std::vector<Absent> absent_;
};

/// A condition with what it came to.
struct Requirement {
  std::string condition;
  std::optional<double> value;  ///< nothing: null, which never holds
  bool holds = false;
  bool lifts_partial = false;  ///< a `coverage` or `errors` condition, which turns exit 3 into 0 when it holds
};

/// Whether `value` fulfils `condition`; nothing and NaN never do.
bool holds(const Condition& condition, std::optional<double> value);

}  // namespace lumi::evaluation
