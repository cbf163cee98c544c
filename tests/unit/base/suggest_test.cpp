#include "base/suggest.hpp"

#include <doctest/doctest.h>

using namespace lumi;

namespace {

const std::vector<std::string> k_commands{
    "health", "dataset", "job", "experiment", "workflow", "model", "secret", "evaluate", "run", "compare", "report"};
const std::vector<std::string> k_verbs{
    "create", "get", "list", "delete", "download", "logs", "wait", "stop", "resume", "validate", "preview", "stats"};
const std::vector<std::string> k_metrics{"rouge", "meteor", "bleu", "bertscore", "token_length"};

using Maybe = std::optional<std::string>;

}  // namespace

TEST_CASE("closest forgives a letter too many, too few, wrong, or two exchanged") {
  CHECK(closest("datasset", k_commands) == Maybe("dataset"));
  CHECK(closest("datset", k_commands) == Maybe("dataset"));
  CHECK(closest("datasat", k_commands) == Maybe("dataset"));
  CHECK(closest("dataste", k_commands) == Maybe("dataset"));
  CHECK(closest("rn", k_commands) == Maybe("run"));
  CHECK(closest("jb", k_commands) == Maybe("job"));
  CHECK(closest("lst", k_verbs) == Maybe("list"));
  CHECK(closest("datasets", k_commands) == Maybe("dataset"));
}

TEST_CASE("closest looks past case and the kind of hyphen") {
  CHECK(closest("ROUGE", k_metrics) == Maybe("rouge"));
  CHECK(closest("token-length", k_metrics) == Maybe("token_length"));
  CHECK(closest("BertScore", k_metrics) == Maybe("bertscore"));
  CHECK(closest("--max_samples", {"--max-samples", "--max-tokens"}) == Maybe("--max-samples"));
}

TEST_CASE("closest completes a beginning that only one candidate has") {
  CHECK(closest("eval", k_commands) == Maybe("evaluate"));
  CHECK(closest("exp", k_commands) == Maybe("experiment"));
  CHECK(closest("de", k_verbs) == Maybe());
  CHECK(closest("dow", k_verbs) == Maybe("download"));
  CHECK(closest("val", {"validate", "value", "list"}) == Maybe());
}

TEST_CASE("closest prefers fewer edits, then the same beginning") {
  CHECK(closest("stap", {"snap", "stop", "stab"}) == Maybe("stab"));
  CHECK(closest("lost", {"post", "list"}) == Maybe("list"));
  CHECK(closest("blue", k_metrics) == Maybe("bleu"));
}

TEST_CASE("closest has no suggestion for something else") {
  CHECK(closest("", k_commands) == Maybe());
  CHECK(closest("x", {"n", "y"}) == Maybe());
  CHECK(closest("ab", {"cd"}) == Maybe());
  CHECK(closest("frobnicate", k_commands) == Maybe());
  CHECK(closest("perplexity", k_metrics) == Maybe());
  CHECK(closest("dataset", {}) == Maybe());
}

TEST_CASE("did_you_mean is a question or nothing") {
  CHECK(did_you_mean("datset", k_commands) == "did you mean \"dataset\"?");
  CHECK(did_you_mean("frobnicate", k_commands).empty());
}
