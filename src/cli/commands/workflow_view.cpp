#include "cli/commands/workflow_view.hpp"

#include "base/text.hpp"
#include "cli/commands/delete_items.hpp"
#include "cli/commands/job_arguments.hpp"
#include "cli/commands/job_view.hpp"
#include "cli/commands/workflow_fields.hpp"
#include "cli/context.hpp"
#include "core/services/workflow.hpp"
#include "core/services/workflow_control.hpp"

#include <span>

namespace lumi::cli {

namespace {

void add_end(const store::WorkflowRecord& workflow, Failures& failures) {
  if (!services::is_finished(workflow)) {
    failures.add(
        Error(ErrorCode::pending, "workflow " + quote(workflow.id) + " has not ended yet: it is " + workflow.status));
  } else if (const auto error = how_it_ended(workflow)) {
    failures.add(*error);
  }
}

}  // namespace

void show_workflow(Context& context, const std::string& id) {
  const auto details = context.workflows().details(context.workflows().get(id));
  show_item(context.streams(), context.view(), grid_of(k_workflow_fields, std::vector{details}));
}

void show_workflow_response(Context& context, const store::WorkflowRecord& row) {
  const auto view = context.view();
  const bool chosen = view.json && !view.json->empty();
  const auto fields =
      std::span(k_workflow_fields).first(chosen ? k_workflow_fields.size() : k_workflow_response_fields);
  show_item(context.streams(), view, grid_of(fields, std::vector{context.workflows().details(row)}));
}

void show_workflows(Context& context, const std::vector<store::WorkflowRecord>& rows, std::uint64_t total) {
  std::vector<services::WorkflowDetails> workflows;
  for (const auto& row : rows) {
    workflows.push_back(context.workflows().details(row));
  }
  show_listing(context.streams(), context.view(), grid_of(k_workflow_fields, workflows), total, "no workflows");
}

std::optional<Error> how_it_ended(const store::WorkflowRecord& workflow) {
  const auto name = "workflow " + quote(workflow.id);
  const auto exit = static_cast<ExitCode>(workflow.exit_code.value_or(0));
  if (workflow.status == "failed") {
    const bool was_stopped = workflow.reason == "stopped";
    return Error(exit == ExitCode::done || was_stopped ? ErrorCode::failure : error_code_of(exit),
                 was_stopped               ? name + " was stopped"
                 : workflow.reason.empty() ? name + " failed"
                                           : name + " failed: " + workflow.reason,
                 "'lumi workflow resume " + workflow.id + "' goes on with it");
  }
  if (exit == ExitCode::done) {
    return std::nullopt;
  }
  return Error(error_code_of(exit),
               name + " succeeded, but: " + std::string(meaning_of(exit)),
               "'lumi workflow logs " + workflow.id + "' shows what happened");
}

std::vector<std::string> resolve_workflows(Context& context, const std::vector<std::string>& ids, Failures& failures) {
  return resolve_ids(
      ids, [&](const std::string& id) { return context.workflows().get(id).id; }, failures);
}

std::vector<store::WorkflowRecord> wait_for_workflows(Context& context,
                                                      const std::vector<std::string>& ids,
                                                      services::Patience patience,
                                                      Failures& failures) {
  if (ids.empty()) {
    return {};
  }
  for (const auto& id : ids) {
    if (const auto workflow = context.workflow_control().look_at(id); !services::is_finished(workflow)) {
      context.streams().message("waiting for workflow " + id + " (" + printable(workflow.name) + "), which is " +
                                workflow.status);
    }
  }
  auto workflows = context.workflow_control().wait(ids, patience);
  for (const auto& workflow : workflows) {
    add_end(workflow, failures);
  }
  return workflows;
}

void stop_workflows(Context& context,
                    const std::vector<std::string>& ids,
                    services::Patience patience,
                    Failures& failures) {
  std::vector<std::string> asked;
  for (const auto& id : ids) {
    failures.guard([&] {
      const auto workflow = context.workflow_control().look_at(id);
      if (services::is_finished(workflow)) {
        context.streams().message("workflow " + id + " has ended already: it has " + workflow.status);
        return;
      }
      context.workflow_control().ownership_of(id).request_stop();
      asked.push_back(id);
    });
  }
  std::vector<std::string> stopped;
  for (const auto& workflow :
       asked.empty() ? std::vector<store::WorkflowRecord>() : context.workflow_control().wait(asked, patience)) {
    if (!services::is_finished(workflow)) {
      failures.add(Error(ErrorCode::pending,
                         "workflow " + quote(workflow.id) + " has not stopped yet",
                         "'lumi workflow wait " + workflow.id + "' waits for its end"));
    } else if (workflow.reason == "stopped") {
      stopped.push_back(workflow.id);
    } else {
      context.streams().message("workflow " + workflow.id + " has ended before: it has " + workflow.status);
    }
  }
  show_done(context, "stopped", stopped);
}

}  // namespace lumi::cli
