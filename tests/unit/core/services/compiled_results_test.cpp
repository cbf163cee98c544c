#include "core/services/compiled_results.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>

using namespace lumi::services;
using OrderedJson = nlohmann::ordered_json;

namespace {

class OwnedText final : public lumi::ByteSource {
public:
  explicit OwnedText(std::string text) : text_(std::move(text)), source_(text_) {}
  std::size_t read(char* buffer, std::size_t capacity) override {
    return source_.read(buffer, std::min<std::size_t>(capacity, 3));  // in small pieces
  }

private:
  std::string text_;
  lumi::TextSource source_;
};

ResultsFile file(const std::string& text) {
  return {"results.json", [text](std::uint64_t offset) { return std::make_unique<OwnedText>(text.substr(offset)); }};
}

std::string compiled(const std::string& evaluation, const std::string& inference) {
  lumi::TextSink sink;
  compile_results(sink, file(evaluation), file(inference));
  return sink.text();
}

}  // namespace

TEST_CASE("the members of both files are one, those of the evaluation first") {
  const auto text = compiled(
      R"({"metrics":{"rouge":{"rouge1":[1.0,0.5],"a":"x"},"bleu":null},"parameters":{"name":"e","dataset":{"path":"p"}},)"
      R"("artifacts":{"predictions":["a","b"],"ground_truth":["c"],"evaluation_time":0.5},)"
      R"("lumi":{"schema":1,"durations":{"evaluation":0.5}}})",
      R"({"metrics":{"avg_total_tokens":6.0},"parameters":{"name":"i","job":{}},)"
      R"("artifacts":{"predictions":null,"ground_truth":["d"],"examples":["q"]},)"
      R"("lumi":{"schema":1,"durations":{"inference":0.25},"requests":2}})");
  const auto json = OrderedJson::parse(text);
  CHECK(json["metrics"].dump() == R"({"rouge":{"rouge1":[1.0,0.5],"a":"x"},"bleu":null,"avg_total_tokens":6.0})");
  CHECK(json["parameters"].dump() == R"({"name":"i","dataset":{"path":"p"},"job":{}})");
  CHECK(json["artifacts"].dump() ==
        R"({"predictions":["a","b"],"ground_truth":["d"],"evaluation_time":0.5,"examples":["q"]})");
  CHECK(json["lumi"].dump() == R"({"schema":1,"durations":{"evaluation":0.5,"inference":0.25},"requests":2})");
}

TEST_CASE("texts that look like JSON, and names that are escaped, are kept as they are") {
  const auto text =
      compiled(R"({"metrics":{},"parameters":{"a\"b":"}]{[\",:\\"},"artifacts":{"t":[["{",{"x":"\\"}]]},"lumi":{}})",
               R"({"metrics":{},"parameters":{"c":[{}]},"artifacts":{"nul":"null","n":null},"lumi":{}})");
  const auto json = OrderedJson::parse(text);
  CHECK(json["parameters"]["a\"b"] == "}]{[\",:\\");
  CHECK(json["artifacts"]["t"][0][1]["x"] == "\\");
  CHECK(json["artifacts"]["nul"] == "null");
  CHECK(json["artifacts"]["n"].is_null());
  CHECK(json["parameters"]["c"].dump() == "[{}]");
}

TEST_CASE("white space between the parts is no part of them") {
  const auto text = compiled("{ \"metrics\" : {\n \"a\" : null ,\n \"b\" : [ 1 ] }, \"parameters\": {} }",
                             R"({"metrics":{"a":2},"parameters":{},"artifacts":{},"lumi":{}})");
  CHECK(OrderedJson::parse(text)["metrics"] == OrderedJson::parse(R"({"a":2,"b":[1]})"));
}

TEST_CASE("what is no results file is refused") {
  const std::string good = R"({"metrics":{"a":1}})";
  for (const char* bad : {"", "{}", "[]", R"({"metrics":{"a":1})"}) {
    CAPTURE(bad);
    CHECK(lumi::test::code_of([&] { compiled(bad, good); }) == lumi::ErrorCode::storage);
    CHECK(lumi::test::code_of([&] { compiled(good, bad); }) == lumi::ErrorCode::storage);
  }
}
