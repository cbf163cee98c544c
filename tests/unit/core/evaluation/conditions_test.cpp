#include "base/error.hpp"
#include "core/evaluation/conditions.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace lumi::evaluation;
using lumi::Error;
using lumi::ErrorCode;

namespace {

Measures measures_of_a_run() {
  Measures measures;
  measures.add_counts();
  measures.add_mean("rouge", "rougeL", "rougeL_mean");
  measures.add_mean("bleu", "bleu", "bleu_mean");
  measures.add_mean("bertscore", "f1", "f1_mean");
  measures.add_mean("squad", "f1", "f1_mean");
  measures.add_absent_mean("meteor", "meteor", "meteor_mean", "add --metric meteor");
  measures.add_absent("cost", "an evaluation calls no model");
  return measures;
}

Error condition_error(std::string_view condition) {
  return lumi::test::expect_error([&] { measures_of_a_run().resolve(parse_condition(condition)); });
}

}  // namespace

TEST_CASE("a condition has a measure, an operator and a number") {
  const auto condition = parse_condition("  rougeL>=0.30 ");
  CHECK(condition.text == "rougeL>=0.30");
  CHECK(condition.model.empty());
  CHECK(condition.measure == "rougeL");
  CHECK(condition.comparison == Comparison::greater_equal);
  CHECK(condition.bound == 0.30);
}

TEST_CASE("every operator is read and compares as it says") {
  struct Case {
    const char* text;
    bool below, at, above;
  };
  for (const auto& each : {Case{"x < 1", true, false, false},
                           Case{"x <= 1", true, true, false},
                           Case{"x > 1", false, false, true},
                           Case{"x >= 1", false, true, true},
                           Case{"x == 1", false, true, false},
                           Case{"x != 1", true, false, true}}) {
    const auto& [text, below, at, above] = each;
    CAPTURE(each.text);
    const auto condition = parse_condition(text);
    CHECK(holds(condition, 0.5) == below);
    CHECK(holds(condition, 1.0) == at);
    CHECK(holds(condition, 1.5) == above);
  }
}

TEST_CASE("null never holds, not even against !=") {
  const auto condition = parse_condition("x != 1");
  CHECK_FALSE(holds(condition, std::nullopt));
  CHECK_FALSE(holds(condition, std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("a model may stand before the measure, with colons of its own") {
  const auto condition = parse_condition("ollama/llama3:8b: rouge.rougeL_mean < -1e-3");
  CHECK(condition.model == "ollama/llama3:8b");
  CHECK(condition.measure == "rouge.rougeL_mean");
  CHECK(condition.bound == -1e-3);
}

TEST_CASE("what is no condition is refused with the reason") {
  for (const auto* text : {"",
                           "rougeL",
                           "rougeL >=",
                           ">= 1",
                           "rougeL = 1",
                           "rougeL => 1",
                           "rougeL >= high",
                           "rougeL >= nan",
                           "rougeL >= 1 2",
                           ": rougeL >= 1",
                           "rougeL >= inf"}) {
    CAPTURE(text);
    try {
      parse_condition(text);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(error.hint().find("METRIC OP NUMBER") != std::string::npos);
    }
  }
}

TEST_CASE("a mean has three spellings") {
  const auto measures = measures_of_a_run();
  for (const auto* name : {"rouge.rougeL_mean", "rougeL", "rouge_rougeL_mean"}) {
    CAPTURE(name);
    CHECK(measures.resolve(parse_condition(std::string(name) + " > 0")) == "rouge.rougeL_mean");
  }
  CHECK(measures.resolve(parse_condition("bleu > 0")) == "bleu.bleu_mean");
  CHECK(measures.resolve(parse_condition("coverage == 1")) == "coverage");
}

TEST_CASE("names that no run or not this run computes are usage errors that help on") {
  CHECK(condition_error("rougel > 0").hint() == "did you mean \"rougeL\"?");
  CHECK(condition_error("zzzzzzzz > 0").hint().find("rouge.rougeL_mean") != std::string::npos);
  const auto ambiguous = condition_error("f1 > 0");
  CHECK(std::string(ambiguous.what()).find("bertscore.f1_mean or squad.f1_mean") != std::string::npos);
  const auto absent = condition_error("meteor_meteor_mean > 0");
  CHECK(std::string(absent.what()).find("not computed in this run") != std::string::npos);
  CHECK(absent.hint() == "add --metric meteor");
  CHECK(condition_error("cost < 1").hint() == "an evaluation calls no model");
  for (const auto* text : {"rougel > 0", "f1 > 0", "meteor > 0", "cost < 1"}) {
    CHECK(condition_error(text).code() == ErrorCode::usage);
  }
}
