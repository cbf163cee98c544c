#include "base/error.hpp"
#include "core/schemas/yaml_document.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using lumi::ErrorCode;
using lumi::schemas::parse_yaml;
using lumi::test::code_of;
using Json = nlohmann::json;

namespace {

Json value_of(const std::string& text) { return *parse_yaml(text, "t").root; }

std::string yaml_error(const std::string& text) {
  try {
    parse_yaml(text, "t");
  } catch (const lumi::Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("plain scalars follow the core schema of YAML 1.2") {
  for (const auto* text :
       {"no", "yes", "on", "off", "y", "1_000", "0x", "1e", "1.2.3", ".", "+", "12:30", "e5", "Nan"}) {
    CAPTURE(text);
    CHECK(value_of(text) == Json(text));
  }
  for (const auto* text : {"true", "True", "TRUE"}) {
    CHECK(value_of(text) == Json(true));
  }
  for (const auto* text : {"null", "Null", "NULL", "~"}) {
    CHECK(value_of(std::string("a: ") + text).at("a").is_null());
  }
  CHECK(value_of("a:").at("a").is_null());
  CHECK(value_of("-12") == Json(-12));
  CHECK(value_of("+7") == Json(7));
  CHECK(value_of("9223372036854775807") == Json(INT64_MAX));
  CHECK(value_of("9223372036854775808").is_number_float());
  CHECK(value_of("-.5") == Json(-0.5));
  CHECK(value_of("1.") == Json(1.0));
  CHECK(value_of("6.02e23") == Json(6.02e23));
  CHECK(value_of("1E-3") == Json(0.001));
}

TEST_CASE("what is quoted is a text") {
  CHECK(value_of("'1'") == Json("1"));
  CHECK(value_of("\"true\"") == Json("true"));
  CHECK(value_of("''") == Json(""));
  CHECK(value_of("|\n  null\n") == Json("null\n"));
}

TEST_CASE("JSON is read as it is") {
  const std::string text = R"({"a": [1, 2.5, "x", null, true, {"b~/c": {}}], "d": []})";
  CHECK(value_of(text) == Json::parse(text));
}

TEST_CASE("every member's place is known") {
  const auto document = parse_yaml("a: 1\nb:\n  - c: 2\n    d/e: 3\n  - x\n", "t");
  const auto place = [&](const char* pointer) {
    const auto found = document.places.at(pointer);
    return std::pair(found.line, found.column);
  };
  CHECK(place("/a") == std::pair<std::size_t, std::size_t>(1, 1));
  CHECK(place("/b") == std::pair<std::size_t, std::size_t>(2, 1));
  CHECK(place("/b/0/c") == std::pair<std::size_t, std::size_t>(3, 5));
  CHECK(place("/b/0/d~1e") == std::pair<std::size_t, std::size_t>(4, 5));
  CHECK(place("/b/1") == std::pair<std::size_t, std::size_t>(5, 5));
}

TEST_CASE("what could surprise is refused with its place") {
  CHECK(yaml_error("a: 1\na: 2\n") == "t:2:1: \"a\" stands twice");
  CHECK(yaml_error("a: &x 1\n").starts_with("t:1:4: an anchor"));
  CHECK(yaml_error("a: !!int '1'\n").starts_with("t:1:4: a tag"));
  CHECK(yaml_error("a: 1\n---\nb: 2\n").starts_with("t:"));
  CHECK(yaml_error("? [a]\n: b\n").find("key must be a text") != std::string::npos);
  CHECK(yaml_error("a: [1\n").starts_with("t:"));
  CHECK(yaml_error("a: b: c\n").starts_with("t:1:"));
  CHECK(code_of([] { parse_yaml("\xff", "t"); }) == ErrorCode::invalid_input);
  CHECK(code_of([] { parse_yaml(std::string(1024 * 1024 + 1, ' '), "t"); }) == ErrorCode::invalid_input);
  CHECK(code_of([] { parse_yaml(std::string(5000, '['), "t"); }) == ErrorCode::invalid_input);
}

TEST_CASE("an empty document is null") {
  CHECK(value_of("").is_null());
  CHECK(value_of("# nothing\n").is_null());
}
