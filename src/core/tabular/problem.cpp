#include "core/tabular/problem.hpp"

#include "base/text.hpp"

#include <utility>

namespace lumi::tabular {

std::string located_message(std::string_view name, const Problem& problem) {
  std::string text(name);
  if (problem.line > 0) {
    text += ':' + std::to_string(problem.line);
  }
  if (problem.line > 0 && problem.column > 0) {
    text += ':' + std::to_string(problem.column);
  }
  return text + ": " + problem.message;
}

std::string quote_short(std::string_view text) {
  constexpr std::size_t k_shown = 60;
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size() && count < k_shown; ++count) {
    next_code_point(text, end);
  }
  return end < text.size() ? quote(std::string(text.substr(0, end)) + "…") : quote(text);
}

void ThrowingSink::report(Problem problem) {
  throw Error(problem.code, located_message(name_, problem), std::move(problem.hint));
}

void CollectingSink::report(Problem problem) {
  switch (problem.severity) {
  case Severity::error:
    ++errors_;
    break;
  case Severity::warning:
    ++warnings_;
    break;
  case Severity::note:
    ++notes_;
    break;
  }
  // A file may name its columns with megabytes.
  constexpr std::size_t k_longest_field = 1000;
  if (problem.field.size() > k_longest_field) {
    problem.field.clear();
  }
  if (problems_.size() < limit_) {
    problems_.push_back(std::move(problem));
  }
}

std::uint64_t CollectingSink::count(Severity severity) const {
  switch (severity) {
  case Severity::error:
    return errors_;
  case Severity::warning:
    return warnings_;
  default:
    return notes_;
  }
}

}  // namespace lumi::tabular
