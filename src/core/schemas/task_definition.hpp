#pragma once
#include "core/schemas/body_reader.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {
class JsonWriter;
}

namespace lumi::schemas {

/// The tasks there are.
const std::vector<std::string>& known_tasks();

/// Throws `usage` for an unknown task, with a near one.
void check_task(const std::string& task);

/// The metrics that results of a task are scored by when none are named. Throws as `check_task`.
std::span<const std::string_view> default_metrics(const std::string& task);

/// `{"task":"summarization"}`, `{"task":"translation","source_language":…,"target_language":…}`,
/// `{"task":"text-generation"}`.
struct TaskDefinition {
  std::string task = "summarization";
  std::optional<std::string> source_language;
  std::optional<std::string> target_language;
};

/// Reads a task_definition and finishes it. Throws `invalid_input` for a task that is absent or unknown, and for fields
/// that its task does not have.
TaskDefinition read_task_definition(BodyReader body);

/// Throws `usage` for an unknown task, languages that are missing, and languages that the task does not have; flags may
/// have filled in or changed parts of it.
void check_task_definition(const TaskDefinition& definition);

void write_task_definition(JsonWriter& json, const TaskDefinition& definition);

}  // namespace lumi::schemas
