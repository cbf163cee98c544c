#pragma once
#include "core/metrics/metric.hpp"
#include "core/metrics/text/common_subsequence.hpp"
#include "core/metrics/text/ngram_matches.hpp"
#include "core/metrics/text/ngram_table.hpp"
#include "core/metrics/text/rouge_tokenizer.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lumi::metrics {

/// One ROUGE value: the share of the prediction that the reference has, the share of the reference that the prediction
/// has, and their harmonic mean.
struct RougeScore {
  double precision = 0;
  double recall = 0;
  double f_measure = 0;
};

/// The four values that Lumigator asks for.
struct RougeScores {
  RougeScore rouge1;
  RougeScore rouge2;
  RougeScore rouge_l;
  RougeScore rouge_lsum;
};

/// ROUGE as rouge_score 0.1.2 computes it.
class RougeScorer final : public Scorer {
public:
  explicit RougeScorer(Stemming stemming) : stemming_(stemming) {}

  void score(std::span<const Sample> samples, Scores out) override;

  /// All numbers of a sample. Of several references each value takes the one with the highest F-measure, the first of
  /// equals.
  RougeScores score_one(const Sample& sample);

private:
  /// Memory that samples use one after the other.
  struct Scratch {
    TokenTable tokens;
    NGramMatches short_matches;
    NGramTable bigrams;
    CommonSubsequence subsequence;
    RougeTokens prediction;
    std::vector<RougeTokens> references;
    std::vector<std::uint32_t> in_reference;   ///< occurrences left, per token
    std::vector<std::uint32_t> in_prediction;  ///< occurrences left, per token
    std::vector<char> marks;                   ///< per token of the reference
  };

  RougeScores score_against(const RougeTokens& reference);
  std::array<std::size_t, 2> ngram_hits(const RougeTokens& reference);
  std::size_t unigram_hits(const RougeTokens& reference);
  std::size_t bigram_hits(const RougeTokens& reference);
  std::size_t summary_hits(const RougeTokens& reference);

  Stemming stemming_;
  Scratch scratch_;
};

const Definition& rouge_definition();
std::unique_ptr<Metric> make_rouge(const Options& options, const Resources& resources);

}  // namespace lumi::metrics
