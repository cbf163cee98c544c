#include "core/services/report.hpp"

#include "base/error.hpp"
#include "core/services/comparison.hpp"
#include "core/tabular/row_reader.hpp"

#include <utility>

namespace lumi::services {

namespace {

std::vector<comparison::ScoreComparison>
scores_beside(const comparison::Party& first, const comparison::Party& later, std::uint64_t seed) {
  comparison::check_alike(first, later);
  std::vector<comparison::ScoreComparison> scores;
  for (const auto& score : comparison::common_scores(first, later, {})) {
    scores.push_back(comparison::compare_score(first, later, score, seed));
  }
  return scores;
}

std::vector<report::MissingSample> missing_samples(const evaluation::ResultsReader& results) {
  std::vector<report::MissingSample> missing;
  auto samples = results.samples(evaluation::WithTexts::no);
  while (const auto sample = samples.next()) {
    if (sample->status == evaluation::SampleStatus::error || sample->status == evaluation::SampleStatus::refused) {
      missing.push_back({sample->number, sample->status, std::nullopt});
    }
  }
  return missing;
}

/// The dataset that a job read; nothing if the results are from a file, or the dataset is gone.
std::optional<store::DatasetRecord> dataset_of(const std::string& job, JobService& jobs, DatasetService& datasets) {
  try {
    const auto row = jobs.get(job);
    return row.dataset_id ? std::optional(datasets.get(*row.dataset_id)) : std::nullopt;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::usage) {
      throw;
    }
    return std::nullopt;
  }
}

void find_lines(std::vector<report::MissingSample>& missing, ByteSource& source, const std::string& name) {
  tabular::ReadOptions options;
  options.name = name;
  const auto reader = tabular::open_rows(source, tabular::Format::csv, options);
  tabular::Row row;
  for (auto next = missing.begin(); next != missing.end() && reader->next(row);) {
    if (row.number == next->row) {
      next->line = row.line;
      ++next;
    }
  }
}

}  // namespace

report::Subject ReportService::job(std::string_view id, Timestamps timestamps) {
  const auto row = jobs_.get(id);
  auto party = ComparisonService(jobs_).job(row.id);
  const auto created = timestamps == Timestamps::yes ? std::optional(to_rfc3339(row.created_at)) : std::nullopt;
  return {row.name, created, std::move(party), std::nullopt, {}};
}

report::Subject ReportService::file(const std::filesystem::path& path) {
  return {path.filename().string(), std::nullopt, ComparisonService::file(path), std::nullopt, {}};
}

void ReportService::find_places(report::Subject& subject, DatasetService& datasets) {
  if (const auto dataset = dataset_of(subject.party.id, jobs_, datasets)) {
    find_places(subject, datasets, *dataset);
  } else {
    subject.missing = missing_samples(subject.party.results);
  }
}

void ReportService::find_places(report::Subject& subject,
                                DatasetService& datasets,
                                const store::DatasetRecord& dataset) {
  subject.missing = missing_samples(subject.party.results);
  subject.file = subject.file.value_or(dataset.filename);
  if (!subject.missing.empty()) {
    find_lines(subject.missing, *datasets.open(dataset), dataset.filename);
  }
}

report::Report ReportService::make(std::vector<report::Subject> subjects, const comparison::Threshold& threshold) {
  report::Report report{std::move(subjects), {}, {}};
  const auto& first = report.subjects.front().party;
  for (std::size_t i = 1; i < report.subjects.size(); ++i) {
    try {
      report.comparisons.push_back({i, scores_beside(first, report.subjects[i].party, threshold.seed)});
    } catch (const Error& error) {
      if (error.code() != ErrorCode::usage) {
        throw;
      }
      report.remarks.emplace_back(error.what());
    }
  }
  std::vector<comparison::ScoreComparison*> family;
  for (auto& beside : report.comparisons) {
    for (auto& score : beside.scores) {
      family.push_back(&score);
    }
  }
  comparison::decide(family, threshold);
  return report;
}

}  // namespace lumi::services
