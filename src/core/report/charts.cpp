#include "core/report/charts.hpp"

#include "base/decimals.hpp"
#include "core/evaluation/summary.hpp"
#include "core/report/report_text.hpp"
#include "core/statistics/bootstrap.hpp"

#include <algorithm>
#include <cmath>

namespace lumi::report {

namespace {

constexpr double k_bar_width = 300;
constexpr double k_bar_height = 22;
constexpr double k_label_width = 160;
constexpr std::size_t k_bins = 20;
constexpr double k_bin_width = 14;
constexpr double k_bins_height = 80;

std::string pixels(double value) { return decimals(value, 1); }

std::string rectangle(double x, double y, double width, double height) {
  return "<rect class=\"bar\" x=\"" + pixels(x) + "\" y=\"" + pixels(y) + "\" width=\"" + pixels(width) +
         "\" height=\"" + pixels(height) + "\"/>";
}

std::string line(double x1, double x2, double y) {
  return "<line class=\"whisker\" x1=\"" + pixels(x1) + "\" x2=\"" + pixels(x2) + "\" y1=\"" + pixels(y) + "\" y2=\"" +
         pixels(y) + "\"/>";
}

std::string svg(double width, double height, const std::string& label, const std::string& inner) {
  return "<svg role=\"img\" aria-label=\"" + escape_markup(label) + "\" width=\"" + pixels(width) + "\" height=\"" +
         pixels(height) + "\" viewBox=\"0 0 " + pixels(width) + " " + pixels(height) + "\">" + inner + "</svg>";
}

std::string figure(const std::string& caption, const std::string& inner) {
  return "<figure><figcaption>" + escape_markup(caption) + "</figcaption>" + inner + "</figure>\n";
}

const evaluation::FieldOutcome* find_field(const Subject& subject, const std::string& score) {
  for (const auto& label : evaluation::score_labels(subject.party.results.outcome())) {
    if (label.name == score) {
      return label.field;
    }
  }
  return nullptr;
}

struct Bar {
  std::string name;
  double mean = 0;
  statistics::Interval interval;
};

std::string bars_of(const Report& report, const std::string& score) {
  std::vector<Bar> bars;
  double most = 1;
  double least = 0;
  for (const auto& subject : report.subjects) {
    const auto* field = find_field(subject, score);
    const auto numbers = field == nullptr ? std::vector<double>() : comparison::numbers_of(subject.party, score);
    if (!numbers.empty()) {
      bars.push_back({subject.name, field->mean, statistics::bootstrap_interval(numbers, {})});
      most = std::max(most, bars.back().interval.high);
      least = std::min(least, bars.back().interval.low);
    }
  }
  const auto x = [&](double value) { return k_label_width + (value - least) / (most - least) * k_bar_width; };
  std::string inner;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double top = static_cast<double>(i) * k_bar_height;
    const double middle = top + k_bar_height / 2;
    const double from = x(std::min(0.0, bars[i].mean));
    inner += "<text x=\"0\" y=\"" + pixels(middle + 4) + "\">" + escape_markup(bars[i].name.substr(0, 22)) + "</text>" +
             rectangle(from, top + 4, x(std::max(0.0, bars[i].mean)) - from, k_bar_height - 8) +
             line(x(bars[i].interval.low), x(bars[i].interval.high), middle) + "<text x=\"" +
             pixels(k_label_width + k_bar_width + 8) + "\" y=\"" + pixels(middle + 4) + "\">" +
             short_number(bars[i].mean) + "</text>";
  }
  const double height = std::max(1.0, static_cast<double>(bars.size()) * k_bar_height);
  return svg(k_label_width + k_bar_width + 70, height, "means of " + score, inner);
}

std::string histogram_of(const Subject& subject, const evaluation::FieldOutcome& field) {
  const auto histogram = evaluation::histogram(subject.party.results.outcome().scores, field.column, k_bins);
  const auto most = histogram.bins.empty() ? 0U : *std::ranges::max_element(histogram.bins);
  std::string inner;
  for (std::size_t i = 0; i < histogram.bins.size() && most > 0; ++i) {
    const double height = k_bins_height * static_cast<double>(histogram.bins[i]) / static_cast<double>(most);
    inner += rectangle(static_cast<double>(i) * k_bin_width, k_bins_height - height, k_bin_width - 2, height);
  }
  const double width = k_bin_width * static_cast<double>(k_bins);
  inner += "<text x=\"0\" y=\"" + pixels(k_bins_height + 15) + "\">" + short_number(histogram.low) +
           "</text><text text-anchor=\"end\" x=\"" + pixels(width) + "\" y=\"" + pixels(k_bins_height + 15) + "\">" +
           short_number(histogram.high) + "</text>";
  return svg(width, k_bins_height + 20, "distribution", inner);
}

}  // namespace

void write_charts(const Report& report, ByteSink& sink) {
  sink.write("<h2>Means with 95 % intervals</h2>\n<div class=\"charts\">\n");
  for (const auto& score : score_names(report)) {
    sink.write(figure(score, bars_of(report, score)));
  }
  sink.write("</div>\n<h2>Distributions</h2>\n<div class=\"charts\">\n");
  for (const auto& score : score_names(report)) {
    for (const auto& subject : report.subjects) {
      if (const auto* field = find_field(subject, score)) {
        const auto caption = report.subjects.size() > 1 ? score + ", " + subject.name : score;
        sink.write(figure(caption, histogram_of(subject, *field)));
      }
    }
  }
  sink.write("</div>\n");
}

}  // namespace lumi::report
