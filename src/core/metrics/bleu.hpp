#pragma once
#include "core/metrics/metric.hpp"
#include "core/metrics/text/ngram_matches.hpp"
#include "core/metrics/text/ngram_table.hpp"
#include "core/metrics/text/token_table.hpp"
#include "core/metrics/text/tokenizer_13a.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

constexpr std::size_t k_bleu_orders = 4;

/// What BLEU counts in a sample; the sums over all samples give the corpus score.
struct BleuCounts {
  std::array<double, k_bleu_orders> matches{};   ///< n-grams of the prediction that a reference has, for n = 1 to 4
  std::array<double, k_bleu_orders> possible{};  ///< n-grams of the prediction
  double translation_length = 0;
  double reference_length = 0;  ///< of the shortest reference
};

struct BleuScore {
  double bleu = 0;
  std::array<double, k_bleu_orders> precisions{};
  double brevity_penalty = 0;
  double length_ratio = 0;
};

/// How the numbers of BLEU are made.
struct BleuSettings {
  bool lowercase = false;
  bool smooth = false;  ///< one more match and one more n-gram at every order
  std::size_t max_order = k_bleu_orders;
};

/// BLEU from its counts as HF evaluate computes it; 0 where that divides by zero, because a side has no tokens.
BleuScore bleu_of(const BleuCounts& counts, const BleuSettings& settings);

/// Counts for BLEU as HF evaluate 0.4.3 does, with its tokenizer 13a.
class BleuScorer final : public Scorer {
public:
  explicit BleuScorer(const BleuSettings& settings) : settings_(settings) {}

  void score(std::span<const Sample> samples, Scores out) override;

  /// The counts of a sample; an n-gram may match as often as the reference that has it most often has it.
  BleuCounts count(const Sample& sample);

private:
  /// Where a text's tokens are among those of the sample.
  struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// Memory that samples use one after the other.
  struct Scratch {
    Tokenizer13a tokenizer;
    TokenTable tokens;
    NGramMatches short_matches;
    NGramTable ngrams;
    std::vector<NGramCount> unigrams;  ///< per token
    std::string bytes;                 ///< the texts, prepared
    std::string lower;
    std::vector<Part> text_parts;  ///< of `bytes`, then of `ids`
    std::vector<std::uint32_t> ids;
  };

  using Tokens = std::span<const std::uint32_t>;
  using Matches = std::array<std::size_t, k_bleu_orders>;

  void tokenize(const Sample& sample);
  void add_text(std::string_view text);
  Tokens tokens_of(std::size_t text) const;
  Matches match_any(std::size_t references);
  void count_reference(Tokens ids, std::uint32_t which);
  Matches match_prediction(Tokens ids);

  BleuSettings settings_;
  Scratch scratch_;
};

const Definition& bleu_definition();
std::unique_ptr<Metric> make_bleu(const Options& options, const Resources& resources);

}  // namespace lumi::metrics
