#include "cli/io/score_view.hpp"

#include "base/decimals.hpp"
#include "base/text.hpp"
#include "core/evaluation/text_diff.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace lumi::cli {

namespace {

constexpr std::size_t k_bins = 16;

/// A score for people: four digits after the point, or a whole number.
std::string short_number(double value, bool is_integral) { return decimals(value, is_integral ? 0 : 4); }

std::string headline(const evaluation::Outcome& outcome) {
  const auto& samples = outcome.samples;
  std::string line = std::to_string(outcome.rows) + (outcome.rows == 1 ? " sample" : " samples");
  if (outcome.rows > 0) {
    line += ", coverage " + percent(samples.coverage());
  }
  for (const auto status : {evaluation::SampleStatus::empty,
                            evaluation::SampleStatus::truncated,
                            evaluation::SampleStatus::refused,
                            evaluation::SampleStatus::error}) {
    if (samples.of(status) > 0) {
      line += ", " + std::to_string(samples.of(status)) + " " + std::string(evaluation::to_text(status));
    }
  }
  return line;
}

void show_score_table(Streams& streams, const evaluation::Outcome& outcome) {
  const auto bold = [&](std::string_view text) { return streams.styled_out(text, Style::bold); };
  std::vector<std::vector<std::string>> cells{{bold("SCORE"), bold("MEAN"), bold("SCORED"), bold("DISTRIBUTION")}};
  for (const auto& label : evaluation::score_labels(outcome)) {
    const auto histogram = evaluation::histogram(outcome.scores, label.field->column, k_bins);
    cells.push_back({label.name,
                     streams.styled_out(short_number(label.field->mean, false), Style::cyan),
                     std::to_string(label.field->count) + "/" + std::to_string(outcome.rows),
                     short_number(histogram.low, label.field->is_integral) + " " + sparkline(histogram) + " " +
                         short_number(histogram.high, label.field->is_integral)});
  }
  for (const auto& [name, value] : outcome.averages) {
    cells.push_back({name, streams.styled_out(short_number(value, false), Style::cyan), "", ""});
  }
  streams.out().write(aligned_table(cells, streams.width()));
  for (const auto& metric : outcome.metrics) {
    streams.out().write(streams.styled_out(metric.signature, Style::dim) + "\n");
  }
}

}  // namespace

std::string sparkline(const evaluation::Histogram& histogram) {
  constexpr std::array<std::string_view, 9> k_bars{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto most = histogram.bins.empty() ? 0 : *std::max_element(histogram.bins.begin(), histogram.bins.end());
  std::string out;
  for (const auto count : histogram.bins) {
    out += k_bars[most == 0 || count == 0 ? 0 : std::max<std::uint64_t>(1, count * 8 / most)];
  }
  return out;
}

void show_scores(Streams& streams, const ViewSettings& settings, const evaluation::Outcome& outcome) {
  if (streams.out_terminal() == Terminal::yes) {
    streams.out().write(headline(outcome) + "\n\n");
    show_score_table(streams, outcome);
    return;
  }
  if (settings.header == HeaderLine::yes) {
    streams.out().write("score\tmean\tscored\n");
  }
  for (const auto& label : evaluation::score_labels(outcome)) {
    const auto mean = std::isfinite(label.field->mean) ? json_number(label.field->mean) : std::string();
    streams.out().write(label.name + "\t" + mean + "\t" + std::to_string(label.field->count) + "\n");
  }
  for (const auto& [name, value] : outcome.averages) {
    streams.out().write(name + "\t" + json_number(value) + "\t\n");
  }
}

std::string word_diff(const Streams& streams, std::string_view ground_truth, std::string_view prediction) {
  std::string out;
  for (const auto& run : evaluation::diff_words(ground_truth, prediction)) {
    const auto text = printable(run.text);
    out += out.empty() ? "" : " ";
    if (run.kind == evaluation::DiffKind::keep) {
      out += text;
    } else if (run.kind == evaluation::DiffKind::insert) {
      out += streams.out_has_color() ? streams.styled_out(text, Style::green) : "{+" + text + "+}";
    } else {
      out += streams.out_has_color() ? streams.styled_out(text, Style::red) : "[-" + text + "-]";
    }
  }
  return out;
}

void show_samples(Streams& streams,
                  const evaluation::Outcome& outcome,
                  const std::vector<evaluation::OwnedSample>& samples,
                  SampleTexts texts) {
  const auto labels = evaluation::score_labels(outcome);
  for (const auto& sample : samples) {
    std::string line = streams.styled_out("row " + std::to_string(sample.number), Style::bold);
    line += "  " + std::string(evaluation::to_text(sample.status));
    for (std::size_t i = 0; i < labels.size() && i < sample.scores.size(); ++i) {
      line += "  " + labels[i].name + " " + short_number(sample.scores[i], labels[i].field->is_integral);
    }
    streams.out().write(line + "\n");
    const auto truth = sample.ground_truth.value_or("");
    if (texts == SampleTexts::diff) {
      streams.out().write("  " + word_diff(streams, truth, sample.prediction) + "\n");
    } else {
      streams.out().write("  prediction    " + printable(sample.prediction) + "\n");
      if (sample.ground_truth) {
        streams.out().write("  ground truth  " + printable(truth) + "\n");
      }
    }
  }
}

}  // namespace lumi::cli
