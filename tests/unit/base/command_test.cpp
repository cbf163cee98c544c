#include "base/command.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

using namespace lumi;

TEST_CASE("split_command finds the words that a shell finds") {
  using Words = std::vector<std::string>;
  CHECK(split_command("").value() == Words{});
  CHECK(split_command("  a  b\tc ").value() == Words{"a", "b", "c"});
  CHECK(split_command(R"("/opt/my tool" --name 'x "y"' z\ w)").value() ==
        Words{"/opt/my tool", "--name", "x \"y\"", "z w"});
  CHECK(split_command(R"(a "" '' b"c"d)").value() == Words{"a", "", "", "bcd"});
  CHECK(split_command(R"("a\"b\\c\d" 'e\f')").value() == Words{R"(a"b\c\d)", R"(e\f)"});
  CHECK(split_command("$HOME *").value() == Words{"$HOME", "*"});
  CHECK_FALSE(split_command("a 'b").has_value());
  CHECK_FALSE(split_command("a \"b").has_value());
}

TEST_CASE("command_output returns what a program writes") {
  CHECK(command_output({"printf", "%s|%s", "a b", "c"}) == "a b|c");
  CHECK(command_output({"sh", "-c", "cat"}).empty());
  CHECK(command_output({"sh", "-c", "head -c 1000000 /dev/zero"}).size() == 1'000'000);
}

TEST_CASE("command_output starts programs with the usual signals, whatever this thread does with them") {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto blocked = command_output({"grep", "SigBlk", "/proc/self/status"});
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(blocked == "SigBlk:\t0000000000000000\n");
}

TEST_CASE("command_output says which program failed, and how") {
  const auto message = [](const std::vector<std::string>& words) {
    return std::string(test::error_of([&] { command_output(words); }).value().what());
  };
  CHECK(message({"sh", "-c", "exit 3"}) == "\"sh\" ended with exit code 3");
  CHECK(message({"sh", "-c", "kill -9 $$"}) == "\"sh\" ended with a signal");
  CHECK(message({"/no/such/program"}) == "cannot run \"/no/such/program\": No such file or directory");
  CHECK(message({"sh", "-c", "exec cat /dev/zero"}) == "\"sh\" writes too much");
  CHECK(message({}) == "there is no program to run in an empty command");
}
