#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::evaluation {

/// The comparison in a condition.
enum class Comparison { less, less_equal, greater, greater_equal, equal, not_equal };

/// A condition as written: `[MODEL:] MEASURE OP NUMBER`.
struct Condition {
  std::string text;   ///< as the user wrote it, trimmed
  std::string model;  ///< the one model it is for; empty: all
  std::string measure;
  Comparison comparison = Comparison::greater_equal;
  double bound = 0;
};

/// Parses a condition. Throws `usage` saying what is wrong with it; the measure is not looked up.
Condition parse_condition(std::string_view text);

/// Whether `value` fulfils `condition`; no value and NaN never do.
bool holds(const Condition& condition, std::optional<double> value);

/// A condition and what it came to.
struct Requirement {
  std::string condition;
  std::optional<double> value;  ///< nothing: null, which never holds
  double bound = 0;
  bool holds = false;
  bool excuses_partial = false;  ///< a `coverage` or `errors` condition: when it holds, exit 3 becomes 0
};

/// The names that conditions may use in a run, known before any work.
class Measures {
public:
  /// Adds the counts and shares that every run has: coverage, ok, empty, truncated, refused, errors.
  void add_counts();

  /// Adds the mean of a metric's field under its three spellings (`rouge.rougeL_mean`, `rougeL`, `rouge_rougeL_mean`).
  void add_mean(std::string_view metric, std::string_view field, std::string_view mean_name);

  /// Adds a number that has one name, such as `cost`.
  void add(std::string_view name) { measures_.push_back({{std::string(name)}}); }

  /// Notes a mean that is known but not computed in this run, with the hint that says what would compute it.
  void add_absent_mean(std::string_view metric, std::string_view field, std::string_view mean_name, std::string hint);

  /// Notes a name that is known but not computed in this run.
  void add_absent(std::string_view name, std::string hint) {
    absent_.push_back({{{std::string(name)}}, std::move(hint)});
  }

  /// The full name of what `condition` is about (`rouge.rougeL_mean`, `coverage`). Throws `usage` for an unknown name
  /// (with a near one), an ambiguous one, and one that is not computed in this run.
  const std::string& resolve(const Condition& condition) const;

private:
  struct Measure {
    std::vector<std::string> spellings;  ///< the full one first
    bool answers_to(std::string_view name) const;
  };
  struct Absent {
    Measure measure;
    std::string hint;
  };

  static Measure mean(std::string_view metric, std::string_view field, std::string_view mean_name);
  std::vector<std::string> all_spellings() const;

  std::vector<Measure> measures_;
  std::vector<Absent> absent_;
};

}  // namespace lumi::evaluation
