#include "base/interrupt.hpp"
#include "net/curl_http_client.hpp"
#include "support/child_process.hpp"
#include "support/errors.hpp"
#include "support/socket_server.hpp"
#include "support/stopwatch.hpp"
#include "support/temp_dir.hpp"
#include "support/texts.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

using namespace lumi;
using namespace lumi::net;
using lumi::test::ChildProcess;
using lumi::test::code_of;
using lumi::test::contains;
using lumi::test::error_of;
using lumi::test::ServerConnection;
using lumi::test::since;
using lumi::test::SocketServer;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Answers the first request with `text` and closes.
SocketServer::Serve saying_once(std::string text) {
  return [text = std::move(text)](ServerConnection& connection) {
    connection.read_request();
    connection.write(text);
  };
}

/// What comes of a GET to a server that says `text` and closes.
HttpAnswer answer_to(std::string text, HttpRequest request = {}) {
  const SocketServer server(saying_once(std::move(text)));
  request.url = server.url();
  return CurlHttpClient().send(std::move(request));
}

TransportFault fault_of(std::string text) { return answer_to(std::move(text)).fault; }

}  // namespace

TEST_CASE("a server that is not there") {
  CurlHttpClient client;
  const auto refused = client.send({.url = "http://127.0.0.1:1/"});
  CHECK(refused.fault == TransportFault::cannot_connect);
  CHECK(refused.status == 0);
  CHECK_FALSE(refused.fault_text.empty());
  CHECK(client.send({.url = "http://no-such-host.invalid/"}).fault == TransportFault::cannot_resolve);
}

TEST_CASE("an answer that ends too early is told from a whole one") {
  CHECK(fault_of("") == TransportFault::cut);
  CHECK(fault_of("HTTP/1.1 200 OK\r\nContent-Le") == TransportFault::cut);
  CHECK(fault_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab") == TransportFault::cut);
  const auto half = answer_to("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":");
  CHECK(half.fault == TransportFault::cut);
  CHECK(half.status == 200);
  CHECK(half.body == "{\"half\":");
  CHECK(fault_of("HTTP/1.1 200 OK\r\n\r\nuntil the end") == TransportFault::none);
  const SocketServer resets([](ServerConnection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
    std::this_thread::sleep_for(milliseconds(20));
    connection.reset_on_close();
  });
  CHECK(CurlHttpClient().send({.url = resets.url()}).fault == TransportFault::cut);
}

TEST_CASE("what is no HTTP, and no TLS") {
  CHECK(fault_of("SSH-2.0-OpenSSH_9.2\r\n") == TransportFault::other);
  const SocketServer plain([](ServerConnection& connection) { connection.write("HTTP/1.1 400 Bad\r\n\r\n"); });
  CHECK(CurlHttpClient().send({.url = "https://127.0.0.1:" + std::to_string(plain.port())}).fault ==
        TransportFault::tls);
}

TEST_CASE("an answer is never larger than asked for") {
  const std::string body(200'000, 'x');
  const auto length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  const auto announced = answer_to("HTTP/1.1 200 OK\r\n" + length + "\r\n" + body, {.max_body_bytes = 1000});
  CHECK(announced.fault == TransportFault::too_large);
  CHECK(announced.body.empty());
  CHECK(contains(announced.fault_text, "1.0 kB"));
  const auto unannounced = answer_to("HTTP/1.1 200 OK\r\n\r\n" + body, {.max_body_bytes = body.size() - 1});
  CHECK(unannounced.fault == TransportFault::too_large);
  CHECK(unannounced.body.size() < body.size());
  CHECK(answer_to("HTTP/1.1 200 OK\r\n\r\n" + body, {.max_body_bytes = body.size()}).body == body);
  std::string head;
  for (int i = 0; i < 1000; ++i) {
    head += "X-Header: of some length\r\n";
  }
  CHECK(answer_to("HTTP/1.1 200 OK\r\n" + head + "\r\n", {.max_header_bytes = 1000}).fault ==
        TransportFault::too_large);
}

TEST_CASE("every phase of a request has its limit") {
  const SocketServer silent([](ServerConnection& connection) { connection.wait_for_end(); });
  CurlHttpClient client;
  const auto start = std::chrono::steady_clock::now();
  SUBCASE("in all") {
    const auto answer = client.send({.url = silent.url(), .limits = {.total = milliseconds(200)}});
    CHECK(answer.fault == TransportFault::timed_out);
    CHECK(answer.total >= milliseconds(190));
    CHECK(since(start) < seconds(5));
  }
  SUBCASE("silence after the connection") {
    CHECK(client.send({.url = silent.url(), .limits = {.silence = seconds(1)}}).fault == TransportFault::timed_out);
    CHECK(since(start) < seconds(10));
  }
  SUBCASE("the connection") {
    // A full queue of connections that nobody accepts: the next one gets no answer.
    UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    REQUIRE(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener.get(), 0) == 0);
    REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    std::vector<UniqueFd> waiting;
    for (int i = 0; i < 4; ++i) {
      waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      static_cast<void>(::connect(waiting.back().get(), reinterpret_cast<const sockaddr*>(&address), size));
    }
    const auto url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    const auto answer = client.send({.url = url, .limits = {.connect = milliseconds(300)}});
    CHECK(answer.fault == TransportFault::timed_out);
    CHECK(since(start) < seconds(5));
  }
}

TEST_CASE("blank lines that keep a connection open are part of the body, and no silence") {
  const SocketServer server([](ServerConnection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 15; ++i) {
      std::this_thread::sleep_for(milliseconds(100));
      connection.write("\n");
    }
    connection.write("{}");
  });
  CurlHttpClient client;
  CHECK(client.send({.url = server.url(), .limits = {.silence = seconds(1)}}).body == std::string(15, '\n') + "{}");
  // They do not get around the limit of the whole.
  const auto limited = client.send({.url = server.url(), .limits = {.total = milliseconds(500)}});
  CHECK(limited.fault == TransportFault::timed_out);
  CHECK(contains(limited.body, "\n"));
}

TEST_CASE("nothing is sent that would be more than one request, or to no web server") {
  CurlHttpClient client;
  const auto code = [&](HttpRequest request) {
    return code_of([&] { client.start(std::move(request), [](const HttpAnswer&) {}); });
  };
  for (const char* url :
       {"", "ftp://host/", "file:///etc/passwd", "host/path", "http://", "http://a b/", "http://a/\r\nX: y"}) {
    CAPTURE(url);
    CHECK(code({.url = url}) == ErrorCode::invalid_input);
  }
  for (const char* name : {"", "A:", "A B", "A\r\nB"}) {
    CHECK(code({.url = "http://a/", .headers = {{name, "x"}}}) == ErrorCode::invalid_input);
  }
  for (const char* method : {"", "GET /\r\n", "G T"}) {
    CHECK(code({.method = method, .url = "http://a/"}) == ErrorCode::invalid_input);
  }
  const auto error = error_of([&] {
    client.start({.url = "http://a/", .headers = {{"Authorization", "Bearer secret\r\nX: y"}}},
                 [](const HttpAnswer&) {});
  });
  REQUIRE(error);
  CHECK(contains(error->what(), "\"Authorization\""));
  CHECK_FALSE(contains(error->what(), "secret"));
  CHECK(client.running() == 0);
}

TEST_CASE("where clouds hand out credentials is not reached unless asked for") {
  CurlHttpClient client;
  const TimeLimits short_limits{.connect = milliseconds(100)};
  for (const char* url :
       {"http://169.254.169.254/latest/meta-data", "http://[::ffff:169.254.169.254]/", "http://[fe80::1]/"}) {
    CAPTURE(url);
    CHECK(client.send({.url = url, .limits = short_limits}).fault == TransportFault::blocked);
  }
  const auto asked_for =
      client.send({.url = "http://169.254.169.254/", .limits = short_limits, .addresses = Addresses::all});
  CHECK(asked_for.fault != TransportFault::blocked);
}

TEST_CASE("a signal ends a wait, and sending") {
  ChildProcess child([] {
    watch_for_interrupts();
    const SocketServer silent([](ServerConnection& connection) { connection.wait_for_end(); });
    const pid_t self = ::getpid();
    std::thread killer([&] {
      std::this_thread::sleep_for(milliseconds(100));
      ::kill(self, SIGTERM);
    });
    CurlHttpClient client;
    const auto start = std::chrono::steady_clock::now();
    const auto code = code_of([&] { client.send({.url = silent.url()}); });
    killer.join();
    const bool soon = since(start) < seconds(5);
    // A signal from before is no reason to return at once: what is under way may still end.
    const auto again = std::chrono::steady_clock::now();
    client.wait(milliseconds(200));
    const bool waited = since(again) >= milliseconds(200);
    return code == ErrorCode::interrupted && soon && waited && client.running() == 0 ? 0 : 1;
  });
  CHECK(child.wait().exit_code == 0);
}

TEST_CASE("proxies are those of the environment, which never see the keys of a tunnel; .netrc is not read") {
  const lumi::test::TempDir home;
  std::ofstream(home.path() / ".netrc") << "default login someone password secret\n";
  ChildProcess child([&] {
    const SocketServer proxy([](ServerConnection& connection) {
      for (auto request = connection.read_request(); !request.empty(); request = connection.read_request()) {
        connection.respond(request.starts_with("CONNECT ") ? 407 : 200, request, "X-Proxy: yes\r\n");
      }
    });
    ::setenv("HOME", home.path().c_str(), 1);
    ::setenv("http_proxy", proxy.url().c_str(), 1);
    ::setenv("https_proxy", proxy.url().c_str(), 1);
    ::setenv("no_proxy", "127.0.0.1", 1);
    CurlHttpClient client;
    const auto plain = client.send({.url = "http://server.invalid/path"});
    const bool through =
        plain.header("x-proxy") && plain.body.starts_with("GET http://server.invalid/path HTTP/1.1\r\n");
    const bool without_netrc = !contains(plain.body, "Authorization");
    const auto around = client.send({.url = proxy.url("/direct")});
    const bool past = around.body.starts_with("GET /direct HTTP/1.1\r\n");
    const auto tunnel = client.send({.url = "https://server.invalid/", .headers = {{"Authorization", "Bearer key"}}});
    const bool refused = tunnel.fault != TransportFault::none && !contains(tunnel.body, "Bearer");
    return through && without_netrc && past && refused
               ? 0
               : (through ? 0 : 1) + (without_netrc ? 0 : 2) + (past ? 0 : 4) + 8;
  });
  CHECK(child.wait().exit_code == 0);
}
