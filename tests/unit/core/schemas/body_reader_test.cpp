#include "base/error.hpp"
#include "core/schemas/body_reader.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <functional>

using lumi::Error;
using lumi::ErrorCode;
using lumi::schemas::BodyReader;

namespace {

std::string refusal_of(const std::function<void()>& work) {
  const auto error = lumi::test::expect_error(work);
  CHECK(error.code() == ErrorCode::invalid_input);
  return error.what();
}

}  // namespace

TEST_CASE("members come with their types, null and absence are the same") {
  auto body = BodyReader::parse(
      R"({"a":"x","b":true,"c":1.5,"d":-7,"e":8.0,"f":["x","y"],"g":{"h":1},"i":null,"j":{"k":[1,2]}})", "b.json");
  CHECK(body.text("a") == "x");
  CHECK(body.flag("b") == true);
  CHECK(body.real("c") == 1.5);
  CHECK(body.real("d") == -7);
  CHECK(body.integer("d") == -7);
  CHECK(body.integer("e") == 8);
  CHECK(body.texts("f") == std::vector<std::string>{"x", "y"});
  auto inner = body.object("g");
  REQUIRE(inner);
  CHECK(inner->integer("h") == 1);
  CHECK(inner->pointer("h") == "/g/h");
  inner->finish();
  CHECK_FALSE(body.text("i"));
  CHECK_FALSE(body.integer("absent"));
  CHECK(body.json("j") == R"({"k":[1,2]})");
  body.finish();
}

TEST_CASE("a wrong type is named with its pointer") {
  auto body =
      BodyReader::parse(R"({"a/b~c":1,"n":"1 x","r":1.5,"l":["x",null],"o":[],"big":18446744073709551615})", "b.json");
  CHECK(refusal_of([&] { body.text("a/b~c"); }) == "b.json: /a~1b~0c needs a text, not a number");
  CHECK(refusal_of([&] { body.integer("n"); }) == "b.json: /n needs a whole number, not a text");
  CHECK(refusal_of([&] { body.integer("r"); }) == "b.json: /r needs a whole number, not 1.5");
  CHECK(refusal_of([&] { body.texts("l"); }) == "b.json: /l/1 needs a text, not null");
  CHECK(refusal_of([&] { body.object("o"); }) == "b.json: /o needs an object, not a list");
  CHECK(refusal_of([&] { body.flag("r"); }) == "b.json: /r needs true or false, not a number");
  CHECK(refusal_of([&] { body.integer("big"); }) == "b.json: /big is too large a number");
}

TEST_CASE("texts may be numbers, and other words true and false, as in Lumigator") {
  auto body = BodyReader::parse(
      R"({"n":" 12 ","float":"7.0","r":"-0.5","yes":"Yes","one":1,"off":"off","half":"1.5","word":"x","two":2,"inf":"inf"})",
      "b.json");
  CHECK(body.integer("n") == 12);
  CHECK(body.integer("float") == 7);
  CHECK(body.real("r") == -0.5);
  CHECK(body.flag("yes") == true);
  CHECK(body.flag("one") == true);
  CHECK(body.flag("off") == false);
  CHECK(refusal_of([&] { body.integer("half"); }) == "b.json: /half needs a whole number, not 1.5");
  CHECK(refusal_of([&] { body.flag("word"); }) == "b.json: /word needs true or false, not a text");
  CHECK(refusal_of([&] { body.flag("two"); }) == "b.json: /two needs true or false, not a number");
  CHECK(refusal_of([&] { body.real("inf"); }) == "b.json: /inf needs a number, not a text");
}

TEST_CASE("a member that nobody asked for is refused with a near name") {
  auto body = BodyReader::parse(R"({"job":{"metric":["rouge"]}})", "b.json");
  auto job = body.object("job");
  job->texts("metrics");
  const auto error = lumi::test::expect_error([&] { job->finish(); });
  CHECK(error.what() == std::string("b.json: /job/metric is not known"));
  CHECK(error.hint() == "did you mean \"metrics\"?");
  auto other = BodyReader::parse(R"({"zzz":1})", "b.json");
  other.text("name");
  CHECK(lumi::test::expect_error([&] { other.finish(); }).hint() == "known here: name");
}

TEST_CASE("bad syntax is named with line and column") {
  const auto message = [](std::string_view text) {
    return std::string(lumi::test::expect_error([&] { BodyReader::parse(text, "b.json"); }).what());
  };
  CHECK(message("{\n  \"a\": 1,\n  \"é\": x\n}").starts_with("b.json:3:8: no JSON: "));
  CHECK(message("").starts_with("b.json:1:1: no JSON: "));
  CHECK(message("{\"a\":1").starts_with("b.json:1:7: no JSON: "));
  CHECK(message("[1]") == "b.json: needs a JSON object, not a list");
  CHECK(message("null") == "b.json: needs a JSON object, not null");
  CHECK(message("{\"a\":\"\xff\"}") == "b.json: byte 6 is not UTF-8");
  CHECK(message("{\"a\":1e400}") == "b.json: a number in it is too large");
  CHECK(message("{} {}").starts_with("b.json:1:4: no JSON: "));
}
