#include "cli/commands/inference_run.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/dataset_argument.hpp"
#include "cli/commands/job_fields.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/context.hpp"
#include "cli/io/progress.hpp"
#include "core/chat/prompt_template.hpp"
#include "core/services/dataset.hpp"
#include "core/services/job.hpp"
#include "core/services/job_inputs.hpp"

#include <array>
#include <cstdio>

namespace lumi::cli {

using services::InferencePlan;

const std::array<Field<InferencePlan>, 10> k_inference_plan_fields{{
    {"provider", "PROVIDER", Show::column, [](const InferencePlan& plan) { return Value(plan.provider); }},
    {"model", "MODEL", Show::column, [](const InferencePlan& plan) { return Value(plan.model); }},
    {"base_url",
     "BASE URL",
     Show::column,
     [](const InferencePlan& plan) { return plan.base_url.empty() ? Value() : Value(plan.base_url); }},
    {"rows",
     "ROWS",
     Show::column,
     [](const InferencePlan& plan) { return Value(static_cast<std::int64_t>(plan.rows)); }},
    {"prompt_tokens",
     "PROMPT TOKENS",
     Show::column,
     [](const InferencePlan& plan) { return Value(plan.prompt_tokens); }},
    {"max_completion_tokens",
     "MOST ANSWER TOKENS",
     Show::column,
     [](const InferencePlan& plan) { return Value(plan.max_completion_tokens); }},
    {"min_cost", "LEAST USD", Show::column, [](const InferencePlan& plan) { return value_or_null(plan.least_cost); }},
    {"max_cost", "MOST USD", Show::column, [](const InferencePlan& plan) { return value_or_null(plan.most_cost); }},
    {"price_origin",
     "PRICE",
     Show::column,
     [](const InferencePlan& plan) { return plan.price_origin.empty() ? Value() : Value(plan.price_origin); }},
    {"min_seconds",
     "LEAST SECONDS",
     Show::column,
     [](const InferencePlan& plan) { return value_or_null(plan.least_seconds); }},
}};

namespace {

// A file without the columns that the prompt names is not kept.
evaluation::Input checked_file(Context& context, const InferenceOptions& options, const services::InferenceJob& job) {
  auto input = file_argument_input(context, job.body.dataset, options.input_format);
  const auto source = input.open();
  tabular::ReadOptions read;
  read.name = input.name;
  auto prompt = chat::PromptTemplate::parse(job.prompt_template);
  prompt.bind(tabular::open_rows(*source, input.format, read)->columns());
  return input;
}

std::uint64_t count_rows(const evaluation::Input& input) {
  const auto source = input.open();
  tabular::ReadOptions read;
  read.name = input.name;
  read.short_rows = tabular::ShortRows::fill;
  const auto reader = tabular::open_rows(*source, input.format, read);
  std::uint64_t rows = 0;
  for (tabular::Row row; reader->next(row);) {
    ++rows;
  }
  return rows;
}

ExitCode show_plan(Context& context, const InferenceOptions& options, const services::InferenceJob& job) {
  if (is_file_argument(job.body.dataset)) {
    const auto input = checked_file(context, options, job);
    return show_inference_plan(context, job, input, count_rows(input));
  }
  const auto dataset = context.datasets().get(job.body.dataset);
  return show_inference_plan(context, job, services::dataset_input(dataset, context.objects()), dataset.rows);
}

store::DatasetRecord
asked_dataset(Context& context, const InferenceOptions& options, const services::InferenceJob& job) {
  if (!is_file_argument(job.body.dataset)) {
    return context.datasets().get(job.body.dataset);
  }
  return register_file(context, job.body.dataset, checked_file(context, options, job));
}

std::string dollars(double cost) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "$%.4f", cost);
  return text.data();
}

}  // namespace

void warn_of_key(Context& context, const services::InferencePlan& plan) {
  if (const auto& problem = plan.key_problem) {
    context.streams().warning(std::string(problem->what()) +
                              (problem->hint().empty() ? std::string() : " (" + problem->hint() + ")"));
  }
}

ExitCode show_inference_plan(Context& context,
                             const services::InferenceJob& job,
                             const evaluation::Input& input,
                             std::uint64_t rows) {
  const std::vector shown{context.inference().plan(job, input, rows)};
  warn_of_key(context, shown.front());
  show_item(context.streams(), context.view(), grid_of(k_inference_plan_fields, shown));
  return ExitCode::done;
}

std::vector<std::string> inference_plan_fields() { return names_of(k_inference_plan_fields); }

std::vector<std::string> inference_json_fields() {
  auto fields = names_of(k_job_fields);
  for (auto& field : inference_plan_fields()) {
    fields.push_back(std::move(field));
  }
  return fields;
}

inference::ProgressCallback asking_progress(Progress& bar) {
  return [&bar](const inference::Progress& now) {
    bar.update(now.done, now.total, [&now] {
      const auto count = [](std::uint64_t number, const char* what) {
        return number == 0 ? std::string() : std::to_string(number) + " " + what;
      };
      const auto& spending = now.spending;
      return std::vector<ProgressDetail>{
          {"errors", static_cast<double>(now.failed), count(now.failed, "failed")},
          {"in_flight", static_cast<double>(now.in_flight), {}},
          {"retries", static_cast<double>(now.retries), count(now.retries, "retries")},
          {"cache_hits", static_cast<double>(now.cache_hits), {}},
          {"tokens",
           static_cast<double>(spending.total_tokens),
           count(static_cast<std::uint64_t>(spending.total_tokens), "tokens")},
          {"cost", spending.cost, spending.cost > 0 ? dollars(spending.cost) : std::string()},
      };
    });
  };
}

services::ResumeOptions resume_options(const std::vector<std::string>& retry) {
  services::ResumeOptions resume;
  for (const auto& text : retry) {
    const auto status = evaluation::parse_sample_status(text);
    if (!status) {
      throw Error(ErrorCode::usage, "unknown status " + quote(text), "it is one of: error, refused, truncated, empty");
    }
    resume.asked_again.push_back(*status);
  }
  return resume;
}

namespace {

ExitCode report(Context& context, const services::InferenceAnswer& answer, const RunOptions& options) {
  if (options.show == ShowAtEnd::nothing) {
    return answer.verdict ? exit_code_of(*answer.verdict) : ExitCode::done;
  }
  auto& streams = context.streams();
  for (const auto& warning : answer.warnings) {
    streams.warning(warning);
  }
  show_job(context, answer.job_id);
  if (!answer.verdict) {
    return ExitCode::done;
  }
  using evaluation::SampleStatus;
  const auto& samples = answer.samples;
  streams.flush();
  streams.error(Error(*answer.verdict,
                      std::to_string(samples.of(SampleStatus::error) + samples.of(SampleStatus::refused)) + " of " +
                          std::to_string(samples.total()) + " samples have no answer",
                      "'lumi job resume " + answer.job_id + " --retry error,refused' asks about them again"));
  return exit_code_of(*answer.verdict);
}

}  // namespace

ExitCode create_inference_job(Context& context, const InferenceOptions& options, const services::InferenceJob& job) {
  if (options.dry_run) {
    return show_plan(context, options, job);
  }
  context.inference().check_provider(job);
  auto owned = context.inference().create(job, asked_dataset(context, options, job));
  announce_job(context, owned.row.id);
  if (options.detach) {
    return run_in_background(context, std::move(owned), {});
  }
  return run_inference_job(context, std::move(owned), {});
}

std::string inference_config_with(Context& context, const store::JobRecord& row, const RunControlOptions& controls) {
  if (controls == RunControlOptions{}) {
    return row.config_json;
  }
  auto job = services::parse_inference_config(row.config_json);
  apply(controls, job.controls);
  return services::inference_config_json(job, context.datasets().get(row.dataset_id.value_or("")));
}

bool has_inference_to_do(Context& context, const store::JobRecord& job, const RunOptions& options) {
  return context.inference().has_work(job, resume_options(options.retry));
}

ExitCode run_inference_job(Context& context, services::OwnedJob job, const RunOptions& options) {
  const auto job_id = job.row.id;
  try {
    std::optional<Progress> progress(std::in_place, context.streams(), "asking", Counts::rows);
    const auto answer =
        context.inference().run(std::move(job), resume_options(options.retry), asking_progress(*progress));
    progress.reset();
    return report(context, answer, options);
  } catch (const Error&) {
    if (options.show != ShowAtEnd::nothing) {
      show_job(context, job_id);
    }
    throw;
  }
}

}  // namespace lumi::cli
