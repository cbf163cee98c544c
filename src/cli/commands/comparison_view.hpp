#pragma once
#include "cli/commands/comparison_fields.hpp"
#include "cli/io/streams.hpp"

namespace lumi::cli {

/// A comparison for people: a table of the scores of each candidate, a sentence that says what is decided, and the
/// samples that changed most.
void show_comparison(Streams& streams, const ComparisonAnswer& answer);

/// "3f2a91c0 is better than 9b1c04de on rougeL and meteor; bleu is not decided": what a comparison says of a candidate.
std::string sentence_of(std::string_view baseline_name,
                        std::string_view candidate_name,
                        const services::CandidateComparison& found);

/// Throws `gate_failed` if a candidate is worse than the baseline on any score.
void throw_if_worse(const ComparisonAnswer& answer);

/// The first eight characters of an id, or a file as it is named.
std::string short_name(const std::string& id);

}  // namespace lumi::cli
