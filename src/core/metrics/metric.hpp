#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::metrics {

/// One row to score. The texts are well-formed UTF-8 and outlive the call.
struct Sample {
  std::string_view prediction;
  std::span<const std::string_view> references;  ///< at least one where the metric needs a reference
  std::string_view source;
};

/// What a metric reads of a row.
enum class Input { prediction, reference, source };

/// How long a metric takes, for plans and progress.
enum class Cost { arithmetic, local_model, remote_calls };

/// One number that a metric gives each sample, and the name its mean has in results.
struct ScoreField {
  std::string_view name;       ///< key of the list in results.json, such as "rouge1"
  std::string_view mean_name;  ///< key of its mean, such as "rouge1_mean"
  bool integral = false;       ///< written without a point
};

/// An option of a metric as the user may set it: `bleu(smooth=true)`.
struct OptionDefinition {
  std::string_view name;
  std::string_view default_value;  ///< also tells its kind: "true"/"false", a number, or one of `choices`
  std::string_view help;
  std::vector<std::string_view> choices = {};
};

/// The static facts of a metric: what `lumi help metrics` prints and every check before work reads.
struct Definition {
  std::string_view name;
  std::string_view summary;
  std::vector<Input> inputs;
  std::vector<ScoreField> fields;
  std::vector<OptionDefinition> options;
  std::vector<std::string_view> statistics;  ///< summable per-sample numbers behind the corpus score; may be empty
  bool higher_is_better = true;
  Cost cost = Cost::arithmetic;
};

/// Where a batch's numbers go: row-major, one row per sample, as wide as the definition's `fields` (`statistics`).
struct Scores {
  std::span<double> fields;
  std::span<double> statistics;
};

/// A named number or text of a corpus result.
struct CorpusValue {
  std::string_view name;
  double value = 0;
};

/// Scores samples; holds scratch memory and caches, so each thread makes its own. The numbers depend on nothing but the
/// sample and the metric's options.
class Scorer {
public:
  virtual ~Scorer() = default;
  virtual void score(std::span<const Sample> samples, Scores out) = 0;
};

/// A metric with its options set and its data loaded. Immutable and shared by threads.
class Metric {
public:
  virtual ~Metric() = default;
  virtual const Definition& definition() const = 0;

  /// Everything that shapes the numbers, as sacreBLEU prints it: `rouge|stemmer:no|...|version:lumi-0.1.0`.
  virtual std::string signature() const = 0;

  virtual std::unique_ptr<Scorer> make_scorer() const = 0;

  /// The corpus score from the sums of `statistics` over all samples; empty for metrics without one.
  virtual std::vector<CorpusValue> corpus(std::span<const double> /*statistic_sums*/) const { return {}; }
};

/// A metric as asked for: its name and the options given.
struct Request {
  std::string name;
  std::vector<std::pair<std::string, std::string>> options;
};

/// Folders that metrics read their data from; an empty path means the usual places.
struct Resources {
  std::filesystem::path wordnet_dir;
  std::filesystem::path nltk_data_dir;
  std::filesystem::path cache_dir;  ///< for data compiled once, such as the WordNet cache
};

/// Option values by name, defaults filled in.
class Options {
public:
  explicit Options(std::vector<std::pair<std::string, std::string>> values) : values_(std::move(values)) {}
  const std::string& text(std::string_view name) const;
  bool flag(std::string_view name) const { return text(name) == "true"; }
  double number(std::string_view name) const;

private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace lumi::metrics
