#include "cli/commands/run_outcome.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands/comparison_view.hpp"
#include "cli/commands/party_argument.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "cli/io/progress.hpp"
#include "core/report/report.hpp"
#include "core/services/report.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace lumi::cli {

namespace {

Error end_of(const services::ModelOutcome& model) {
  const auto exit = static_cast<ExitCode>(model.exit_code.value_or(0));
  return {exit == ExitCode::done ? ErrorCode::failure : error_code_of(exit),
          "model " + quote(model.name) + " has failed: " + model.reason,
          "the same command goes on with it; 'lumi workflow logs " + model.workflow_id.value_or("") + "' says more"};
}

// The rows of the dataset are those of the answers, unless they were drawn at random.
void point_at_lines(report::Subject& subject, const SettledRun& settled, Context& context) {
  subject.file = settled.run.dataset;
  if (!settled.run.sample_seed) {
    services::ReportService::find_places(subject, context.datasets(), settled.dataset);
  }
}

std::vector<report::Subject> subjects_of(const RunAnswer& answer, const SettledRun& settled, Context& context) {
  const auto subject_of = [](NamedParty named, const std::string& name) {
    return report::Subject{name, std::nullopt, std::move(named.party), std::nullopt, {}};
  };
  const auto& reports = settled.run.reports;
  const bool has_lines = std::any_of(
      reports.begin(), reports.end(), [](const auto& wanted) { return report::points_at_lines(wanted.format); });
  std::vector<report::Subject> subjects;
  if (settled.run.baseline) {
    subjects.push_back(subject_of(party_of(context, *settled.run.baseline), "baseline"));
  }
  for (const auto& model : answer.models) {
    if (model.evaluation_id) {
      subjects.push_back(subject_of(party_of(context, *model.evaluation_id), model.name));
      if (has_lines) {
        point_at_lines(subjects.back(), settled, context);
      }
    }
  }
  return subjects;
}

}  // namespace

void compare_models(RunAnswer& answer, const SettledRun& settled, Context& context) {
  std::vector<const comparison::Party*> parties;
  for (const auto& model : answer.models) {
    if (model.scored) {
      parties.push_back(&*model.scored);
    }
  }
  if (parties.size() > 1) {
    answer.ranking = comparison::rank(parties, {});
  }
  const auto* baseline = settled.baseline ? &*settled.baseline : nullptr;
  if (baseline == nullptr && !parties.empty()) {
    baseline = parties.front();
    parties.erase(parties.begin());
  }
  if (baseline == nullptr || parties.empty()) {
    return;
  }
  Progress progress(context.streams(), "comparing", Counts::rows);
  ComparisonAnswer compared;
  compared.baseline_id = baseline->id;
  try {
    compared.candidates = services::ComparisonService::compare(
        *baseline, parties, compared.request, [&](auto done, auto total) { progress.update(done, total); });
    answer.comparison = std::move(compared);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::usage || settled.baseline) {
      throw;
    }
    context.streams().warning("the models are not compared: " + std::string(error.what()));
  }
}

void judge_models(RunAnswer& answer, const SettledRun& settled) {
  for (const auto& model : answer.models) {
    for (const auto& condition : settled.conditions) {
      if (!model.scored || !is_about(condition, model.name)) {
        continue;
      }
      const auto value = services::find_value(model, condition.measure);
      answer.requirements.push_back({model.name,
                                     {condition.condition.text,
                                      value,
                                      condition.condition.bound,
                                      evaluation::holds(condition.condition, value),
                                      condition.measure == "coverage" || condition.measure == "errors"}});
    }
  }
}

void write_reports(const RunAnswer& answer, const SettledRun& settled, Context& context) {
  if (settled.run.reports.empty()) {
    return;
  }
  auto subjects = subjects_of(answer, settled, context);
  if (subjects.empty()) {
    return;
  }
  const auto made = services::ReportService::make(std::move(subjects), {});
  for (const auto& [format, path] : settled.run.reports) {
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    AtomicFile file(path, Overwrite::yes, Durable::no, Readers::by_umask);
    report::write_report(made, format, file);
    file.commit();
    context.streams().message("wrote " + path.string());
  }
}

void add_failures(const RunAnswer& answer, const RunCommandOptions& options, Failures& failures) {
  for (const auto& model : answer.models) {
    if (model.status == "failed") {
      failures.add(end_of(model));
      continue;
    }
    const auto excuses = [&](const ModelRequirement& checked) {
      return checked.model == model.name && checked.requirement.excuses_partial && checked.requirement.holds;
    };
    if (static_cast<ExitCode>(model.exit_code.value_or(0)) == ExitCode::partial &&
        std::none_of(answer.requirements.begin(), answer.requirements.end(), excuses)) {
      failures.add(Error(ErrorCode::partial,
                         "some samples of model " + quote(model.name) + " have no answer",
                         "the same command with --retry error,refused asks about them again"));
    }
  }
  for (const auto& [model, requirement] : answer.requirements) {
    if (!requirement.holds) {
      failures.add(Error(ErrorCode::gate_failed,
                         "model " + quote(model) + ": '" + requirement.condition + "' does not hold: the value is " +
                             (requirement.value ? json_number(*requirement.value) : "null")));
    }
  }
  if (options.fail_on_regression && answer.comparison) {
    failures.guard([&] { throw_if_worse(*answer.comparison); });
  }
}

}  // namespace lumi::cli
