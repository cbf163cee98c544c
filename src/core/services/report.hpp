#pragma once
#include "core/comparison/score_comparison.hpp"
#include "core/report/report.hpp"
#include "core/services/dataset.hpp"
#include "core/services/job.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace lumi::services {

/// Whether a report says when its evaluations were made; without, the same evaluations give the same bytes.
enum class Timestamps { no, yes };

/// Gathers what a report is about.
class ReportService {
public:
  explicit ReportService(JobService& jobs) : jobs_(jobs) {}

  /// An evaluator job with its results. Throws as ComparisonService::job.
  report::Subject job(std::string_view id, Timestamps timestamps);

  /// A results.json in a file. Throws as ComparisonService::file.
  static report::Subject file(const std::filesystem::path& path);

  /// Adds what reports need that point at lines: the samples without prediction and, for a job whose dataset is still
  /// there, its name (unless there is one by now) and their lines. They are those of the file that was uploaded if that
  /// had no blank lines.
  void find_places(report::Subject& subject, DatasetService& datasets);

  /// The same with the lines of `dataset`, whose rows the samples are.
  static void find_places(report::Subject& subject, DatasetService& datasets, const store::DatasetRecord& dataset);

  /// A report about `subjects`, the later ones compared with the first; a remark says why one cannot be.
  static report::Report make(std::vector<report::Subject> subjects, const comparison::Threshold& threshold);

private:
  JobService& jobs_;
};

}  // namespace lumi::services
