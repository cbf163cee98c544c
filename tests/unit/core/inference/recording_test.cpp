#include "base/log.hpp"
#include "core/inference/recording.hpp"
#include "support/errors.hpp"
#include "support/fake_http_client.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace lumi;
using namespace lumi::inference;
using std::chrono::milliseconds;

namespace {

net::HttpRequest asking(const std::string& body) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = "http://127.0.0.1:9/v1/chat/completions";
  request.headers = {{"Authorization", "Bearer sk-canary-header"}};
  request.body = body;
  return request;
}

/// Starts a request and waits for its answer; with `streamed`, its body goes there.
net::HttpAnswer ask(net::HttpClient& client, const std::string& body, std::string* streamed = nullptr) {
  std::optional<net::HttpAnswer> got;
  net::HttpClient::Chunk chunk;
  if (streamed != nullptr) {
    chunk = [streamed](std::string_view piece) { *streamed += piece; };
  }
  client.start(
      asking(body), [&](net::HttpAnswer answer) { got = std::move(answer); }, std::move(chunk));
  while (!got) {
    client.wait(milliseconds(100));
  }
  return *got;
}

std::unique_ptr<test::FakeHttpClient> fake_client(std::vector<test::FakeAnswer> answers) {
  auto client = std::make_unique<test::FakeHttpClient>();
  for (auto& answer : answers) {
    client->answer(std::move(answer));
  }
  return client;
}

}  // namespace

TEST_CASE("a recording answers as the server did, in the same order") {
  const test::TempDir folder;
  const auto file = folder / "recording.jsonl";
  {
    auto slow = test::http_answer(200, "{\"first\":1}", "Content-Type: application/json\r\nSet-Cookie: canary\r\n");
    slow.total = milliseconds(1234);
    RecordingClient client(fake_client({{test::http_answer(429, "later", "Retry-After: 1\r\n")},
                                        {slow},
                                        {test::http_fault(net::TransportFault::cut, "cut off")},
                                        {test::http_answer(200, ""), milliseconds(0), {"data: a", "data: b"}}}),
                           file);
    ask(client, "{\"a\":1}");
    ask(client, "{\"a\":1}");
    ask(client, "{\"b\":2}");
    std::string streamed;
    ask(client, "{\"c\":3}", &streamed);
    CHECK(streamed == "data: adata: b");
  }
  ReplayClient replay(file);
  const auto first = ask(replay, "{\"a\":1}");
  CHECK(first.status == 429);
  CHECK(first.header("retry-after") == "1");
  const auto second = ask(replay, "{ \"a\": 1 }");
  CHECK(second.body == "{\"first\":1}");
  CHECK(second.total == milliseconds(1234));
  CHECK(ask(replay, "{\"a\":1}").body == "{\"first\":1}");
  CHECK(ask(replay, "{\"b\":2}").fault == net::TransportFault::cut);
  std::string streamed;
  CHECK(ask(replay, "{\"c\":3}", &streamed).body.empty());
  CHECK(streamed == "data: adata: b");
  CHECK(test::code_of([&] { ask(replay, "{\"d\":4}"); }) == ErrorCode::invalid_input);
}

TEST_CASE("a recording holds no header of a request, no other header of an answer and no known secret") {
  const test::TempDir folder;
  const auto file = folder / "recording.jsonl";
  redact_in_log("sk-canary-known");
  {
    RecordingClient client(
        fake_client({{test::http_answer(401, "wrong key sk-canary-known", "Set-Cookie: canary\r\n")}}), file);
    ask(client, "{\"text\":\"sk-canary-known\"}");
  }
  const auto text = read_file(file);
  CHECK(text.find("canary") == std::string::npos);
  CHECK(text.find("wrong key <REDACTED>") != std::string::npos);
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms(077)) == std::filesystem::perms::none);
  ReplayClient replay(file);
  CAPTURE(text);
  CHECK(ask(replay, "{\"text\":\"sk-canary-known\"}").status == 401);
}

TEST_CASE("what is cancelled is not recorded, and can be cancelled in a replay") {
  const test::TempDir folder;
  const auto file = folder / "recording.jsonl";
  {
    RecordingClient client(
        fake_client({{test::http_answer(200, "one")}, {test::http_answer(200, "two"), milliseconds(50)}}), file);
    ask(client, "1");
    const auto id = client.start(asking("2"), [](const net::HttpAnswer&) {});
    client.cancel(id);
    client.wait(milliseconds(1));
    CHECK(client.running() == 0);
  }
  ReplayClient replay(file);
  bool is_cancelled = false;
  const auto id = replay.start(asking("1"), [&](const net::HttpAnswer& answer) {
    is_cancelled = answer.fault == net::TransportFault::cancelled;
  });
  replay.cancel(id);
  replay.wait(milliseconds(1));
  CHECK(is_cancelled);
  CHECK(test::code_of([&] { ask(replay, "2"); }) == ErrorCode::invalid_input);
}

TEST_CASE("what is no recording is told with its line") {
  const test::TempDir folder;
  const auto file = folder / "recording.jsonl";
  write_file(file, "{\"method\":\"POST\"}\n", Overwrite::yes, Durable::no);
  const auto error = test::error_of([&] { ReplayClient{file}; });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::invalid_input);
  CHECK(std::string(error->what()).find("recording.jsonl:1:") != std::string::npos);
  CHECK(test::code_of([&] { ReplayClient{folder / "absent"}; }) == ErrorCode::not_found);
}
