#include "core/chat/prompt_template.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace lumi;
using lumi::chat::default_system_prompt;
using lumi::chat::PromptTemplate;

namespace {

std::string render(std::string_view text) {
  auto prompt = PromptTemplate::parse(text);
  prompt.bind({"id", "examples", "my column"});
  constexpr std::array<std::string_view, 3> fields = {"7", "a {{id}} text", "third"};
  std::string out;
  prompt.render(fields, out);
  return out;
}

std::string template_error(std::string_view text) {
  const auto error = test::error_of([&] { render(text); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::invalid_input);
  return error->what();
}

}  // namespace

TEST_CASE("places are filled with the row's texts, which are texts and no templates") {
  CHECK(render(PromptTemplate::k_default) == "a {{id}} text");
  CHECK(render("{{id}}: {{ examples }}!{{id}}") == "7: a {{id}} text!7");
  CHECK(render("<{{ my column }}>") == "<third>");
  CHECK(render("no place") == "no place");
  CHECK(render("") == "");
  CHECK(render("{id} } {{id}}} {") == "{id} } 7} {");
}

TEST_CASE("two braces that are no place are written with a backslash") {
  CHECK(render("\\{{id}} {{id}} \\{ \\\\{{x}}") == "{{id}} 7 \\{ \\{{x}}");
}

TEST_CASE("each column is named once") {
  CHECK(PromptTemplate::parse("{{b}}{{a}}{{ b }}").columns() == std::vector<std::string>{"b", "a"});
}

TEST_CASE("a template that is none is refused with its place") {
  CHECK(template_error("one\n\xC3\xA9 {{id") == "prompt template:2:3: {{ without }}");
  CHECK(template_error("{{ }}") == "prompt template:1:1: {{ }} names no column");
  CHECK(template_error("\xFF") == "prompt template: byte 0 is not UTF-8");
}

TEST_CASE("a column that the dataset lacks is refused with a near one") {
  const auto error = test::error_of([] { render("{{exmples}}"); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::invalid_input);
  CHECK(error->what() ==
        std::string("the prompt template names the column \"exmples\", which the dataset does not have"));
  CHECK(error->hint() == "did you mean \"examples\"?");
  CHECK(test::error_of([] { render("{{zzzz}}"); })->hint() == "columns: id, examples, my column");
}

TEST_CASE("tasks have a system prompt of their own, but for text-generation") {
  CHECK(default_system_prompt({"summarization", {}, {}}).find("one or two sentences") != std::string::npos);
  const auto translation = default_system_prompt({"translation", "English", "German"});
  CHECK(translation.find("from English to German") != std::string::npos);
  const auto error = test::error_of([] { default_system_prompt({"text-generation", {}, {}}); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::invalid_input);
  CHECK(error->what() == std::string("Default system_prompt not available for text-generation"));
}
