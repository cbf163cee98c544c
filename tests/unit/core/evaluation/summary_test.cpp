#include "base/error.hpp"
#include "core/evaluation/per_sample_writer.hpp"
#include "core/evaluation/summary.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace lumi::evaluation;
using lumi::Error;
using lumi::ErrorCode;

namespace {

const double k_null = std::nan("");

MetricOutcome metric(const std::string& name, const std::vector<std::string>& fields, std::size_t first_column) {
  MetricOutcome outcome;
  outcome.name = name;
  for (const auto& field : fields) {
    FieldOutcome of_field;
    of_field.name = field;
    of_field.mean_name = field + "_mean";
    of_field.column = first_column++;
    outcome.fields.push_back(of_field);
  }
  return outcome;
}

// Column 0 holds the statuses; a has two fields, b is better where it is lower.
lumi::evaluation::Outcome an_outcome() {
  lumi::evaluation::Outcome outcome(ScoreTable(4, 1 << 20));
  outcome.metrics = {metric("a", {"x", "f1"}, 1), metric("b", {"f1"}, 3)};
  outcome.metrics[1].higher_is_better = false;
  outcome.metrics[0].fields[0].is_integral = true;
  outcome.scores.append_rows(std::vector<double>{0, 1,      0.5,    10,                     //
                                                 2, 2,      0.25,   30,                     //
                                                 4, k_null, k_null, k_null, 0, 4, 0.5, 20,  //
                                                 0, 5,      1.0,    20});
  outcome.rows = 5;
  return outcome;
}

std::vector<std::uint64_t> ranked(std::string_view name, End end, std::size_t count) {
  const auto outcome = an_outcome();
  return rank_rows(outcome, ranking_field(outcome, name), end, count);
}

void visit_all(const lumi::evaluation::Outcome& outcome, const SampleVisitor& visit) {
  RowCursor scores(outcome.scores, score_columns(outcome));
  for (std::uint64_t row = 0; row < outcome.rows; ++row) {
    SampleRow sample;
    sample.number = row + 1;
    sample.prediction = row == 1 ? "=2+3, \"quoted\"" : "p";
    sample.ground_truth = row == 2 ? std::nullopt : std::optional<std::string_view>("g");
    sample.status = row == 2 ? SampleStatus::error : SampleStatus::ok;
    sample.scores = scores.at(row);
    if (!visit(sample)) {
      return;
    }
  }
}

std::string per_sample(PerSampleFormat format, lumi::tabular::ExcelSafe excel_safe) {
  const auto outcome = an_outcome();
  lumi::TextSink sink;
  PerSampleWriter writer(sink, outcome, format, excel_safe);
  visit_all(outcome, [&](const SampleRow& sample) {
    writer.write(sample);
    return true;
  });
  writer.flush();
  return sink.text();
}

}  // namespace

TEST_CASE("a histogram of shares covers 0 to 1, and 1 belongs to the last bin") {
  const auto outcome = an_outcome();
  const auto histogram_of_f1 = histogram(outcome.scores, 2, 4);
  CHECK(histogram_of_f1.low == 0);
  CHECK(histogram_of_f1.high == 1);
  CHECK(histogram_of_f1.bins == std::vector<std::uint64_t>{0, 1, 2, 1});
  CHECK(histogram_of_f1.nulls == 1);
}

TEST_CASE("a histogram of other numbers covers what there is") {
  const auto outcome = an_outcome();
  const auto histogram_of_b = histogram(outcome.scores, 3, 2);
  CHECK(histogram_of_b.low == 10);
  CHECK(histogram_of_b.high == 30);
  CHECK(histogram_of_b.bins == std::vector<std::uint64_t>{1, 3});
  ScoreTable same(1, 1 << 20);
  same.append(0, std::vector<double>{7, 7});
  CHECK(histogram(same, 0, 3).bins == std::vector<std::uint64_t>{2, 0, 0});
  CHECK(histogram(ScoreTable(1, 1 << 20), 0, 3).bins == std::vector<std::uint64_t>{0, 0, 0});
}

TEST_CASE("samples are ranked with ties in the order of the file and without nulls") {
  CHECK(ranked("a.f1", End::worst, 2) == std::vector<std::uint64_t>{1, 0});
  CHECK(ranked("a.f1", End::best, 9) == std::vector<std::uint64_t>{4, 0, 3, 1});
  CHECK(ranked("a.f1", End::worst, 0).empty());
}

TEST_CASE("where lower is better the worst are the highest") {
  CHECK(ranked("b", End::worst, 2) == std::vector<std::uint64_t>{1, 3});
  CHECK(ranked("b.f1_mean", End::best, 1) == std::vector<std::uint64_t>{0});
}

TEST_CASE("a ranking can be of one status only") {
  const auto outcome = an_outcome();
  const auto by = ranking_field(outcome, "a.f1");
  CHECK(rank_rows(outcome, by, End::worst, 9, SampleStatus::truncated) == std::vector<std::uint64_t>{1});
}

TEST_CASE("the field to rank by has a default, several spellings, and near names") {
  const auto outcome = an_outcome();
  CHECK(ranking_field(outcome, std::nullopt).name == "a.f1");
  CHECK(ranking_field(outcome, "a").name == "x");
  for (const auto* name : {"x", "a.x", "a.x_mean", "a_x_mean"}) {
    CHECK(ranking_field(outcome, name).field->column == 1);
  }
  for (const auto* name : {"f1", "y"}) {
    try {
      ranking_field(outcome, name);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK_FALSE(error.hint().empty());
    }
  }
}

TEST_CASE("picked samples come in the order asked for, with texts of their own") {
  const auto outcome = an_outcome();
  const auto source = [&](const SampleVisitor& visit) { visit_all(outcome, visit); };
  const auto samples = pick_samples(source, {3, 1, 2});
  REQUIRE(samples.size() == 3);
  CHECK(samples[0].number == 4);
  CHECK(samples[1].number == 2);
  CHECK(samples[1].prediction == "=2+3, \"quoted\"");
  CHECK(samples[2].status == SampleStatus::error);
  CHECK_FALSE(samples[2].ground_truth);
  CHECK(samples[0].row().scores[1] == 0.5);
  CHECK(pick_samples(source, {}).empty());
}

TEST_CASE("samples as JSON Lines") {
  CHECK(per_sample(PerSampleFormat::jsonl, lumi::tabular::ExcelSafe::no) ==
        R"({"row":1,"status":"ok","prediction":"p","ground_truth":"g","x":1,"a.f1":0.5,"b.f1":10.0}
{"row":2,"status":"ok","prediction":"=2+3, \"quoted\"","ground_truth":"g","x":2,"a.f1":0.25,"b.f1":30.0}
{"row":3,"status":"error","prediction":"p","ground_truth":null,"x":null,"a.f1":null,"b.f1":null}
{"row":4,"status":"ok","prediction":"p","ground_truth":"g","x":4,"a.f1":0.5,"b.f1":20.0}
{"row":5,"status":"ok","prediction":"p","ground_truth":"g","x":5,"a.f1":1.0,"b.f1":20.0}
)");
}

TEST_CASE("samples as CSV, harmless to spreadsheets if asked") {
  const auto csv = per_sample(PerSampleFormat::csv, lumi::tabular::ExcelSafe::no);
  CHECK(csv == "row,status,prediction,ground_truth,x,a.f1,b.f1\n"
               "1,ok,p,g,1,0.5,10.0\n"
               "2,ok,\"=2+3, \"\"quoted\"\"\",g,2,0.25,30.0\n"
               "3,error,p,,,,\n"
               "4,ok,p,g,4,0.5,20.0\n"
               "5,ok,p,g,5,1.0,20.0\n");
  CHECK(per_sample(PerSampleFormat::csv, lumi::tabular::ExcelSafe::yes).find("\"'=2+3") != std::string::npos);
}

TEST_CASE("the format of a file of samples is its extension") {
  CHECK(per_sample_format("x/y.JSONL") == PerSampleFormat::jsonl);
  CHECK(per_sample_format("y.csv") == PerSampleFormat::csv);
  CHECK_THROWS_AS(per_sample_format("y.txt"), Error);
}
