#include "net/http_client.hpp"
#include "support/fake_http_client.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using namespace lumi::net;
using lumi::test::FakeHttpClient;
using lumi::test::http_answer;
using std::chrono::milliseconds;

TEST_CASE("a header is found whatever its case, the first one of a name, without the space around it") {
  const auto answer = http_answer(200, "", "Retry-After:  2 \r\nX-Empty:\r\nretry-after: 3\r\nRetry: 4\r\n");
  CHECK(answer.header("retry-after") == "2");
  CHECK(answer.header("RETRY") == "4");
  CHECK(answer.header("x-empty") == "");
  CHECK_FALSE(answer.header("Retry-Afte"));
  CHECK_FALSE(HttpAnswer().header("Retry"));
}

TEST_CASE("sending waits for the one answer, and lets other transfers move on") {
  FakeHttpClient client;
  client.answer_with([](const HttpRequest& request) {
    return lumi::test::FakeAnswer{http_answer(200, request.url),
                                  milliseconds(request.url == "http://slow" ? 2500 : 100)};
  });
  std::string other;
  client.start({.url = "http://other"}, [&](HttpAnswer answer) { other = answer.body; });
  CHECK(client.send({.url = "http://slow"}).body == "http://slow");
  CHECK(other == "http://other");
  CHECK(client.now() == milliseconds(2500));
  CHECK(client.most_running() == 2);
  CHECK(client.running() == 0);
}

TEST_CASE("every fault has a name") {
  CHECK(to_string(TransportFault::none) == "none");
  CHECK(to_string(TransportFault::timed_out) == "timed_out");
  CHECK(to_string(TransportFault::other) == "other");
}
