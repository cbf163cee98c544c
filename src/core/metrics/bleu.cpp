#include "core/metrics/bleu.hpp"

#include "base/version.hpp"
#include "core/metrics/sample_size.hpp"
#include "core/metrics/text/python_text.hpp"

#include <algorithm>
#include <cmath>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_text_padding = std::max(TokenTable::k_padding, Tokenizer13a::k_padding);

void write_counts(const BleuCounts& counts, std::span<double> statistics) {
  auto next = std::copy(counts.matches.begin(), counts.matches.end(), statistics.begin());
  next = std::copy(counts.possible.begin(), counts.possible.end(), next);
  *next++ = counts.translation_length;
  *next = counts.reference_length;
}

BleuCounts read_counts(std::span<const double> statistics) {
  BleuCounts counts;
  const auto next = statistics.begin();
  std::copy_n(next, k_bleu_orders, counts.matches.begin());
  std::copy_n(next + k_bleu_orders, k_bleu_orders, counts.possible.begin());
  counts.translation_length = statistics[2 * k_bleu_orders];
  counts.reference_length = statistics[2 * k_bleu_orders + 1];
  return counts;
}

double precision_of(double matches, double possible, bool smooth) {
  if (smooth) {
    return (matches + 1) / (possible + 1);
  }
  return possible > 0 ? matches / possible : 0;
}

class Bleu final : public Metric {
public:
  explicit Bleu(const BleuSettings& settings) : settings_(settings) {}

  const Definition& definition() const override { return bleu_definition(); }

  std::string signature() const override {
    return std::string("bleu|case:") + (settings_.lowercase ? "lc" : "mixed") +
           "|tok:13a|smooth:" + (settings_.smooth ? "add-1" : "no") + "|order:" + std::to_string(settings_.max_order) +
           "|ref:shortest|version:lumi-" + std::string(k_version);
  }

  std::unique_ptr<Scorer> make_scorer() const override { return std::make_unique<BleuScorer>(settings_); }

  std::vector<CorpusValue> corpus(std::span<const double> statistic_sums) const override {
    const auto counts = read_counts(statistic_sums);
    const auto score = bleu_of(counts, settings_);
    constexpr std::array<std::string_view, k_bleu_orders> k_precisions = {
        "precision_1", "precision_2", "precision_3", "precision_4"};
    std::vector<CorpusValue> values = {{"bleu", score.bleu}};
    for (std::size_t i = 0; i < settings_.max_order; ++i) {
      values.push_back({k_precisions[i], score.precisions[i]});
    }
    values.push_back({"brevity_penalty", score.brevity_penalty});
    values.push_back({"length_ratio", score.length_ratio});
    values.push_back({"translation_length", counts.translation_length});
    values.push_back({"reference_length", counts.reference_length});
    return values;
  }

private:
  BleuSettings settings_;
};

}  // namespace

BleuScore bleu_of(const BleuCounts& counts, const BleuSettings& settings) {
  BleuScore score;
  if (counts.translation_length == 0 || counts.reference_length == 0) {
    return score;
  }
  const auto precisions = std::span(score.precisions).first(settings.max_order);
  double log_sum = 0;
  double least = 1;
  for (std::size_t i = 0; i < precisions.size(); ++i) {
    precisions[i] = precision_of(counts.matches[i], counts.possible[i], settings.smooth);
    least = std::min(least, precisions[i]);
    log_sum += 1 / static_cast<double>(settings.max_order) * std::log(precisions[i]);
  }
  score.length_ratio = counts.translation_length / counts.reference_length;
  score.brevity_penalty = score.length_ratio > 1 ? 1 : std::exp(1 - 1 / score.length_ratio);
  score.bleu = least > 0 ? std::exp(log_sum) * score.brevity_penalty : 0;
  return score;
}

void BleuScorer::add_text(std::string_view text) {
  auto& bytes = scratch_.bytes;
  Part part;
  part.begin = bytes.size();
  if (settings_.lowercase) {
    scratch_.lower.clear();
    python::append_lower(text, scratch_.lower);
    text = scratch_.lower;
  }
  prepare_13a(text, bytes);
  part.end = bytes.size();
  bytes.append(k_text_padding, '\0');
  scratch_.text_parts.push_back(part);
}

void BleuScorer::tokenize(const Sample& sample) {
  scratch_.tokens.reset(expected_tokens(text_bytes(sample)));
  scratch_.bytes.clear();
  scratch_.text_parts.clear();
  scratch_.ids.clear();
  add_text(sample.prediction);
  for (const auto reference : sample.references) {
    add_text(reference);
  }
  for (auto& part : scratch_.text_parts) {
    const auto text = std::string_view(scratch_.bytes).substr(part.begin, part.end - part.begin);
    part.begin = scratch_.ids.size();
    scratch_.tokenizer.for_each_token(text, [&](std::size_t begin, std::size_t end) {
      scratch_.ids.push_back(scratch_.tokens.intern(text.data() + begin, end - begin));
    });
    part.end = scratch_.ids.size();
  }
}

BleuScorer::Tokens BleuScorer::tokens_of(std::size_t text) const {
  const auto& part = scratch_.text_parts[text];
  return Tokens(scratch_.ids).subspan(part.begin, part.end - part.begin);
}

void BleuScorer::count_reference(Tokens ids, std::uint32_t which) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    scratch_.unigrams[ids[i]].count_in(which);
    std::uint32_t prefix = ids[i];
    for (const auto token : ids.subspan(i + 1, std::min(k_bleu_orders, ids.size() - i) - 1)) {
      auto& ngram = scratch_.ngrams.insert(prefix, token);
      ngram.count.count_in(which);
      prefix = ngram.id;
    }
  }
}

BleuScorer::Matches BleuScorer::match_prediction(Tokens ids) {
  Matches matches{};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto& unigram = scratch_.unigrams[ids[i]];
    if (unigram.reference == 0) {
      continue;
    }
    matches[0] += unigram.match();
    std::uint32_t prefix = ids[i];
    std::size_t order = 1;
    for (const auto token : ids.subspan(i + 1, std::min(k_bleu_orders, ids.size() - i) - 1)) {
      auto* ngram = scratch_.ngrams.find(prefix, token);
      if (ngram == nullptr) {
        break;  // no reference has the longer ones either
      }
      matches[order++] += ngram->count.match();
      prefix = ngram->id;
    }
  }
  return matches;
}

/// The matches with references of any number and length.
BleuScorer::Matches BleuScorer::match_any(std::size_t references) {
  const auto in_references = scratch_.ids.size() - tokens_of(0).size();
  scratch_.ngrams.reset(std::min((k_bleu_orders - 1) * in_references, k_large_sample_bytes), scratch_.tokens.size());
  scratch_.unigrams.assign(scratch_.tokens.size(), NGramCount());
  for (std::size_t i = 1; i <= references; ++i) {
    count_reference(tokens_of(i), static_cast<std::uint32_t>(i));
  }
  return match_prediction(tokens_of(0));
}

BleuCounts BleuScorer::count(const Sample& sample) {
  tokenize(sample);
  const auto prediction = tokens_of(0);
  const auto references = sample.references.size();
  const bool is_short = references == 1 && tokens_of(1).size() <= NGramMatches::k_longest_reference;
  const auto matches =
      is_short ? scratch_.short_matches.count<k_bleu_orders>(tokens_of(1), prediction, scratch_.tokens.size())
               : match_any(references);
  BleuCounts counts;
  for (std::size_t order = 0; order < k_bleu_orders; ++order) {
    counts.matches[order] = static_cast<double>(matches[order]);
    counts.possible[order] = prediction.size() > order ? static_cast<double>(prediction.size() - order) : 0;
  }
  std::size_t shortest = references == 0 ? 0 : tokens_of(1).size();
  for (std::size_t i = 2; i <= references; ++i) {
    shortest = std::min(shortest, tokens_of(i).size());
  }
  counts.translation_length = static_cast<double>(prediction.size());
  counts.reference_length = static_cast<double>(shortest);
  if (scratch_.bytes.size() > k_large_sample_bytes) {
    scratch_ = Scratch();
  }
  return counts;
}

void BleuScorer::score(std::span<const Sample> samples, Scores out) {
  const std::size_t width = bleu_definition().statistics.size();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto counts = count(samples[i]);
    out.fields[i] = bleu_of(counts, settings_).bleu;
    write_counts(counts, out.statistics.subspan(i * width, width));
  }
}

const Definition& bleu_definition() {
  static const Definition definition = {
      .name = "bleu",
      .summary = "n-gram precision of each sample, n up to 4 (scale 0 to 1), as HF evaluate 0.4.3",
      .inputs = {Input::prediction, Input::reference},
      .fields = {{"bleu", "bleu_mean"}},
      .options = {{"smooth", "false", "add one to matches and n-grams, so that short texts do not score 0"},
                  {"lowercase", "false", "ignore case"},
                  {"max_order", "4", "longest n-gram", {"1", "2", "3", "4"}}},
      .statistics = {"matches_1",
                     "matches_2",
                     "matches_3",
                     "matches_4",
                     "possible_1",
                     "possible_2",
                     "possible_3",
                     "possible_4",
                     "translation_length",
                     "reference_length"},
  };
  return definition;
}

std::unique_ptr<Metric> make_bleu(const Options& options, const Resources& /*resources*/) {
  BleuSettings settings;
  settings.smooth = options.flag("smooth");
  settings.lowercase = options.flag("lowercase");
  settings.max_order = static_cast<std::size_t>(options.number("max_order"));
  return std::make_unique<Bleu>(settings);
}

}  // namespace lumi::metrics
