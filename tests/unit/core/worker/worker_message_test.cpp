#include "core/worker/worker_message.hpp"

#include <doctest/doctest.h>

using namespace lumi::worker;
using Type = WorkerMessage::Type;

TEST_CASE("what a worker says is understood") {
  const auto hello = parse_message(R"({"type":"hello","protocol":1,"name":"hf","methods":["generate"],"new":[]})");
  REQUIRE(hello);
  CHECK(hello->type == Type::hello);
  CHECK(hello->protocol == 1);
  CHECK(hello->text.empty());
  const auto problem = parse_message(R"({"type":"hello","protocol":1,"problem":{"message":"no torch","hint":"pip"}})");
  CHECK(problem->text == "no torch");
  CHECK(problem->hint == "pip");
  CHECK(parse_message(R"({"type":"ready","max_in_flight":8})")->max_in_flight == 8);
  CHECK(parse_message(R"({"type":"ready","max_in_flight":0})")->max_in_flight == 1);
  const auto error = parse_message(R"({"type":"error","id":7,"code":"invalid","message":"why"})");
  CHECK(error->id == 7);
  CHECK(error->code == "invalid");
  CHECK(error->text == "why");
  CHECK_FALSE(parse_message(R"({"type":"error","code":"invalid"})")->id);
  CHECK(parse_message(R"({"type":"something of a later version"})")->type == Type::other);
}

TEST_CASE("what is no message is none") {
  for (const auto* line :
       {"", "Loading weights: 100%", "[]", "{}", R"({"type":7})", R"({"type":"hello")", "\xff\xfe"}) {
    CHECK_MESSAGE(!parse_message(line), line);
  }
}

TEST_CASE("what lumi says is one line of JSON each") {
  CHECK(hello_line().starts_with(R"({"type":"hello","protocol":1,"lumi":")"));
  CHECK(open_line("generate", R"({"model":"m"})", 4) ==
        R"({"type":"open","method":"generate","max_in_flight":4,"options":{"model":"m"}})");
  CHECK(request_line(3, R"({"x":1})", More::yes) == R"({"type":"request","id":3,"more":true,"params":{"x":1}})");
  CHECK(cancel_line(3) == R"({"type":"cancel","id":3})");
  CHECK(shutdown_line() == R"({"type":"shutdown"})");
  const auto error = parse_message(error_line("crashed", "line\nfeed"));
  CHECK(error->code == "crashed");
  CHECK(error->text == "line\nfeed");
}
