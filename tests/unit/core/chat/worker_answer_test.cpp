#include "core/chat/worker_answer.hpp"
#include "support/fake_http_client.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using namespace lumi::chat;
using evaluation::SampleStatus;
using Action = Verdict::Action;

namespace {

Outcome read_worker(const std::string& message) {
  auto answer = test::http_answer(200, message);
  answer.total = std::chrono::milliseconds(1500);
  return read_worker_answer(answer);
}

Outcome read_worker_error(const std::string& code, const std::string& more = "") {
  return read_worker(R"({"type":"error","id":1,"code":")" + code + R"(","message":"why")" + more + "}");
}

}  // namespace

TEST_CASE("a worker's result is kept with all that is worth keeping") {
  const auto outcome =
      read_worker(R"({"type":"result","id":1,"result":{"text":"Hello.","finish_reason":"stop","model":"m",
      "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}})");
  CHECK(outcome.verdict.action == Action::accept);
  CHECK(outcome.answer.text == "Hello.");
  CHECK(outcome.answer.model == "m");
  CHECK(outcome.answer.usage.total_tokens == 15);
  CHECK(outcome.answer.latency == std::chrono::milliseconds(1500));
  CHECK(outcome.answer.status() == SampleStatus::ok);
  CHECK(read_worker(R"({"type":"result","result":{"text":""}})").answer.status() == SampleStatus::empty);
  CHECK(read_worker(R"({"type":"result","result":{"text":"a","finish_reason":"length"}})").answer.status() ==
        SampleStatus::truncated);
}

TEST_CASE("a worker's error has the end that its code says") {
  CHECK(read_worker_error("invalid").verdict.action == Action::fail);
  CHECK(read_worker_error("invalid").verdict.kind == FailureKind::invalid_request);
  CHECK(read_worker_error("invalid").verdict.reason == "why");
  CHECK(read_worker_error("context_length").verdict.kind == FailureKind::context_length);
  CHECK(read_worker_error("temporary").verdict.action == Action::retry);
  CHECK(read_worker_error("crashed").verdict.action == Action::fail);
  CHECK(read_worker_error("anything else").verdict.reason == "why (anything else)");
  CHECK(read_worker_error("refused").answer.status() == SampleStatus::refused);
  const auto adjusted = read_worker_error("unsupported_parameter", R"(,"parameter":"top_k")").verdict;
  CHECK(adjusted.action == Action::adjust);
  CHECK(adjusted.adjustment == Adjustment{"top_k", ""});
  CHECK(read_worker_error("unsupported_parameter").verdict.action == Action::fail);
}

TEST_CASE("what a worker should not say fails the sample") {
  for (const auto* message :
       {"", "[]", "nonsense", R"({"type":"result","result":{}})", R"({"type":"result","result":{"text":7}})"}) {
    CHECK_MESSAGE(read_worker(message).verdict.action == Action::fail, message);
  }
  CHECK(read_worker_answer(test::http_fault(net::TransportFault::cancelled)).verdict.kind == FailureKind::cancelled);
}
