#include "core/metrics/registry.hpp"
#include "support/errors.hpp"
#include "support/texts.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace {

using namespace lumi::metrics;
using lumi::ErrorCode;
using lumi::test::contains;
using lumi::test::error_of;

/// The message and hint of the usage error that making this metric gives.
std::string metric_refusal(const std::string& text) {
  const auto error = error_of([&] { make_metric(parse_request(text), {}); });
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::usage);
  return std::string(error->what()) + " / " + error->hint();
}

}  // namespace

TEST_CASE("requests name a metric and its options") {
  CHECK(parse_request("rouge").name == "rouge");
  CHECK(parse_request(" rouge() ").options.empty());
  const auto request = parse_request("bleu( smooth = true , max_order=2)");
  CHECK(request.name == "bleu");
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(request.options == Pairs{{"smooth", "true"}, {"max_order", "2"}});
  for (const auto* text : {"",
                           " ",
                           "(a=b)",
                           "bleu(smooth=true",
                           "bleu(smooth)",
                           "bleu(=true)",
                           "bleu smooth",
                           "bleu)",
                           "bleu(a=1,a=2)",
                           "bleu(a=1)x"}) {
    CAPTURE(text);
    const auto error = error_of([&] { parse_request(text); });
    REQUIRE(error.has_value());
    CHECK(error->code() == ErrorCode::usage);
    CHECK(contains(error->hint(), "NAME(OPTION=VALUE,...)"));
  }
}

TEST_CASE("unknown metrics, options and values are refused with a near name and the list") {
  CHECK(contains(metric_refusal("rogue"),
                 "unknown metric \"rogue\" / did you mean \"rouge\"? the metrics are rouge, meteor, bleu"));
  CHECK(contains(metric_refusal("zebra"), "unknown metric \"zebra\" / the metrics are rouge, meteor, bleu"));
  CHECK(metric_refusal("rouge(stemer=true)") ==
        "metric \"rouge\" has no option \"stemer\" / did you mean \"stemmer\"? its options are stemmer");
  CHECK(
      metric_refusal("rouge(stemmer=ture)") ==
      "option \"stemmer\" of metric \"rouge\" cannot be \"ture\" / did you mean \"true\"? the values are true, false");
  CHECK(contains(metric_refusal("bleu(max_order=5)"), "the values are 1, 2, 3, 4"));
  CHECK(metric_refusal("token_length(x=1)") == "metric \"token_length\" has no option \"x\" / it has no options");
}

TEST_CASE("Lumigator's metrics that are not computed here are told from unknown ones") {
  CHECK(is_known_metric("bertscore"));
  CHECK(is_known_metric("rouge"));
  CHECK_FALSE(is_known_metric("rogue"));
  CHECK_FALSE(is_known_metric(""));
  CHECK(contains(metric_refusal("bertscore"), "metric \"bertscore\" cannot be computed by this version of lumi"));
  CHECK(error_of([] { get_definition("comet"); }).has_value());
}

TEST_CASE("results have Lumigator's nine metrics in its order") {
  const auto keys = result_keys();
  CHECK(std::vector<std::string_view>(keys.begin(), keys.end()) ==
        std::vector<std::string_view>{"bertscore",
                                      "meteor",
                                      "rouge",
                                      "bleu",
                                      "comet",
                                      "g_eval_summarization",
                                      "g_eval_translation",
                                      "g_eval_translation_noref",
                                      "token_length"});
}

TEST_CASE("every registered metric describes itself") {
  std::set<std::string_view> names;
  for (const auto& registration : all_metrics()) {
    const auto& definition = registration.definition();
    CAPTURE(definition.name);
    CHECK(names.insert(definition.name).second);
    CHECK(is_known_metric(definition.name));
    CHECK(&get_definition(definition.name) == &definition);
    CHECK_FALSE(definition.summary.empty());
    CHECK_FALSE(definition.inputs.empty());
    CHECK_FALSE(definition.fields.empty());
    for (const auto& field : definition.fields) {
      CHECK(field.mean_name == std::string(field.name) + "_mean");
    }
    for (const auto& option : definition.options) {
      CHECK_FALSE(option.help.empty());
    }
  }
}
