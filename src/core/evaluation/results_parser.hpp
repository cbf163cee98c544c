#pragma once
#include "base/byte_stream.hpp"
#include "core/evaluation/score_table.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::evaluation {

/// A list of numbers of a metric as it stands in a results.json.
struct ParsedList {
  std::string metric;
  std::string name;
  std::size_t column = 0;
  bool is_integral = true;  ///< no number in it has a point
};

/// A number that stands beside a metric's lists, or beside the metrics (then `metric` is empty).
struct ParsedScalar {
  std::string metric;
  std::string name;
  double value = 0;
};

/// The numbers and small parts of a results.json.
struct ParsedResults {
  std::vector<std::string> metrics;  ///< those that are not null, in the file's order
  std::vector<ParsedList> lists;
  std::vector<ParsedScalar> scalars;
  std::optional<std::size_t> status_column;
  std::string parameters_json = "null";
  std::string lumi_json = "null";  ///< without `statuses`
};

/// A list of texts in `artifacts`.
enum class TextList { predictions, ground_truth };
using TextVisitor = std::function<void(TextList list, std::optional<std::string_view> text)>;

/// Reads a results.json once from front to back: each list of numbers goes into a new column of `table`, each text to
/// `visit_text`. Throws `invalid_input` naming `name` for anything that is no results file.
ParsedResults
parse_results(ByteSource& source, const std::string& name, ScoreTable& table, const TextVisitor& visit_text);

}  // namespace lumi::evaluation
