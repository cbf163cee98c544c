#pragma once
#include "base/hash.hpp"
#include "core/metrics/meteor_vocabulary.hpp"
#include "core/metrics/metric.hpp"
#include "core/metrics/text/punkt.hpp"
#include "core/metrics/text/slot_table.hpp"
#include "core/metrics/text/word_tokenizer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::metrics {

/// The parameters of METEOR, and the data that its stages use.
struct MeteorSettings {
  double alpha = 0.9;                            ///< weight of precision against recall
  double beta = 3;                               ///< how the penalty grows with fragmentation
  double gamma = 0.5;                            ///< the largest penalty
  std::shared_ptr<const PunktParameters> punkt;  ///< null: each text is one sentence
  std::shared_ptr<const WordNet> wordnet;        ///< null: no synonyms
};

/// How the words of two texts were matched.
struct MeteorDetail {
  std::size_t exact = 0;
  std::size_t stem = 0;
  std::size_t synonym = 0;
  std::size_t chunks = 0;
  std::vector<std::pair<std::size_t, std::size_t>> alignment;  ///< positions in prediction and reference, ascending
  double score = 0;
};

/// METEOR as HF evaluate computes it with NLTK 3.8.1.
class MeteorScorer final : public Scorer {
public:
  explicit MeteorScorer(const MeteorSettings& settings);

  void score(std::span<const Sample> samples, Scores out) override;

  /// The score of one sample: the highest that it has with any of its references.
  double score_one(const Sample& sample);

  /// How one pair was matched, for those who want to see it.
  MeteorDetail explain(std::string_view prediction, std::string_view reference);

private:
  using Id = MeteorVocabulary::Id;
  static constexpr std::uint32_t k_none = MeteorVocabulary::k_none;

  /// A word of a text; in a list of those left, one that no stage has matched yet.
  struct Word {
    std::uint32_t position;
    Id id;
  };
  struct Matches {
    std::array<std::size_t, 3> by_stage{};
    std::size_t total() const { return by_stage[0] + by_stage[1] + by_stage[2]; }
  };

  /// The words left of the reference that have a name in WordNet: the last one of each name.
  struct NameSlot {
    std::uint32_t name = 0;
    std::uint32_t last = 0;
    std::uint32_t round = 0;
    std::uint64_t hash() const { return hash_number(name); }
  };

  void tokenize(std::string_view text, std::vector<Word>& words);
  Matches match(std::string_view reference);
  std::size_t match_equal();
  void stem(std::vector<Word>& words);
  std::size_t match_synonyms();
  std::uint64_t collect_names();
  NameSlot* find_last_synonym(Id stem, std::uint64_t filter);
  void pair_up(Word& predicted, std::uint32_t reference);
  void drop_matched();
  std::size_t count_chunks() const;
  double combine(std::size_t matches) const;
  void limit_memory();

  MeteorSettings settings_;
  WordTokenizer tokenizer_;
  std::optional<Punkt> punkt_;
  MeteorVocabulary vocabulary_;
  std::vector<Word> prediction_;
  std::size_t reference_count_ = 0;
  std::vector<Word> prediction_left_;
  std::vector<Word> reference_left_;
  SlotTable<NameSlot> names_;
  std::vector<std::uint32_t> last_;      ///< per id: the last unmatched word of the reference, as an index
  std::vector<std::uint32_t> previous_;  ///< per word left in the reference: the one before with the same id
  std::vector<std::uint32_t> matched_;   ///< per position of the prediction: the position in the reference
};

const Definition& meteor_definition();
std::unique_ptr<Metric> make_meteor(const Options& options, const Resources& resources);

}  // namespace lumi::metrics
