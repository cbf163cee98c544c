#include "base/decimals.hpp"
#include "base/json_writer.hpp"
#include "base/sha256.hpp"
#include "core/evaluation/sample_row.hpp"
#include "core/report/charts.hpp"
#include "core/report/report.hpp"
#include "core/report/report_text.hpp"
#include "embedded/report_assets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace lumi::report {

namespace {

constexpr std::array k_statuses{evaluation::SampleStatus::ok,
                                evaluation::SampleStatus::empty,
                                evaluation::SampleStatus::truncated,
                                evaluation::SampleStatus::refused,
                                evaluation::SampleStatus::error};

std::string_view asset(std::string_view name) {
  for (const auto& file : k_report_assets) {
    if (file.name == name) {
      return file.text;
    }
  }
  return {};
}

// --- the data of the sample table ---

/// Passes JSON on in a form that cannot end the element it stands in.
class ScriptSink final : public ByteSink {
public:
  explicit ScriptSink(ByteSink& sink) : sink_(sink) {}

  void write(std::string_view bytes) override {
    for (auto at = bytes.find('<'); at != std::string_view::npos; at = bytes.find('<')) {
      sink_.write(bytes.substr(0, at));
      sink_.write("\\u003c");
      bytes.remove_prefix(at + 1);
    }
    sink_.write(bytes);
  }

private:
  ByteSink& sink_;
};

/// What a page shows of a number needs no more than six digits.
std::string compact_number(double value) {
  if (!std::isfinite(value)) {
    return "null";
  }
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.6g", value);
  return buffer.data();
}

void write_scores(JsonWriter& json, const evaluation::Outcome& outcome) {
  json.begin_array();
  for (const auto& label : evaluation::score_labels(outcome)) {
    json.begin_object();
    json.member("name", label.name);
    json.key("values");
    json.begin_array();
    outcome.scores.for_each_block(label.field->column, [&](std::uint64_t, std::span<const double> values) {
      for (const double value : values) {
        json.raw(compact_number(value));
      }
    });
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

template <class Write>
void write_list(JsonWriter& json, std::string_view name, const evaluation::ResultsReader& results, Write write) {
  json.key(name);
  json.begin_array();
  results.for_each([&](const evaluation::SampleRow& row) {
    write(row);
    return true;
  });
  json.end_array();
}

void write_subject(JsonWriter& json, const Subject& subject) {
  const auto& results = subject.party.results;
  json.begin_object();
  json.member("name", subject.name);
  json.key("scores");
  write_scores(json, results.outcome());
  write_list(json, "status", results, [&](const evaluation::SampleRow& row) {
    json.value(
        static_cast<std::int64_t>(std::find(k_statuses.begin(), k_statuses.end(), row.status) - k_statuses.begin()));
  });
  write_list(json, "predictions", results, [&](const evaluation::SampleRow& row) { json.value(row.prediction); });
  write_list(json, "truths", results, [&](const evaluation::SampleRow& row) {
    if (row.ground_truth) {
      json.value(*row.ground_truth);
    } else {
      json.raw("null");
    }
  });
  json.end_object();
}

void write_data(const Report& report, ByteSink& sink) {
  ScriptSink safe(sink);
  JsonWriter json(safe);
  json.begin_object();
  json.key("statuses");
  json.begin_array();
  for (const auto status : k_statuses) {
    json.value(evaluation::to_text(status));
  }
  json.end_array();
  json.key("subjects");
  json.begin_array();
  for (const auto& subject : report.subjects) {
    write_subject(json, subject);
  }
  json.end_array();
  json.end_object();
}

// --- the page ---

/// Scripts and styles run only with this word, which no text of a dataset can know before the page is written.
std::string nonce_of(const Report& report) {
  std::string all;
  for (const auto& subject : report.subjects) {
    all += subject.party.id + '\n' + subject.party.results.parameters_json() + '\n';
  }
  return sha256_hex(all + std::string(asset("report.js"))).substr(0, 32);
}

void write_head(const Report& report, const std::string& nonce, ByteSink& sink) {
  sink.write("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'nonce-" +
             nonce + "'; script-src 'nonce-" + nonce +
             "'; base-uri 'none'; form-action 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
             escape_markup(report.subjects.front().name) + " - lumi report</title>\n<style nonce=\"" + nonce + "\">\n");
  sink.write(asset("report.css"));
  sink.write("</style>\n</head>\n<body>\n");
}

void write_subjects(const Report& report, ByteSink& sink) {
  sink.write("<h1>Evaluation</h1>\n<ul class=\"soft\">\n");
  for (const auto& subject : report.subjects) {
    const auto& outcome = subject.party.results.outcome();
    sink.write("<li>" + escape_markup(subject.name) + " (" + escape_markup(subject.party.id) + "), " +
               std::to_string(outcome.rows) + " samples, coverage " + percent(outcome.samples.coverage()) +
               (subject.created_at ? ", " + escape_markup(*subject.created_at) : "") + "</li>\n");
  }
  sink.write("</ul>\n");
}

void write_means(const Report& report, ByteSink& sink) {
  sink.write("<h2>Scores</h2>\n<div class=\"scroll\"><table id=\"means\"><thead><tr><th>score</th>");
  for (const auto& subject : report.subjects) {
    sink.write("<th>" + escape_markup(subject.name) + "</th>");
  }
  sink.write("</tr></thead><tbody>\n");
  for (const auto& name : score_names(report)) {
    sink.write("<tr><td>" + escape_markup(name) + "</td>");
    for (const auto& subject : report.subjects) {
      sink.write("<td>" + short_number(mean_of(subject, name)) + "</td>");
    }
    sink.write("</tr>\n");
  }
  sink.write("</tbody></table></div>\n");
}

void write_comparisons(const Report& report, ByteSink& sink) {
  for (const auto& beside : report.comparisons) {
    sink.write("<h2>" + escape_markup(report.subjects[beside.subject].name) + " beside " +
               escape_markup(report.subjects.front().name) +
               "</h2>\n<div class=\"scroll\"><table class=\"comparison\"><thead><tr><th>score</th><th>difference</th>"
               "<th>95 % interval</th><th>p (Holm)</th><th>finding</th></tr></thead><tbody>\n");
    for (const auto& score : beside.scores) {
      const std::string finding(comparison::to_text(score.finding));
      sink.write("<tr><td>" + escape_markup(score.score) + "</td><td>" + signed_number(score.bootstrap.difference) +
                 "</td><td>" + signed_number(score.bootstrap.interval.low) + " to " +
                 signed_number(score.bootstrap.interval.high) + "</td><td>" + short_number(score.p_adjusted) +
                 "</td><td class=\"" + finding + "\">" + finding + "</td></tr>\n");
    }
    sink.write("</tbody></table></div>\n");
  }
  for (const auto& remark : report.remarks) {
    sink.write("<p class=\"soft\">" + escape_markup(remark) + "</p>\n");
  }
}

void write_samples(const Report& report, const std::string& nonce, ByteSink& sink) {
  sink.write("<h2>Samples</h2>\n<div class=\"controls\"><select id=\"subject\" aria-label=\"evaluation\"></select>"
             "<input id=\"search\" type=\"search\" placeholder=\"search predictions and ground truths\" "
             "aria-label=\"search\"><select id=\"status\" aria-label=\"status\"><option value=\"\">every status"
             "</option></select><button id=\"before\">previous</button><span id=\"count\"></span>"
             "<button id=\"after\">next</button></div>\n<div class=\"scroll\"><table id=\"samples\"><thead></thead>"
             "<tbody></tbody></table></div>\n<h2>Signatures</h2>\n<ul class=\"soft\">\n");
  for (const auto& subject : report.subjects) {
    for (const auto& metric : subject.party.results.outcome().metrics) {
      sink.write("<li>" + escape_markup(subject.name + ": " + metric.signature) + "</li>\n");
    }
  }
  sink.write("</ul>\n<script id=\"data\" type=\"application/json\">");
  write_data(report, sink);
  sink.write("</script>\n<script nonce=\"" + nonce + "\">\n");
  sink.write(asset("report.js"));
  sink.write("</script>\n</body>\n</html>\n");
}

}  // namespace

void write_html(const Report& report, ByteSink& sink) {
  const auto nonce = nonce_of(report);
  write_head(report, nonce, sink);
  write_subjects(report, sink);
  write_means(report, sink);
  write_charts(report, sink);
  write_comparisons(report, sink);
  write_samples(report, nonce, sink);
}

}  // namespace lumi::report
