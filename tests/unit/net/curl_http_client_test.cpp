#include "base/environment.hpp"
#include "net/curl_http_client.hpp"
#include "support/errors.hpp"
#include "support/socket_server.hpp"
#include "support/stopwatch.hpp"
#include "support/texts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

using namespace lumi;
using namespace lumi::net;
using lumi::test::code_of;
using lumi::test::contains;
using lumi::test::ServerConnection;
using lumi::test::since;
using lumi::test::SocketServer;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Answers every request with itself.
void echo(ServerConnection& connection) {
  for (auto request = connection.read_request(); !request.empty(); request = connection.read_request()) {
    connection.respond(200, request, "X-Answer: yes\r\n");
  }
}

/// Answers every request with `text` as it is, and keeps the connection.
SocketServer::Serve saying(std::string text) {
  return [text = std::move(text)](ServerConnection& connection) {
    while (!connection.read_request().empty()) {
      connection.write(text);
    }
  };
}

/// Lets the client work until nothing runs.
void finish(CurlHttpClient& client) {
  while (client.running() > 0) {
    client.wait(seconds(1));
  }
}

}  // namespace

TEST_CASE("a request goes out as it is, and its answer comes back whole") {
  const SocketServer server(&echo);
  CurlHttpClient client;
  const auto answer = client.send({.method = "POST",
                                   .url = server.url("/v1/chat/completions?a=b"),
                                   .headers = {{"Authorization", "Bearer key"}, {"X-Empty", ""}},
                                   .body = std::string("{\"zero\":\"\0\"}", 12)});
  CHECK(answer.fault == TransportFault::none);
  CHECK(answer.fault_text.empty());
  CHECK(answer.status == 200);
  CHECK(answer.header("x-answer") == "yes");
  CHECK(answer.body.starts_with("POST /v1/chat/completions?a=b HTTP/1.1\r\n"));
  CHECK(contains(answer.body, "\r\nAuthorization: Bearer key\r\n"));
  CHECK(contains(answer.body, "\r\nX-Empty:\r\n"));
  CHECK(contains(answer.body, "\r\nUser-Agent: lumi/"));
  CHECK_FALSE(contains(answer.body, "Content-Type"));
  CHECK(answer.body.ends_with(std::string("\r\n\r\n{\"zero\":\"\0\"}", 16)));
  CHECK(answer.first_byte.count() > 0);
  CHECK(answer.total >= answer.first_byte);
}

TEST_CASE("one handle serves requests of every kind in turn, over one connection") {
  const SocketServer server(&echo);
  CurlHttpClient client;
  const auto sent = [&](const char* method, std::string body, std::vector<HttpHeader> headers = {}) {
    return client.send({.method = method, .url = server.url(), .headers = std::move(headers), .body = std::move(body)})
        .body;
  };
  CHECK(sent("PUT", "some").ends_with("\r\n\r\nsome"));
  CHECK(sent("PUT", "others").ends_with("\r\n\r\nothers"));
  CHECK(contains(sent("POST", ""), "\r\nContent-Length: 0\r\n"));
  CHECK(contains(sent("POST", "x", {{"Content-Type", "text/x"}, {"X-A", "1"}}), "\r\nX-A: 1\r\n"));
  CHECK_FALSE(contains(sent("POST", "x", {{"Content-Type", "text/x"}}), "X-A"));
  const auto get = sent("GET", "");
  CHECK(get.starts_with("GET / HTTP/1.1\r\n"));
  CHECK_FALSE(contains(get, "Content-Length"));
  CHECK(sent("GET", "body").ends_with("\r\n\r\nbody"));
  CHECK(sent("GET", "").ends_with("\r\n\r\n"));
  CHECK(sent("DELETE", "").starts_with("DELETE / HTTP/1.1\r\n"));
  const std::string large(3 << 20, 'x');
  const auto echoed = sent("POST", large);
  CHECK(echoed.ends_with(large));
  CHECK_FALSE(contains(echoed.substr(0, 1000), "Expect"));
  CHECK(server.connections() == 1);
}

TEST_CASE("the length that HEAD tells is not that of a body") {
  const SocketServer server(saying("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n"));
  CurlHttpClient client;
  const auto answer = client.send({.method = "HEAD", .url = server.url(), .max_body_bytes = 10});
  CHECK(answer.fault == TransportFault::none);
  CHECK(answer.header("content-length") == "9999999");
}

TEST_CASE("many requests run at a time, and a callback may start more") {
  const SocketServer server([](ServerConnection& connection) {
    for (auto request = connection.read_request(); !request.empty(); request = connection.read_request()) {
      std::this_thread::sleep_for(milliseconds(20));
      connection.respond(200, request.substr(5, request.find(' ', 5) - 5));
    }
  });
  CurlHttpClient client;
  constexpr int k_at_a_time = 50;
  constexpr int k_all = 200;
  std::vector<int> answers(k_all);
  int started = 0;
  const std::function<void()> start = [&] {
    const int number = started++;
    client.start({.url = server.url("/" + std::to_string(number))}, [&, number](const HttpAnswer& answer) {
      answers[static_cast<std::size_t>(number)] += answer.body == std::to_string(number) ? 1 : 1000;
      if (started < k_all) {
        start();
      }
    });
  };
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < k_at_a_time; ++i) {
    start();
  }
  CHECK(client.running() == k_at_a_time);
  finish(client);
  CHECK(answers == std::vector<int>(k_all, 1));
  CHECK(server.connections() == k_at_a_time);
  CHECK(since(begin) < seconds(3));  // one after the other takes 4 s
}

TEST_CASE("a connection that the server closed meanwhile is replaced without a word") {
  const SocketServer server([](ServerConnection& connection) {
    connection.read_request();
    connection.respond(200, "fine");
  });
  CurlHttpClient client;
  for (int i = 1; i <= 3; ++i) {
    CHECK(client.send({.method = "POST", .url = server.url(), .body = "x"}).body == "fine");
    client.wait(milliseconds(20));
    CHECK(server.connections() == i);
  }
}

TEST_CASE("an interim response is not the answer, and a redirect is not followed") {
  const SocketServer server(saying("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 302 Found\r\nLocation: "
                                   "http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));
  CurlHttpClient client;
  const auto answer = client.send({.url = server.url()});
  CHECK(answer.status == 302);
  CHECK(answer.header("location") == "http://127.0.0.1:1/");
  CHECK_FALSE(answer.header("x-early"));
}

TEST_CASE("a body with a 2xx status goes out in pieces, any other into the answer") {
  const SocketServer server([](ServerConnection& connection) {
    for (auto request = connection.read_request(); !request.empty(); request = connection.read_request()) {
      connection.write(contains(request, "/wrong") ? "HTTP/1.1 400 Bad\r\n" : "HTTP/1.1 200 OK\r\n");
      connection.write("Transfer-Encoding: chunked\r\n\r\n");
      for (const char* piece : {"5\r\ndata:\r\n", "2\r\n a\r\n", "0\r\n\r\n"}) {
        std::this_thread::sleep_for(milliseconds(20));
        connection.write(piece);
      }
    }
  });
  CurlHttpClient client;
  std::vector<std::string> pieces;
  std::vector<HttpAnswer> answers;
  const auto keep = [&](HttpAnswer answer) { answers.push_back(std::move(answer)); };
  const auto take = [&](std::string_view piece) { pieces.emplace_back(piece); };
  client.start({.url = server.url()}, keep, take);
  finish(client);
  client.start({.url = server.url("/wrong")}, keep, take);
  finish(client);
  CHECK(pieces == std::vector<std::string>{"data:", " a"});
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].body.empty());
  CHECK(answers[0].total >= answers[0].first_byte + milliseconds(15));
  CHECK(answers[1].body == "data: a");
}

TEST_CASE("what a receiver of pieces throws comes out of the wait") {
  const SocketServer server(&echo);
  CurlHttpClient client;
  client.start(
      {.url = server.url()},
      [](const HttpAnswer&) {},
      [](std::string_view) { throw Error(ErrorCode::conflict, "enough"); });
  CHECK(code_of([&] { finish(client); }) == ErrorCode::conflict);
  CHECK(client.running() == 0);
  CHECK(client.send({.url = server.url()}).status == 200);
}

TEST_CASE("a cancelled transfer ends with the next wait, once, and others go on") {
  const SocketServer silent([](ServerConnection& connection) { connection.wait_for_end(); });
  const SocketServer server(&echo);
  CurlHttpClient client;
  std::vector<TransportFault> faults;
  const auto keep = [&](const HttpAnswer& answer) { faults.push_back(answer.fault); };
  const auto under_way = client.start({.url = silent.url()}, keep);
  client.wait(milliseconds(50));
  const auto fresh = client.start({.url = silent.url()}, keep);
  client.cancel(under_way);
  client.cancel(fresh);
  client.cancel(fresh);
  CHECK(faults.empty());
  client.wait(milliseconds(0));
  CHECK(faults == std::vector<TransportFault>(2, TransportFault::cancelled));
  CHECK(client.running() == 0);
  client.cancel(fresh);
  TransferId streaming{};
  streaming = client.start({.url = server.url()}, keep, [&](std::string_view) { client.cancel(streaming); });
  finish(client);
  CHECK(faults == std::vector<TransportFault>(3, TransportFault::cancelled));
  CHECK(client.send({.url = server.url()}).status == 200);
}

TEST_CASE("a client that goes drops what runs without a call") {
  const SocketServer silent([](ServerConnection& connection) { connection.wait_for_end(); });
  bool called = false;
  {
    CurlHttpClient client;
    client.start({.url = silent.url()}, [&](const HttpAnswer&) { called = true; });
    client.wait(milliseconds(20));
    client.start({.url = silent.url()}, [&](const HttpAnswer&) { called = true; });
  }
  CHECK_FALSE(called);
}

TEST_CASE("a wait is over when another thread says so, even beforehand, and else after its limit") {
  CurlHttpClient client;
  const auto start = std::chrono::steady_clock::now();
  client.wake();
  client.wait(seconds(20));
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(30));
    client.wake();
  });
  client.wait(seconds(20));
  other.join();
  CHECK(since(start) < seconds(10));
  const auto again = std::chrono::steady_clock::now();
  client.wait(milliseconds(150));
  CHECK(since(again) >= milliseconds(150));
}
