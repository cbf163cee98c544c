#include "core/schemas/task_definition.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace lumi::schemas {

namespace {

constexpr std::array<std::string_view, 3> k_summarization = {"bertscore", "meteor", "rouge"};
constexpr std::array<std::string_view, 3> k_translation = {"bleu", "comet", "meteor"};
constexpr std::array<std::string_view, 4> k_text_generation = {"bertscore", "bleu", "meteor", "rouge"};

bool is_known(const std::string& task) {
  return std::find(known_tasks().begin(), known_tasks().end(), task) != known_tasks().end();
}

std::string task_hint(const std::string& task) {
  auto hint = did_you_mean(task, known_tasks());
  return hint.empty() ? "the tasks are " + join(known_tasks(), ", ") : hint;
}

}  // namespace

const std::vector<std::string>& known_tasks() {
  static const std::vector<std::string> names = {"summarization", "translation", "text-generation"};
  return names;
}

void check_task(const std::string& task) {
  if (!is_known(task)) {
    throw Error(ErrorCode::usage, "unknown task " + quote(task), task_hint(task));
  }
}

std::span<const std::string_view> default_metrics(const std::string& task) {
  check_task(task);
  if (task == "summarization") {
    return k_summarization;
  }
  if (task == "translation") {
    return k_translation;
  }
  return k_text_generation;
}

TaskDefinition read_task_definition(BodyReader body) {
  TaskDefinition definition;
  const auto task = body.text("task");
  if (!task) {
    body.refuse("task", "is missing", "the tasks are " + join(known_tasks(), ", "));
  }
  if (!is_known(*task)) {
    body.refuse("task", "is the unknown task " + quote(*task), task_hint(*task));
  }
  definition.task = *task;
  if (definition.task == "translation") {
    definition.source_language = body.text("source_language");
    definition.target_language = body.text("target_language");
  }
  body.finish();
  return definition;
}

void check_task_definition(const TaskDefinition& definition) {
  check_task(definition.task);
  const bool is_translation = definition.task == "translation";
  if (is_translation && (!definition.source_language || !definition.target_language)) {
    throw Error(ErrorCode::invalid_input,
                "task \"translation\" needs source_language and target_language",
                "give --source-language and --target-language");
  }
  if (!is_translation && (definition.source_language || definition.target_language)) {
    throw Error(ErrorCode::invalid_input,
                "task " + quote(definition.task) + " has no languages",
                "only task \"translation\" takes --source-language and --target-language");
  }
}

void write_task_definition(JsonWriter& json, const TaskDefinition& definition) {
  json.begin_object();
  json.member("task", definition.task);
  if (definition.source_language) {
    json.member("source_language", *definition.source_language);
  }
  if (definition.target_language) {
    json.member("target_language", *definition.target_language);
  }
  json.end_object();
}

}  // namespace lumi::schemas
