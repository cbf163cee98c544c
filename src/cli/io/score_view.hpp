#pragma once
#include "cli/io/view.hpp"
#include "core/evaluation/summary.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

/// What an evaluation came to: on a terminal a line about the samples, and for each score its mean, how many samples
/// have it and a small histogram; in a pipe one `score  mean  scored` line per score, tab-separated.
void show_scores(Streams& streams, const ViewSettings& settings, const evaluation::Outcome& outcome);

/// Whether the texts are shown as they are or as a word diff against the ground truth.
enum class SampleTexts { plain, diff };

/// Samples for people: a block for each with its number, status, scores and texts.
void show_samples(Streams& streams,
                  const evaluation::Outcome& outcome,
                  const std::vector<evaluation::OwnedSample>& samples,
                  SampleTexts texts);

/// The words of `prediction` against those of `ground_truth`: what only the prediction has in green, what it lacks in
/// red; without colour as {+added+} and [-missing-].
std::string word_diff(const Streams& streams, std::string_view ground_truth, std::string_view prediction);

/// Bars of eight heights for the bins of a histogram.
std::string sparkline(const evaluation::Histogram& histogram);

}  // namespace lumi::cli
