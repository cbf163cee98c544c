#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lumi::evaluation {

/// Which columns of a file hold what.
struct ColumnNames {
  std::string predictions = "predictions";
  std::string ground_truth = "ground_truth";
  std::string source = "examples";
  std::vector<std::pair<std::string, std::string>> map;  ///< `examples=article`: the file's `article` is `examples`
};

/// Whether a blank prediction without a status counts as "" or as missing.
enum class EmptyPredictions { score, missing };

/// Whether a blank ground truth stops the evaluation or leaves its sample without a score.
enum class MissingReferences { refuse, skip };

/// An evaluation as asked for.
struct Request {
  std::vector<std::string> metrics;  ///< `rouge`, `bleu(smooth=true)`; none: the task's default metrics
  std::string task = "summarization";
  ColumnNames columns;
  std::int64_t max_samples = -1;  ///< less than 1: all
  EmptyPredictions empty_predictions = EmptyPredictions::score;
  MissingReferences missing_references = MissingReferences::refuse;
  std::vector<std::string> requirements;
  unsigned threads = 0;                            ///< 0: as many as there are cores
  std::uint64_t max_memory = 16ULL * 1024 * 1024;  ///< for texts being scored and scores kept
};

}  // namespace lumi::evaluation
