#include "cli/commands/job_view.hpp"

#include "base/text.hpp"
#include "cli/commands/job_fields.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "core/services/job.hpp"

#include <algorithm>
#include <span>

namespace lumi::cli {

namespace {

constexpr std::size_t k_response_fields = 8;

}  // namespace

std::string_view meaning_of(ExitCode exit) {
  const auto table = exit_code_table();
  const auto row = std::find_if(table.begin(), table.end(), [&](const auto& line) { return line.exit == exit; });
  return row == table.end() ? std::string_view("the work failed") : row->meaning;
}

void announce(Context& context, const std::string& kind, const std::string& id) {
  auto& streams = context.streams();
  if (context.options().json) {
    streams.json_line("log", "{\"" + kind + "_id\":\"" + id + "\"}");
  } else {
    streams.message(kind + " " + id);
  }
}

void announce_job(Context& context, const std::string& job_id) { announce(context, "job", job_id); }

void show_job(Context& context, const std::string& job_id) {
  const auto row = context.jobs().get(job_id);
  show_item(context.streams(), context.view(), grid_of(k_job_fields, std::vector{row}));
}

void show_job_response(Context& context, const store::JobRecord& job) {
  const auto view = context.view();
  const bool chosen = view.json && !view.json->empty();
  const auto fields = std::span(k_job_fields).first(chosen ? k_job_fields.size() : k_response_fields);
  show_item(context.streams(), view, grid_of(fields, std::vector{job}));
}

std::optional<Error> how_it_ended(const store::JobRecord& job) {
  const auto name = "job " + quote(job.id);
  const auto hint = "'lumi job logs " + job.id + "' shows what happened";
  if (job.status == "stopped") {
    return Error(ErrorCode::failure, name + " was stopped", "'lumi job resume " + job.id + "' goes on with it");
  }
  const auto exit = static_cast<ExitCode>(job.driver_exit_code.value_or(0));
  if (job.status == "failed") {
    const auto code = exit == ExitCode::done ? ErrorCode::failure : error_code_of(exit);
    return Error(code, name + " failed" + (job.message.empty() ? "" : ": " + job.message), hint);
  }
  if (exit == ExitCode::done) {
    return std::nullopt;
  }
  return Error(error_code_of(exit), name + " succeeded, but: " + std::string(meaning_of(exit)), hint);
}

}  // namespace lumi::cli
