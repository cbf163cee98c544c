#include "cli/io/streams.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace lumi;
using namespace lumi::cli;

TEST_CASE("untrusted text cannot steer a terminal") {
  CHECK(printable("a\x1b[31mred\tb\nc") == "a\\x1b[31mred\\tb\\nc");
  CHECK(printable("left \u202E right") == "left \\u202e right");
  CHECK(printable("naïve 漢字 😀") == "naïve 漢字 😀");
}

TEST_CASE("display width counts columns, not bytes") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("naïve") == 5);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("漢字") == 4);
  CHECK(display_width("\x1b[1mbold\x1b[0m") == 4);
  CHECK(truncated("abcdef", 4) == "abc…");
  CHECK(truncated("漢字漢字", 5) == "漢字…");
}

TEST_CASE("an error for people and as JSON") {
  const auto streams = Streams::captured(Terminal::no);
  Error error(ErrorCode::not_found, "dataset \"abc\" not found", "run 'lumi dataset list'");
  error.add_context("loading dataset abc");
  streams->error(error);
  CHECK(streams->err_text() == "lumi: error: dataset \"abc\" not found\nhint: run 'lumi dataset list'\n");

  const auto as_json = Streams::captured(Terminal::no);
  as_json->configure({.json = true});
  as_json->error(error);
  CHECK(as_json->err_text() == "{\"error\":{\"code\":\"not_found\",\"message\":\"dataset \\\"abc\\\" not found\","
                               "\"hint\":\"run 'lumi dataset list'\",\"exit_code\":5}}\n");

  const auto verbose = Streams::captured(Terminal::no);
  verbose->configure({.verbosity = Verbosity::verbose});
  verbose->error(error);
  CHECK(verbose->err_text().ends_with("  while loading dataset abc\n"));
}

TEST_CASE("colour follows terminal, NO_COLOR and CLICOLOR_FORCE") {
  setenv("TERM", "xterm", 1);
  unsetenv("NO_COLOR");
  unsetenv("CLICOLOR_FORCE");
  const auto terminal = Streams::captured(Terminal::yes);
  const auto pipe = Streams::captured(Terminal::no);
  CHECK(terminal->styled_out("x", Style::red) == "\x1b[31mx\x1b[0m");
  CHECK(pipe->styled_out("x", Style::red) == "x");
  setenv("NO_COLOR", "1", 1);
  CHECK(terminal->styled_out("x", Style::red) == "x");
  unsetenv("NO_COLOR");
  setenv("CLICOLOR_FORCE", "1", 1);
  CHECK(pipe->styled_out("x", Style::red) == "\x1b[31mx\x1b[0m");
  unsetenv("CLICOLOR_FORCE");
  setenv("TERM", "dumb", 1);
  CHECK(terminal->styled_out("x", Style::red) == "x");
  setenv("TERM", "xterm", 1);
  terminal->configure({.color = ColorMode::never});
  CHECK(terminal->styled_out("x", Style::red) == "x");
}

TEST_CASE("quiet leaves warnings and errors only") {
  const auto streams = Streams::captured(Terminal::no);
  streams->configure({.verbosity = Verbosity::quiet});
  streams->message("hello");
  streams->warning("careful");
  CHECK(streams->err_text() == "lumi: warning: careful\n");
}
