#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "core/report/problems.hpp"

#include <array>

namespace lumi::report {

namespace {

struct Rule {
  std::string_view id;
  std::string_view text;
  std::string_view level;
};

// In the order of Problem::Kind.
constexpr std::array<Rule, 2> k_rules{{{"missing-prediction", "A sample has no prediction", "warning"},
                                       {"worse-score", "A score is worse than that of the first evaluation", "error"}}};

/// A text in which SARIF finds no link: `[a](b)` would be one.
std::string plain_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '[' || c == ']' || c == '\\' ? "\\" : "";
    escaped += c;
  }
  return escaped;
}

void write_text(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key);
  json.begin_object();
  json.member("text", plain_text(text));
  json.end_object();
}

void write_rule(JsonWriter& json, const Rule& rule) {
  json.begin_object();
  json.member("id", rule.id);
  write_text(json, "shortDescription", rule.text);
  json.key("defaultConfiguration");
  json.begin_object();
  json.member("level", rule.level);
  json.end_object();
  json.end_object();
}

void write_location(JsonWriter& json, const Problem& problem) {
  json.begin_object();
  json.key("physicalLocation");
  json.begin_object();
  json.key("artifactLocation");
  json.begin_object();
  json.member("uri", percent_encode(*problem.subject->file, "/"));
  json.end_object();
  if (problem.line) {
    json.key("region");
    json.begin_object();
    json.member("startLine", *problem.line);
    json.end_object();
  }
  json.end_object();
  json.end_object();
}

void write_result(JsonWriter& json, const Problem& problem) {
  const auto kind = static_cast<std::size_t>(problem.kind);
  const auto& rule = k_rules[kind];
  json.begin_object();
  json.member("ruleId", rule.id);
  json.member("ruleIndex", kind);
  json.member("level", rule.level);
  write_text(json, "message", problem.message);
  if (problem.subject->file) {
    json.key("locations");
    json.begin_array();
    write_location(json, problem);
    json.end_array();
  }
  // What stays the same from run to run, so that a server knows a problem again.
  json.key("partialFingerprints");
  json.begin_object();
  json.member("lumi/v1", std::string(rule.id) + ":" + problem.subject->name + ":" + problem.what);
  json.end_object();
  json.key("properties");
  json.begin_object();
  json.member("evaluation", problem.subject->party.id);
  json.end_object();
  json.end_object();
}

}  // namespace

void write_sarif(const Report& report, ByteSink& sink) {
  JsonWriter json(sink, JsonStyle::indented(1));
  json.begin_object();
  json.member("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
  json.member("version", "2.1.0");
  json.key("runs");
  json.begin_array();
  json.begin_object();
  json.key("tool");
  json.begin_object();
  json.key("driver");
  json.begin_object();
  json.member("name", "lumi");
  json.member("version", std::string_view(k_version));
  json.key("rules");
  json.begin_array();
  for (const auto& rule : k_rules) {
    write_rule(json, rule);
  }
  json.end_array();
  json.end_object();
  json.end_object();
  json.key("results");
  json.begin_array();
  for_each_problem(report, [&](const Problem& problem) { write_result(json, problem); });
  json.end_array();
  json.end_object();
  json.end_array();
  json.end_object();
  sink.write("\n");
}

}  // namespace lumi::report
