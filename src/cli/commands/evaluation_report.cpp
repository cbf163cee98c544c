#include "cli/commands/evaluation_report.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/evaluation_fields.hpp"
#include "cli/context.hpp"
#include "cli/io/score_view.hpp"
#include "core/evaluation/per_sample_writer.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/services/job.hpp"

#include <filesystem>

namespace lumi::cli {

namespace {

constexpr std::size_t k_worst_shown = 3;

std::string condition_text(const evaluation::Requirement& requirement) {
  const auto value = requirement.value ? json_number(*requirement.value) : std::string("null");
  return "'" + requirement.condition + "' does not hold: the value is " + value;
}

void show_worst(Context& context,
                const services::EvaluationAnswer& answer,
                const services::EvaluatorJob& job,
                const evaluation::Input& input) {
  const auto& outcome = answer.outcome;
  if (outcome.metrics.empty() || outcome.rows <= k_worst_shown) {
    return;
  }
  const auto by = evaluation::ranking_field(outcome, std::nullopt);
  const auto rows = evaluation::rank_rows(outcome, by, evaluation::End::worst, k_worst_shown);
  const auto source = [&](const evaluation::SampleVisitor& visit) {
    evaluation::for_each_sample(outcome, input, job.request, visit);
  };
  auto& streams = context.streams();
  streams.out().write("\n" + streams.styled_out("worst by " + by.name, Style::bold) + "\n");
  show_samples(streams, outcome, evaluation::pick_samples(source, rows), SampleTexts::diff);
  if (answer.job_id) {
    streams.message("\nmore: lumi job samples " + answer.job_id->substr(0, 8) + " --worst 10 --diff");
  }
}

}  // namespace

void bind_evaluation_outputs(OptionSet& set, EvaluationOutputs& outputs) {
  set.option("--results", "FILE", outputs.results, "Also write results.json here; - for stdout")
      .completes(Completes::file);
  set.option("--per-sample", "FILE", outputs.per_sample, "Write a line per sample here: .jsonl or .csv")
      .completes(Completes::file);
  set.flag("--excel-safe", outputs.excel_safe, "Put an apostrophe before CSV cells that spreadsheets would run");
}

void check_outputs(const EvaluationOutputs& outputs, const std::string& dataset, Context& context) {
  const bool results_to_stdout = outputs.results == "-";
  if (results_to_stdout && context.options().json) {
    throw Error(ErrorCode::usage, "--results - and --json both want standard output", "name a file with --results");
  }
  if (outputs.per_sample) {
    evaluation::per_sample_format(*outputs.per_sample);
  }
  if (outputs.results && outputs.results == outputs.per_sample) {
    throw Error(ErrorCode::usage, "--results and --per-sample name the same file");
  }
  for (const auto& output : {outputs.results, outputs.per_sample}) {
    std::error_code absent;
    if (output && is_file_argument(dataset) && std::filesystem::equivalent(dataset, *output, absent)) {
      throw Error(ErrorCode::usage, "the output would replace " + quote(dataset) + ", which is what is scored");
    }
  }
}

void write_outputs(const EvaluationOutputs& outputs,
                   Context& context,
                   const services::EvaluatorJob& job,
                   const services::EvaluationAnswer& answer,
                   const evaluation::Input& input) {
  const auto write_results = [&](ByteSink& sink) {
    if (answer.job_id) {
      context.jobs().download(*answer.job_id, sink);
    } else {
      const auto parameters = services::evaluator_parameters_json(job, {});
      evaluation::write_results(sink, answer.outcome, input, job.request, {parameters});
    }
  };
  if (outputs.results == "-") {
    write_results(context.streams().out());
  } else if (outputs.results) {
    AtomicFile file(*outputs.results, Overwrite::yes, Durable::no, Readers::by_umask);
    write_results(file);
    file.commit();
  }
  if (outputs.per_sample) {
    evaluation::save_per_sample(*outputs.per_sample,
                                outputs.excel_safe ? tabular::ExcelSafe::yes : tabular::ExcelSafe::no,
                                answer.outcome,
                                input,
                                job.request);
  }
}

ExitCode report_evaluation(Context& context,
                           const services::EvaluationAnswer& answer,
                           const services::EvaluatorJob& job,
                           const evaluation::Input& input,
                           const EvaluationOutputs& outputs) {
  auto& streams = context.streams();
  report_warnings(context, answer.outcome);
  if (context.options().json) {
    show_item(streams, context.view(), grid_of(k_evaluation_fields, std::vector{&answer}));
  } else if (outputs.results != "-") {
    show_scores(streams, context.view(), answer.outcome);
    if (streams.out_terminal() == Terminal::yes) {
      show_worst(context, answer, job, input);
    }
  }
  return report_verdict(context, answer.outcome);
}

namespace {

Error verdict_error(const evaluation::Outcome& outcome, ErrorCode verdict) {
  if (verdict == ErrorCode::gate_failed) {
    std::vector<std::string> failing;
    for (const auto& requirement : outcome.requirements) {
      if (!requirement.holds) {
        failing.push_back(condition_text(requirement));
      }
    }
    return {verdict, join(failing, "; ")};
  }
  if (verdict == ErrorCode::partial) {
    return {verdict,
            std::to_string(outcome.rows - outcome.usable) + " of " + std::to_string(outcome.rows) +
                " samples have no prediction",
            "see them with 'lumi job samples ID --status error'"};
  }
  return {verdict, "no sample could be scored"};
}

}  // namespace

void report_warnings(Context& context, const evaluation::Outcome& outcome) {
  for (const auto& warning : outcome.warnings) {
    context.streams().warning(warning);
  }
}

ExitCode report_verdict(Context& context, const evaluation::Outcome& outcome) {
  const auto verdict = evaluation::verdict(outcome);
  if (!verdict) {
    return ExitCode::done;
  }
  context.streams().flush();
  context.streams().error(verdict_error(outcome, *verdict));
  return exit_code_of(*verdict);
}

Counts counted(std::uint64_t size_bytes) { return size_bytes > 0 ? Counts::bytes : Counts::rows; }

evaluation::ProgressCallback scoring_progress(Progress& progress, std::uint64_t size_bytes) {
  return [&progress, size_bytes](const evaluation::Progress& done) {
    progress.update(size_bytes > 0 ? done.bytes : done.rows, size_bytes);
  };
}

}  // namespace lumi::cli
