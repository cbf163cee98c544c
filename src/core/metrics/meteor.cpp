#include "core/metrics/meteor.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "core/metrics/nltk_data.hpp"
#include "core/metrics/wordnet/wordnet_cache.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace lumi::metrics {

namespace {

/// Texts with more words than this do not keep their memory.
constexpr std::size_t k_many_words = 100'000;

std::uint64_t filter_bit(std::uint32_t name) { return std::uint64_t{1} << (name & 63); }

class Meteor final : public Metric {
public:
  explicit Meteor(MeteorSettings settings) : settings_(std::move(settings)) {}

  const Definition& definition() const override { return meteor_definition(); }

  std::string signature() const override {
    const auto wordnet = settings_.wordnet ? to_hex(settings_.wordnet->content_checksum()).substr(0, 8) : "none";
    const auto punkt = settings_.punkt ? settings_.punkt->name() : "none";
    return "meteor|tok:nltk-3.8.1|punkt:" + punkt + "|wordnet:" + wordnet + "|alpha:" + json_number(settings_.alpha) +
           "|beta:" + json_number(settings_.beta) + "|gamma:" + json_number(settings_.gamma) + "|version:lumi-" +
           std::string(k_version);
  }

  std::unique_ptr<Scorer> make_scorer() const override { return std::make_unique<MeteorScorer>(settings_); }

private:
  MeteorSettings settings_;
};

double number_between(const Options& options, std::string_view name, double low, double high) {
  const double value = options.number(name);
  if (value < low || value > high) {
    throw Error(ErrorCode::usage,
                "option " + quote(name) + " of metric \"meteor\" cannot be " + quote(options.text(name)),
                "it lies between " + json_number(low) + " and " + json_number(high));
  }
  return value;
}

std::shared_ptr<const PunktParameters> make_punkt(const std::string& choice, const Resources& resources) {
  if (choice == "none") {
    return nullptr;
  }
  const auto folder = choice == "builtin" ? std::nullopt : find_punkt_data(resources);
  if (!folder && choice == "nltk") {
    throw Error(ErrorCode::usage,
                "NLTK's Punkt data is not installed",
                "python3 -m nltk.downloader punkt_tab, or choose meteor(punkt=builtin)");
  }
  return std::make_shared<const PunktParameters>(folder ? PunktParameters::load(*folder)
                                                        : PunktParameters::make_builtin());
}

}  // namespace

MeteorScorer::MeteorScorer(const MeteorSettings& settings) : settings_(settings), vocabulary_(settings_.wordnet.get()) {
  if (settings_.punkt) {
    punkt_.emplace(*settings_.punkt);
  }
}

void MeteorScorer::score(std::span<const Sample> samples, Scores out) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    out.fields[i] = score_one(samples[i]);
  }
}

double MeteorScorer::score_one(const Sample& sample) {
  limit_memory();
  double best = 0;
  tokenize(sample.prediction, prediction_);
  for (const auto reference : sample.references) {
    best = std::max(best, combine(match(reference).total()));
  }
  return best;
}

MeteorDetail MeteorScorer::explain(std::string_view prediction, std::string_view reference) {
  limit_memory();
  tokenize(prediction, prediction_);
  const auto matches = match(reference);
  MeteorDetail detail;
  detail.exact = matches.by_stage[0];
  detail.stem = matches.by_stage[1];
  detail.synonym = matches.by_stage[2];
  detail.chunks = count_chunks();
  detail.score = combine(matches.total());
  for (std::size_t i = 0; i < matched_.size(); ++i) {
    if (matched_[i] != k_none) {
      detail.alignment.emplace_back(i, matched_[i]);
    }
  }
  return detail;
}

void MeteorScorer::limit_memory() {
  if (vocabulary_.limit() || std::max(prediction_.capacity(), reference_left_.capacity()) > k_many_words) {
    prediction_ = {};
    prediction_left_ = {};
    reference_left_ = {};
    last_ = {};
    previous_ = {};
    matched_ = {};
  }
}

void MeteorScorer::tokenize(std::string_view text, std::vector<Word>& words) {
  words.clear();
  const auto take = [&](std::string_view token) {
    words.push_back({static_cast<std::uint32_t>(words.size()), vocabulary_.add(token, text)});
  };
  if (!punkt_) {
    tokenizer_.for_each_word(text, take);
  } else {
    for (const auto sentence : punkt_->split(text)) {
      tokenizer_.for_each_word(sentence, take);
    }
  }
}

/// NLTK's three stages, for the prediction at hand. Each goes through the words left of the prediction from last to
/// first and pairs each with the last fitting word left of the reference.
MeteorScorer::Matches MeteorScorer::match(std::string_view reference) {
  tokenize(reference, reference_left_);
  reference_count_ = reference_left_.size();
  prediction_left_ = prediction_;
  matched_.assign(prediction_.size(), k_none);
  Matches matches;
  matches.by_stage[0] = match_equal();
  stem(prediction_left_);
  stem(reference_left_);
  matches.by_stage[1] = match_equal();
  matches.by_stage[2] = match_synonyms();
  return matches;
}

void MeteorScorer::stem(std::vector<Word>& words) {
  for (auto& word : words) {
    word.id = vocabulary_.stem(word.id);
  }
}

/// Pairs equal words. A chain per word from its last to its first occurrence in the reference makes this linear.
std::size_t MeteorScorer::match_equal() {
  if (prediction_left_.empty() || reference_left_.empty()) {
    return 0;
  }
  last_.resize(std::max(last_.size(), vocabulary_.size()), k_none);
  previous_.resize(reference_left_.size());
  for (std::uint32_t j = 0; j < reference_left_.size(); ++j) {
    auto& last = last_[reference_left_[j].id];
    previous_[j] = last;
    last = j;
  }
  std::size_t matches = 0;
  for (auto word = prediction_left_.rbegin(); word != prediction_left_.rend(); ++word) {
    auto& last = last_[word->id];
    if (last != k_none) {
      const auto reference = last;
      last = previous_[reference];
      pair_up(*word, reference);
      ++matches;
    }
  }
  for (const auto& word : reference_left_) {
    last_[word.id] = k_none;
  }
  drop_matched();
  return matches;
}

/// Pairs each stem of the prediction with the last word of the reference whose stem is a synonym of it.
std::size_t MeteorScorer::match_synonyms() {
  if (settings_.wordnet == nullptr || prediction_left_.empty() || reference_left_.empty()) {
    return 0;
  }
  const auto filter = collect_names();
  std::size_t matches = 0;
  for (auto word = prediction_left_.rbegin(); filter != 0 && word != prediction_left_.rend(); ++word) {
    if (auto* slot = find_last_synonym(word->id, filter); slot != nullptr) {
      const auto reference = slot->last;
      slot->last = previous_[reference];
      pair_up(*word, reference);
      ++matches;
    }
  }
  drop_matched();
  return matches;
}

/// Chains the words left of the reference by their names in WordNet. Returns a bit for each name, to skip others by.
std::uint64_t MeteorScorer::collect_names() {
  std::uint64_t filter = 0;
  names_.reset(reference_left_.size());
  previous_.resize(reference_left_.size());
  for (std::uint32_t j = 0; j < reference_left_.size(); ++j) {
    const auto name = vocabulary_.name(reference_left_[j].id);
    if (name == k_none) {
      continue;
    }
    filter |= filter_bit(name);
    auto& slot = names_.find(hash_number(name), [&](const NameSlot& other) { return other.name == name; });
    if (names_.is_used(slot)) {
      previous_[j] = slot.last;
      slot.last = j;
    } else {
      previous_[j] = k_none;
      names_.fill(slot, {name, j});
    }
  }
  return filter;
}

MeteorScorer::NameSlot* MeteorScorer::find_last_synonym(Id stem, std::uint64_t filter) {
  NameSlot* best = nullptr;
  for (const auto name : vocabulary_.synonyms(stem)) {
    if ((filter & filter_bit(name)) == 0) {
      continue;
    }
    auto& slot = names_.find(hash_number(name), [&](const NameSlot& other) { return other.name == name; });
    if (names_.is_used(slot) && slot.last != k_none && (best == nullptr || slot.last > best->last)) {
      best = &slot;
    }
  }
  return best;
}

void MeteorScorer::pair_up(Word& predicted, std::uint32_t reference) {
  matched_[predicted.position] = reference_left_[reference].position;
  predicted.position = k_none;
  reference_left_[reference].position = k_none;
}

void MeteorScorer::drop_matched() {
  // Without a branch: which words are matched cannot be foretold.
  const auto drop = [](std::vector<Word>& words) {
    std::size_t kept = 0;
    for (const auto word : words) {
      words[kept] = word;
      kept += word.position == k_none ? 0U : 1U;
    }
    words.resize(kept);
  };
  drop(prediction_left_);
  drop(reference_left_);
}

/// The number of runs of matches that go on by one in both texts.
std::size_t MeteorScorer::count_chunks() const {
  std::size_t chunks = 0;
  std::uint32_t expected = k_none;
  for (const auto reference : matched_) {
    chunks += static_cast<unsigned>(reference != k_none) & static_cast<unsigned>(reference != expected);
    expected = reference == k_none ? k_none : reference + 1;
  }
  return chunks;
}

double MeteorScorer::combine(std::size_t matches) const {
  if (matches == 0) {
    return 0;
  }
  const auto count = static_cast<double>(matches);
  const double precision = count / static_cast<double>(prediction_.size());
  const double recall = count / static_cast<double>(reference_count_);
  const double mean = (precision * recall) / (settings_.alpha * precision + (1 - settings_.alpha) * recall);
  const double fragmentation = static_cast<double>(count_chunks()) / count;
  const double penalty = settings_.gamma * std::pow(fragmentation, settings_.beta);
  return (1 - penalty) * mean;
}

const Definition& meteor_definition() {
  static const Definition definition = {
      .name = "meteor",
      .summary =
          "words matched by form, stem and synonym, with a penalty for changed order (scale 0 to 1), as NLTK 3.8.1",
      .inputs = {Input::prediction, Input::reference},
      .fields = {{"meteor", "meteor_mean"}},
      .options =
          {{"alpha", "0.9", "weight of precision against recall, 0 to 1"},
           {"beta", "3", "how fast the penalty grows with fragmentation"},
           {"gamma", "0.5", "largest penalty, 0 to 1"},
           {"wordnet", "true", "match synonyms, by WordNet"},
           {"punkt",
            "auto",
            "how texts become sentences: NLTK's Punkt data, the built-in abbreviations, or not at all; auto takes "
            "NLTK's data if it is installed",
            {"auto", "nltk", "builtin", "none"}}},
      .statistics = {},
  };
  return definition;
}

std::unique_ptr<Metric> make_meteor(const Options& options, const Resources& resources) {
  constexpr double k_highest_beta = 1000;
  MeteorSettings settings;
  settings.alpha = number_between(options, "alpha", 0, 1);
  settings.beta = number_between(options, "beta", 0, k_highest_beta);
  settings.gamma = number_between(options, "gamma", 0, 1);
  settings.punkt = make_punkt(options.text("punkt"), resources);
  settings.wordnet = options.flag("wordnet") ? open_wordnet(resources) : nullptr;
  return std::make_unique<Meteor>(std::move(settings));
}

}  // namespace lumi::metrics
