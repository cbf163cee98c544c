#include "cli/commands/comparison_fields.hpp"

#include "cli/io/json_value.hpp"

namespace lumi::cli {

namespace {

using Line = ComparisonLine;

Value count(std::uint64_t number) { return static_cast<std::int64_t>(number); }

std::uint64_t wins_of(const comparison::ScoreComparison& score) {
  return score.higher_is_better ? score.ranks.positive : score.ranks.negative;
}

std::uint64_t losses_of(const comparison::ScoreComparison& score) {
  return score.higher_is_better ? score.ranks.negative : score.ranks.positive;
}

void write_change(JsonWriter& json, const std::string& candidate_id, const comparison::ChangedSample& sample) {
  json.begin_object();
  json.member("candidate_id", candidate_id);
  json.member("row", sample.row);
  json.member("baseline", sample.baseline);
  json.member("candidate", sample.candidate);
  json.member("difference", sample.candidate - sample.baseline);
  json.member("ground_truth", sample.ground_truth);
  json.member("baseline_prediction", sample.baseline_prediction);
  json.member("candidate_prediction", sample.candidate_prediction);
  json.end_object();
}

Value changes_of(const ComparisonAnswer& answer) {
  return json_value([&](JsonWriter& json) {
    json.begin_array();
    for (const auto& candidate : answer.candidates) {
      for (const auto& sample : candidate.changes) {
        write_change(json, candidate.id, sample);
      }
    }
    json.end_array();
  });
}

void write_value(JsonWriter& json, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    json.value(*text);
  } else if (const auto* number = std::get_if<double>(&value)) {
    json.value(*number);
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    json.value(*whole);
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    json.value(*truth);
  } else {
    json.raw("null");
  }
}

}  // namespace

std::vector<ComparisonLine> lines_of(const ComparisonAnswer& answer) {
  std::vector<ComparisonLine> lines;
  for (const auto& candidate : answer.candidates) {
    for (const auto& score : candidate.scores) {
      lines.push_back({&candidate.id, &score});
    }
  }
  return lines;
}

Value comparisons_of(const ComparisonAnswer& answer) {
  return json_value([&](JsonWriter& json) {
    json.begin_array();
    for (const auto& line : lines_of(answer)) {
      json.begin_object();
      for (const auto& field : k_comparison_line_fields) {
        json.key(field.name);
        write_value(json, field.get(line));
      }
      json.end_object();
    }
    json.end_array();
  });
}

const std::array<Field<ComparisonAnswer>, 5> k_comparison_fields{{
    {"baseline_id", "BASELINE", Show::json, [](const ComparisonAnswer& answer) { return Value(answer.baseline_id); }},
    {"alpha",
     "ALPHA",
     Show::json,
     [](const ComparisonAnswer& answer) { return Value(answer.request.threshold.alpha); }},
    {"seed", "SEED", Show::json, [](const ComparisonAnswer& answer) { return count(answer.request.threshold.seed); }},
    {"comparisons", "COMPARISONS", Show::json, comparisons_of},
    {"changes", "CHANGES", Show::json, changes_of},
}};

const std::array<Field<ComparisonLine>, 19> k_comparison_line_fields{{
    {"candidate_id", "CANDIDATE", Show::column, [](const Line& line) { return Value(*line.candidate_id); }},
    {"score", "SCORE", Show::column, [](const Line& line) { return Value(line.score->score); }},
    {"n", "SAMPLES", Show::column, [](const Line& line) { return count(line.score->pairs); }},
    {"left_out", "LEFT OUT", Show::json, [](const Line& line) { return count(line.score->left_out); }},
    {"baseline", "BASELINE", Show::column, [](const Line& line) { return Value(line.score->baseline); }},
    {"candidate", "CANDIDATE", Show::column, [](const Line& line) { return Value(line.score->candidate); }},
    {"difference",
     "DIFFERENCE",
     Show::column,
     [](const Line& line) { return Value(line.score->bootstrap.difference); }},
    {"low", "LOW", Show::column, [](const Line& line) { return Value(line.score->bootstrap.interval.low); }},
    {"high", "HIGH", Show::column, [](const Line& line) { return Value(line.score->bootstrap.interval.high); }},
    {"p_value", "P", Show::column, [](const Line& line) { return Value(line.score->p_value); }},
    {"p_adjusted", "P ADJUSTED", Show::column, [](const Line& line) { return Value(line.score->p_adjusted); }},
    {"p_bootstrap", "P BOOTSTRAP", Show::json, [](const Line& line) { return Value(line.score->bootstrap.p_value); }},
    {"p_wilcoxon", "P WILCOXON", Show::json, [](const Line& line) { return Value(line.score->ranks.p_value); }},
    {"p_mcnemar", "P MCNEMAR", Show::json, [](const Line& line) { return value_or_null(line.score->mcnemar_p); }},
    {"effect", "EFFECT", Show::json, [](const Line& line) { return Value(line.score->ranks.effect()); }},
    {"wins", "WINS", Show::column, [](const Line& line) { return count(wins_of(*line.score)); }},
    {"ties", "TIES", Show::column, [](const Line& line) { return count(line.score->ranks.zero); }},
    {"losses", "LOSSES", Show::column, [](const Line& line) { return count(losses_of(*line.score)); }},
    {"finding",
     "FINDING",
     Show::column,
     [](const Line& line) { return Value(std::string(comparison::to_text(line.score->finding))); }},
}};

}  // namespace lumi::cli
