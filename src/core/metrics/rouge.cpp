#include "core/metrics/rouge.hpp"

#include "base/version.hpp"
#include "core/metrics/sample_size.hpp"

#include <algorithm>
#include <string>

namespace lumi::metrics {

namespace {

RougeScore score_of(std::size_t hits, std::size_t in_prediction, std::size_t in_reference) {
  const auto share = [hits](std::size_t total) {
    return static_cast<double>(hits) / static_cast<double>(std::max<std::size_t>(total, 1));
  };
  RougeScore score;
  score.precision = share(in_prediction);
  score.recall = share(in_reference);
  const double sum = score.precision + score.recall;
  score.f_measure = sum > 0 ? 2 * score.precision * score.recall / sum : 0;
  return score;
}

void take_better(RougeScore& best, const RougeScore& score) {
  if (score.f_measure > best.f_measure) {
    best = score;
  }
}

std::size_t filled_lines(const RougeTokens& tokens) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < tokens.line_count(); ++i) {
    count += tokens.line(i).empty() ? 0U : 1U;
  }
  return count;
}

void count_tokens(std::span<const std::uint32_t> ids, std::uint32_t token_count, std::vector<std::uint32_t>& counts) {
  counts.assign(token_count, 0);
  for (const auto id : ids) {
    ++counts[id];
  }
}

class Rouge final : public Metric {
public:
  explicit Rouge(Stemming stemming) : stemming_(stemming) {}

  const Definition& definition() const override { return rouge_definition(); }

  std::string signature() const override {
    return std::string("rouge|stemmer:") + (stemming_ == Stemming::yes ? "porter" : "no") +
           "|tok:rouge_score|lsum:newline|version:lumi-" + std::string(k_version);
  }

  std::unique_ptr<Scorer> make_scorer() const override { return std::make_unique<RougeScorer>(stemming_); }

private:
  Stemming stemming_;
};

}  // namespace

std::array<std::size_t, 2> RougeScorer::ngram_hits(const RougeTokens& reference) {
  if (reference.ids.size() <= NGramMatches::k_longest_reference) {
    return scratch_.short_matches.count<2>(reference.ids, scratch_.prediction.ids, scratch_.tokens.size());
  }
  return {unigram_hits(reference), bigram_hits(reference)};
}

std::size_t RougeScorer::unigram_hits(const RougeTokens& reference) {
  auto& left = scratch_.in_reference;
  count_tokens(reference.ids, scratch_.tokens.size(), left);
  std::size_t hits = 0;
  for (const auto id : scratch_.prediction.ids) {
    const std::uint32_t hit = left[id] > 0 ? 1 : 0;
    left[id] -= hit;
    hits += hit;
  }
  return hits;
}

std::size_t RougeScorer::bigram_hits(const RougeTokens& reference) {
  auto& table = scratch_.bigrams;
  table.reset(reference.ids.size(), 0);
  for (std::size_t i = 1; i < reference.ids.size(); ++i) {
    table.insert(reference.ids[i - 1], reference.ids[i]).count.count_in(1);
  }
  std::size_t hits = 0;
  const auto& ids = scratch_.prediction.ids;
  for (std::size_t i = 1; i < ids.size(); ++i) {
    if (auto* bigram = table.find(ids[i - 1], ids[i])) {
      hits += bigram->count.match();
    }
  }
  return hits;
}

/// Tokens on the union of each reference line's common subsequences with all prediction lines, each token no more often
/// than both texts have it.
std::size_t RougeScorer::summary_hits(const RougeTokens& reference) {
  const auto token_count = scratch_.tokens.size();
  const auto& prediction = scratch_.prediction;
  auto& marks = scratch_.marks;
  marks.assign(reference.ids.size(), 0);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < reference.line_count(); ++i) {
    const auto line = reference.line(i);
    for (std::size_t k = 0; k < prediction.line_count(); ++k) {
      scratch_.subsequence.mark(line, prediction.line(k), token_count, std::span(marks).subspan(begin, line.size()));
    }
    begin += line.size();
  }
  count_tokens(reference.ids, token_count, scratch_.in_reference);
  count_tokens(prediction.ids, token_count, scratch_.in_prediction);
  std::size_t hits = 0;
  for (std::size_t i = 0; i < reference.ids.size(); ++i) {
    const auto id = reference.ids[i];
    if (marks[i] != 0 && scratch_.in_reference[id] > 0 && scratch_.in_prediction[id] > 0) {
      --scratch_.in_reference[id];
      --scratch_.in_prediction[id];
      ++hits;
    }
  }
  return hits;
}

RougeScores RougeScorer::score_against(const RougeTokens& reference) {
  const auto& prediction = scratch_.prediction;
  const std::size_t in_prediction = prediction.ids.size();
  const std::size_t in_reference = reference.ids.size();
  if (in_prediction == 0 || in_reference == 0) {
    return {};
  }
  RougeScores scores;
  const auto hits = ngram_hits(reference);
  scores.rouge1 = score_of(hits[0], in_prediction, in_reference);
  scores.rouge2 = score_of(hits[1], in_prediction - 1, in_reference - 1);
  scores.rouge_l = score_of(
      scratch_.subsequence.length(prediction.ids, reference.ids, scratch_.tokens.size()), in_prediction, in_reference);
  const bool is_one_line = filled_lines(prediction) == 1 && filled_lines(reference) == 1;
  scores.rouge_lsum = is_one_line ? scores.rouge_l : score_of(summary_hits(reference), in_prediction, in_reference);
  return scores;
}

RougeScores RougeScorer::score_one(const Sample& sample) {
  const std::size_t bytes = text_bytes(sample);
  scratch_.tokens.reset(expected_tokens(bytes));
  tokenize_for_rouge(sample.prediction, stemming_, scratch_.tokens, scratch_.prediction);
  scratch_.references.resize(std::max(scratch_.references.size(), sample.references.size()));
  RougeScores best;
  for (std::size_t i = 0; i < sample.references.size(); ++i) {
    auto& reference = scratch_.references[i];
    tokenize_for_rouge(sample.references[i], stemming_, scratch_.tokens, reference);
    const auto scores = score_against(reference);
    take_better(best.rouge1, scores.rouge1);
    take_better(best.rouge2, scores.rouge2);
    take_better(best.rouge_l, scores.rouge_l);
    take_better(best.rouge_lsum, scores.rouge_lsum);
  }
  if (bytes > k_large_sample_bytes) {
    scratch_ = Scratch();
  }
  return best;
}

void RougeScorer::score(std::span<const Sample> samples, Scores out) {
  auto field = out.fields.begin();
  for (const auto& sample : samples) {
    const auto scores = score_one(sample);
    *field++ = scores.rouge1.f_measure;
    *field++ = scores.rouge2.f_measure;
    *field++ = scores.rouge_l.f_measure;
    *field++ = scores.rouge_lsum.f_measure;
  }
}

const Definition& rouge_definition() {
  static const Definition definition = {
      .name = "rouge",
      .summary = "n-gram and subsequence overlap (ROUGE-1, 2, L, Lsum; F-measures), as rouge_score 0.1.2",
      .inputs = {Input::prediction, Input::reference},
      .fields = {{"rouge1", "rouge1_mean"},
                 {"rouge2", "rouge2_mean"},
                 {"rougeL", "rougeL_mean"},
                 {"rougeLsum", "rougeLsum_mean"}},
      .options = {{"stemmer", "false", "compare Porter stems of the words"}},
      .statistics = {},
  };
  return definition;
}

std::unique_ptr<Metric> make_rouge(const Options& options, const Resources& /*resources*/) {
  return std::make_unique<Rouge>(options.flag("stemmer") ? Stemming::yes : Stemming::no);
}

}  // namespace lumi::metrics
