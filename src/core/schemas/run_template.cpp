#include "core/schemas/run_template.hpp"

#include "base/json_string.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace lumi::schemas {

namespace {

// What people call them, the likeliest first.
constexpr std::array<std::string_view, 12> k_examples = {"article",
                                                         "document",
                                                         "dialogue",
                                                         "text",
                                                         "source",
                                                         "input",
                                                         "prompt",
                                                         "question",
                                                         "content",
                                                         "body",
                                                         "example",
                                                         "sentence"};
constexpr std::array<std::string_view, 13> k_ground_truth = {"summary",
                                                             "highlights",
                                                             "reference",
                                                             "target",
                                                             "expected",
                                                             "answer",
                                                             "translation",
                                                             "output",
                                                             "label",
                                                             "completion",
                                                             "response",
                                                             "gold",
                                                             "references"};

template <std::size_t Count>
std::optional<std::string> find_usual(const std::vector<std::string>& columns,
                                      std::string_view name,
                                      const std::array<std::string_view, Count>& usual) {
  if (std::find(columns.begin(), columns.end(), name) != columns.end()) {
    return std::string(name);
  }
  for (const auto word : usual) {
    const auto is_it = [&](const std::string& column) { return to_lower_ascii(trim(column)) == word; };
    if (const auto found = std::find_if(columns.begin(), columns.end(), is_it); found != columns.end()) {
      return *found;
    }
  }
  return std::nullopt;
}

// A comment is one line, whatever the columns are called.
std::string in_comment(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  return text;
}

std::string columns_line(const RunTemplate& run) {
  const auto pairs = guess_columns(run.columns);
  std::vector<std::string> parts;
  for (const auto& [name, column] : pairs) {
    parts.push_back(name + ": " + json_string(column));
  }
  if (!find_usual(run.columns, "examples", k_examples)) {
    return "# Which column holds the texts that the models are given? Say it here, or use a prompt_template:\n"
           "# columns: {examples: COLUMN, ground_truth: COLUMN}\n"
           "# prompt_template: \"Explain {{some_column}} to a child.\"\n";
  }
  return parts.empty() ? "" : "# What these columns are called in the file:\ncolumns: {" + join(parts, ", ") + "}\n";
}

std::string models_lines(const RunTemplate& run) {
  std::string text =
      "# Each of them is asked about every row: PROVIDER/MODEL, MODEL@URL, or with settings of its own.\n"
      "models:\n";
  for (const auto& model : run.models) {
    text += "  - " + json_string(model) + "\n";
  }
  if (run.models.empty()) {
    text += "  - openai/gpt-4o-mini\n"
            "  - {name: local, model: my-model, base_url: \"http://127.0.0.1:8080/v1\"}\n";
  }
  text += "  # - model: mistral-small-latest\n"
          "  #   provider: mistral\n"
          "  #   system_prompt: \"Summarise in one sentence.\"\n"
          "  #   generation_config: {temperature: 0.2, max_new_tokens: 128}\n";
  return text;
}

std::string metrics_lines(const RunTemplate& run) {
  const std::string usual = run.task == "translation" ? "[bleu, meteor]" : "[rouge, meteor]";
  return has_ground_truth(run)
             ? "metrics: " + usual + "  # 'lumi help metrics' lists all\n"
             : "# There is no column of ground truths, which these metrics compare the answers with:\n"
               "# 'lumi job create annotate' lets a strong model write them.\n"
               "metrics: " +
                   usual + "\n";
}

std::string task_lines(const RunTemplate& run) {
  const std::string languages = "{task: translation, source_language: English, target_language: Norwegian}";
  return run.task == "translation" ? "task: " + languages + "\n"
                                   : "task: " + run.task + "\n# task: " + languages + "\n";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> guess_columns(const std::vector<std::string>& columns) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto add = [&](const char* name, const std::optional<std::string>& column) {
    if (column && *column != name) {
      pairs.emplace_back(name, *column);
    }
  };
  add("examples", find_usual(columns, "examples", k_examples));
  add("ground_truth", find_usual(columns, "ground_truth", k_ground_truth));
  return pairs;
}

bool has_ground_truth(const RunTemplate& run) {
  return find_usual(run.columns, "ground_truth", k_ground_truth).has_value();
}

std::string run_template(const RunTemplate& run) {
  return "# What 'lumi run' evaluates; 'lumi run --check' looks whether it can. See docs/running.md.\n"
         "name: " +
         json_string(run.name) + "\n" + "dataset: " + json_string(run.dataset) + "  # " + std::to_string(run.rows) +
         " rows of " + in_comment(join(run.columns, ", ")) + "\n" + columns_line(run) + "\n" + task_lines(run) + "\n" +
         models_lines(run) + "\n" + metrics_lines(run) +
         "\n"
         "# A few rows are enough to try it; with a seed they are taken at random, the same for all models.\n"
         "# max_samples: 20\n"
         "# sample_seed: 1\n"
         "\n"
         "# 'lumi run' exits with 9 where one of these does not hold.\n"
         "# require: [\"coverage >= 0.99\", \"rougeL >= 0.2\"]\n"
         "# report: {html: report.html, markdown: summary.md, junit: lumi.xml}\n"
         "\n"
         "# concurrency: 8\n"
         "# max_cost: 2.50  # USD, of all models together\n";
}

}  // namespace lumi::schemas
