#pragma once
#include "base/byte_stream.hpp"
#include "core/comparison/likeness.hpp"
#include "core/comparison/score_comparison.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::report {

/// A sample without prediction.
struct MissingSample {
  std::uint64_t row = 0;  ///< from 1
  evaluation::SampleStatus status = evaluation::SampleStatus::error;
  std::optional<std::uint64_t> line;  ///< where it begins in the file, if that is known
};

/// One evaluation in a report.
struct Subject {
  std::string name;                       ///< what people call it; texts of users are escaped by each format
  std::optional<std::string> created_at;  ///< RFC 3339; only reports with times have it
  comparison::Party party;
  std::optional<std::string> file;     ///< the dataset, as reports that point at lines call it
  std::vector<MissingSample> missing;  ///< for those reports only
};

/// What a later subject's scores are beside those of the first one.
struct Beside {
  std::size_t subject = 0;  ///< index of the candidate
  std::vector<comparison::ScoreComparison> scores;
};

/// What a report is about. The first subject is the baseline of the others.
struct Report {
  std::vector<Subject> subjects;
  std::vector<Beside> comparisons;   ///< only of subjects that can be compared with the first
  std::vector<std::string> remarks;  ///< why others cannot
};

/// The names of all formats: html, markdown, csv, junit, sarif, github.
std::vector<std::string> format_names();

/// Whether reports of this format point at the lines of the dataset.
bool points_at_lines(std::string_view format);

/// Writes `report` in the format of that name, the same bytes for the same report.
void write_report(const Report& report, std::string_view format, ByteSink& sink);

void write_html(const Report& report, ByteSink& sink);

/// GitHub-flavoured Markdown: a table of the means with a column for each subject, and the comparisons.
void write_markdown(const Report& report, ByteSink& sink);

/// RFC 4180: subject, row, status, score, value: a line for each number of each sample.
void write_csv(const Report& report, ByteSink& sink);

/// JUnit XML as Jenkins, GitLab and GitHub read it: a suite for each subject with a test case for its samples and each
/// score; a case fails if samples have no prediction, or if the subject is worse than the first on that score.
void write_junit(const Report& report, ByteSink& sink);

/// SARIF 2.1.0: a result for each sample without prediction, with file and line, and for each score that is worse than
/// the first subject's.
void write_sarif(const Report& report, ByteSink& sink);

/// The same as commands to GitHub Actions, which shows them beside the lines: `::warning file=…,line=…::…`. At most ten
/// of each kind, as GitHub shows no more.
void write_github(const Report& report, ByteSink& sink);

}  // namespace lumi::report
