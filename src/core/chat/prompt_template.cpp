#include "core/chat/prompt_template.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace lumi::chat {

namespace {

constexpr std::size_t k_none = std::string_view::npos;
constexpr std::string_view k_open = "{{";
constexpr std::string_view k_close = "}}";
constexpr std::string_view k_escaped = "\\{{";

[[noreturn]] void refuse(std::string_view text, std::size_t at, const std::string& problem) {
  const auto before = text.substr(0, at);
  const auto line_start = before.rfind('\n') == k_none ? 0 : before.rfind('\n') + 1;
  throw Error(ErrorCode::invalid_input,
              "prompt template:" + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ":" +
                  std::to_string(1 + count_code_points(before.substr(line_start))) + ": " + problem,
              "a place is written {{column}}; two braces that are none, \\{{");
}

}  // namespace

PromptTemplate PromptTemplate::parse(std::string_view text) {
  if (const auto bad = find_invalid_utf8(text)) {
    throw Error(ErrorCode::invalid_input, "prompt template: byte " + std::to_string(*bad) + " is not UTF-8");
  }
  PromptTemplate result;
  std::string literal;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto rest = text.substr(at);
    if (rest.starts_with(k_escaped)) {
      literal += k_open;
      at += k_escaped.size();
    } else if (rest.starts_with(k_open)) {
      const auto close = rest.find(k_close);
      const auto name = trim(rest.substr(k_open.size(), close == k_none ? k_none : close - k_open.size()));
      if (close == k_none || name.empty()) {
        refuse(text, at, close == k_none ? "{{ without }}" : "{{ }} names no column");
      }
      auto found = std::find(result.names_.begin(), result.names_.end(), name);
      if (found == result.names_.end()) {
        found = result.names_.insert(found, std::string(name));
      }
      result.pieces_.push_back({std::exchange(literal, {}), static_cast<std::size_t>(found - result.names_.begin())});
      at += close + k_close.size();
    } else {
      literal += text[at++];
    }
  }
  result.pieces_.push_back({std::move(literal), k_none});
  return result;
}

void PromptTemplate::bind(const std::vector<std::string>& columns) {
  fields_.clear();
  for (const auto& name : names_) {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end()) {
      const auto near = did_you_mean(name, columns);
      throw Error(ErrorCode::invalid_input,
                  "the prompt template names the column " + quote(name) + ", which the dataset does not have",
                  near.empty() ? "columns: " + join(columns, ", ") : near);
    }
    fields_.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
}

void PromptTemplate::render(std::span<const std::string_view> fields, std::string& out) const {
  for (const auto& piece : pieces_) {
    out += piece.text;
    if (piece.name != k_none) {
      out += fields[fields_[piece.name]];
    }
  }
}

std::string default_system_prompt(const schemas::TaskDefinition& task) {
  if (task.task == "summarization") {
    return "You summarize texts. Answer with a summary of the user's text in one or two sentences, and with nothing "
           "else.";
  }
  if (task.task == "translation") {
    return "You translate texts from " + task.source_language.value_or("the source language") + " to " +
           task.target_language.value_or("the target language") +
           ". Answer with the translation of the user's text, and with nothing else.";
  }
  throw Error(ErrorCode::invalid_input,
              "Default system_prompt not available for " + task.task,
              "give --system-prompt or --system-prompt-file");
}

}  // namespace lumi::chat
