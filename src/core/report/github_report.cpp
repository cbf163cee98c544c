#include "core/report/problems.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lumi::report {

namespace {

// GitHub shows no more of a kind for one step.
constexpr std::uint64_t k_most_annotations = 10;

enum class Part { property, message };

/// The text as it may stand in a workflow command: on one line, and without what would end a property.
std::string escaped(std::string_view text, Part part) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (c == ':' && part == Part::property) {
      out += "%3A";
    } else if (c == ',' && part == Part::property) {
      out += "%2C";
    } else {
      const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
      out += is_control ? "\uFFFD" : std::string(1, c);
    }
  }
  return out;
}

std::string line_of(const Problem& problem, std::string_view command) {
  std::string line = "::" + std::string(command) + " ";
  if (problem.subject->file) {
    line += "file=" + escaped(*problem.subject->file, Part::property);
    line += problem.line ? ",line=" + std::to_string(*problem.line) : "";
    line += ",";
  }
  return line + "title=lumi::" + escaped(problem.message, Part::message) + "\n";
}

}  // namespace

void write_github(const Report& report, ByteSink& sink) {
  constexpr std::array<std::string_view, 2> k_commands{"warning", "error"};
  std::array<std::uint64_t, 2> counts{};
  for_each_problem(report, [&](const Problem& problem) {
    const auto kind = static_cast<std::size_t>(problem.kind);
    if (++counts[kind] <= k_most_annotations) {
      sink.write(line_of(problem, k_commands[kind]));
    }
  });
  const auto most_missing = std::min(counts[0], k_most_annotations);
  const auto most_worse = std::min(counts[1], k_most_annotations);
  if (const auto further = counts[0] + counts[1] - most_missing - most_worse; further > 0) {
    sink.write("::notice title=lumi::" + std::to_string(further) + " more; --format sarif has all of them\n");
  }
}

}  // namespace lumi::report
