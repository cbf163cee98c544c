#include "cli/commands/evaluation_options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

void bind_evaluation_options(OptionSet& set, EvaluationOptions& options) {
  set.list("--metric", "METRIC", options.metrics, "A metric, as name or name(option=value); else those of the task")
      .synonym("--metrics")
      .completes(Completes::metric);
  set.option("--task", "TASK", options.task, "The task whose metrics are computed")
      .choices({"summarization", "translation", "text-generation"});
  set.option("--predictions-field", "COLUMN", options.predictions_field, "The column of predictions")
      .shows_default("predictions");
  set.option("--reference-field", "COLUMN", options.reference_field, "The column of reference texts")
      .shows_default("ground_truth");
  set.option("--source-field", "COLUMN", options.source_field, "The column of input texts").shows_default("examples");
  set.list("--map", "NAME=COLUMN", options.map, "Read NAME from a column of another name");
  set.option("--max-samples", "N", options.max_samples, "Score only the first N rows").shows_default("all");
  set.option("--missing-references", "HOW", options.missing_references, "What a blank reference does")
      .choices({"refuse", "skip"});
  set.option(
         "--empty-predictions", "HOW", options.empty_predictions, "Score a blank prediction as \"\", or leave it out")
      .choices({"score", "missing"});
  set.repeated(
      "--require", "CONDITION", options.requirements, "Exit with 9 unless this holds, such as 'rougeL >= 0.3'");
  set.option("--threads", "N", options.threads, "Threads that score").shows_default("one per core");
}

std::vector<std::pair<std::string, std::string>> parse_map(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> map;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw Error(
          ErrorCode::usage, "--map needs NAME=COLUMN, not " + quote(text), "for example --map examples=article");
    }
    map.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return map;
}

namespace {

unsigned thread_count(const EvaluationOptions& options, Context& context) {
  const auto wanted = options.threads ? options.threads : context.settings().get_integer("evaluation.threads");
  if (wanted && (*wanted < 1 || *wanted > 1024)) {
    throw Error(ErrorCode::usage, "--threads must be between 1 and 1024, not " + std::to_string(*wanted));
  }
  return static_cast<unsigned>(wanted.value_or(0));
}

}  // namespace

void apply(const EvaluationOptions& options, Context& context, evaluation::Request& request) {
  if (!options.metrics.empty()) {
    request.metrics = options.metrics;
  }
  request.task = options.task.value_or(request.task);
  request.columns.predictions = options.predictions_field.value_or(request.columns.predictions);
  request.columns.ground_truth = options.reference_field.value_or(request.columns.ground_truth);
  request.columns.source = options.source_field.value_or(request.columns.source);
  request.columns.map = parse_map(options.map);
  request.max_samples = options.max_samples.value_or(request.max_samples);
  request.missing_references = options.missing_references == "skip" ? evaluation::MissingReferences::skip
                                                                    : evaluation::MissingReferences::refuse;
  request.empty_predictions = options.empty_predictions == "missing" ? evaluation::EmptyPredictions::missing
                                                                     : evaluation::EmptyPredictions::score;
  request.requirements = options.requirements;
  request.threads = thread_count(options, context);
  request.max_memory = context.settings().get_size("evaluation.max_memory").value_or(request.max_memory);
}

}  // namespace lumi::cli
