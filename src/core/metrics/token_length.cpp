#include "core/metrics/token_length.hpp"

#include "base/version.hpp"
#include "core/metrics/text/python_text.hpp"

#include <cmath>

namespace lumi::metrics {

namespace {

class TokenLengthScorer final : public Scorer {
public:
  void score(std::span<const Sample> samples, Scores out) override {
    auto field = out.fields.begin();
    for (const auto& sample : samples) {
      *field++ = sample.references.empty() ? 0 : estimate_tokens(sample.references.front());
      *field++ = estimate_tokens(sample.prediction);
    }
  }
};

class TokenLength final : public Metric {
public:
  const Definition& definition() const override { return token_length_definition(); }
  std::string signature() const override {
    return "token_length|words:split|per:0.75|version:lumi-" + std::string(k_version);
  }
  std::unique_ptr<Scorer> make_scorer() const override { return std::make_unique<TokenLengthScorer>(); }
};

}  // namespace

double estimate_tokens(std::string_view text) {
  constexpr double k_words_per_token = 0.75;
  return std::floor(static_cast<double>(python::count_words(text)) / k_words_per_token);
}

const Definition& token_length_definition() {
  static const Definition definition = {
      .name = "token_length",
      .summary = "estimated number of tokens of both texts: words by 0.75",
      .inputs = {Input::prediction, Input::reference},
      .fields = {{"ref_token_length", "ref_token_length_mean", true},
                 {"pred_token_length", "pred_token_length_mean", true}},
      .options = {},
      .statistics = {},
  };
  return definition;
}

std::unique_ptr<Metric> make_token_length(const Options& /*options*/, const Resources& /*resources*/) {
  return std::make_unique<TokenLength>();
}

}  // namespace lumi::metrics
