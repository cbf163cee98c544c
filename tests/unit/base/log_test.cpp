#include "base/log.hpp"
#include "support/child_process.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace lumi;
using lumi::test::ChildProcess;

namespace {

/// What `work` logs, in a process of its own: levels and secrets are the process's.
template <class Work>
std::string logged(Work work) {
  ChildProcess child([&] {
    work();
    return 0;
  });
  const auto result = child.wait();
  CHECK(result.exit_code == 0);
  return result.errors;
}

std::string::size_type lines_in(const std::string& text) {
  return static_cast<std::string::size_type>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("the log says warnings unless told otherwise") {
  const auto all = [] {
    log_debug("a debug line");
    log_info("an info line");
    log_warn("a warning line");
  };
  const auto usual = logged(all);
  CHECK(lines_in(usual) == 1);
  CHECK(usual.find("Z warning a warning line\n") != std::string::npos);
  CHECK(lines_in(logged([&] {
          set_log_level(LogLevel::debug);
          all();
        })) == 3);
  CHECK(logged([&] {
          set_log_level(LogLevel::off);
          all();
        }).empty());
}

TEST_CASE("the log never tells a secret") {
  const auto text = logged([] {
    redact_in_log("");
    redact_in_log("key-1");
    redact_in_log("key-1-and-more");
    log_warn("key-1, key-1-and-more and key-1key-1");
  });
  CHECK(text.find("<REDACTED>, <REDACTED> and <REDACTED><REDACTED>\n") != std::string::npos);
  CHECK(text.find("key") == std::string::npos);
  CHECK(text.find("more") == std::string::npos);
}

TEST_CASE("redact ends even if the secret is part of the mark") {
  const auto text = logged([] {
    redact_in_log("RED");
    log_warn(redact("a RED apple"));
  });
  CHECK(text.find("RED apple") == std::string::npos);
}

TEST_CASE("a log line is one line, and no terminal command") {
  const auto text = logged([] { log_warn("one\ntwo\x1b[31m"); });
  CHECK(lines_in(text) == 1);
  CHECK(text.find("one\\x0atwo\\x1b[31m\n") != std::string::npos);
}

TEST_CASE("as JSON a line is an object with the name of what it is") {
  const auto text = logged([] {
    set_log_format(LogFormat::json);
    set_log_level(LogLevel::info);
    redact_in_log("key-1");
    log_warn("one\ntwo \"three\" key-1");
    log_info("for who looks closer");
  });
  CHECK(text.starts_with("{\"warning\":{\"message\":\"one\\ntwo \\\"three\\\" <REDACTED>\"}}\n{\"log\":{\"time\":\""));
  CHECK(text.ends_with("Z\",\"level\":\"info\",\"message\":\"for who looks closer\"}}\n"));
}
