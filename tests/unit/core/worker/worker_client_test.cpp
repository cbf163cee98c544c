#include "core/worker/worker_client.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace lumi;
using namespace lumi::worker;
using std::chrono::milliseconds;

namespace {

constexpr const char* k_start = R"(
  read -r hello; echo '{"type":"hello","protocol":1}'
  read -r open; echo '{"type":"ready","max_in_flight":4}'
  number() { id=${1#*\"id\":}; id=${id%%,*}; }
  answer() { number "$1"; echo "{\"type\":\"result\",\"id\":$id,\"result\":{\"text\":\"done\"}}"; })";

/// A worker that starts well and then does `script` with each line it reads, `$line`.
WorkerSettings worker_that(const std::string& script) {
  WorkerSettings settings;
  settings.name = "test";
  settings.program.arguments = {
      "/bin/sh", "-c", std::string(k_start) + "\nwhile read -r line; do\n" + script + "\ndone"};
  settings.program.environment = {"PATH=/usr/bin:/bin"};
  settings.method = "generate";
  settings.max_in_flight = 4;
  return settings;
}

/// What became of the requests of a client, by what was asked.
struct Asked {
  explicit Asked(WorkerSettings settings) : client(std::move(settings)) {}

  std::uint64_t ask(const std::string& what, milliseconds limit = milliseconds(10'000)) {
    return client.ask("\"" + what + "\"", limit, [this, what](const WorkerAnswer& answer) {
      const auto message = parse_message(answer.message);
      answers[what] = !message                                       ? "cancelled"
                      : message->type == WorkerMessage::Type::result ? "result"
                                                                     : message->code + ": " + message->text;
    });
  }

  void finish() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (client.running() > 0 && std::chrono::steady_clock::now() < end) {
      client.wait(milliseconds(1'000));
    }
    CHECK(client.running() == 0);
  }

  std::map<std::string, std::string> answers;
  WorkerClient client;
};

}  // namespace

TEST_CASE("a worker answers, is started once, and told to stop") {
  const test::TempDir folder;
  const auto log = (folder / "log").string();
  {
    Asked asked(
        worker_that("echo \"$line\" >> " + log + "; case $line in *shutdown*) exit;; *) answer \"$line\";; esac"));
    for (const auto* what : {"a", "b", "c", "d", "e", "f"}) {
      asked.ask(what);
    }
    asked.finish();
    CHECK(asked.answers.size() == 6);
    CHECK(asked.answers["f"] == "result");
  }
  const auto lines = read_file(log);
  CHECK(lines.find(R"("id":1,"more":true)") != std::string::npos);
  CHECK(lines.find(R"("id":4,"more":false)") != std::string::npos);  // four are all that it takes at a time
  CHECK(lines.ends_with("{\"type\":\"shutdown\"}\n"));
}

TEST_CASE("a worker is not started before it has something to do") {
  const test::TempDir folder;
  const auto file = folder / "started";
  auto settings = worker_that("answer \"$line\"");
  settings.program.arguments[2] = "touch " + file.string() + "\n" + settings.program.arguments[2];
  Asked asked(settings);
  asked.client.wait(milliseconds(30));
  CHECK_FALSE(std::filesystem::exists(file));
  asked.ask("a");
  asked.finish();
  CHECK(std::filesystem::exists(file));
}

TEST_CASE("of several requests the one that ends workers is found") {
  Asked asked(worker_that("case $line in *bad*) echo no way >&2; exit 3;; *) answer \"$line\";; esac"));
  for (const auto* what : {"a", "b", "bad", "c", "d", "e"}) {
    asked.ask(what);
  }
  asked.finish();
  for (const auto* what : {"a", "b", "c", "d", "e"}) {
    CHECK(asked.answers[what] == "result");
  }
  CHECK(asked.answers["bad"] == "crashed: worker \"test\" ended with exit code 3: no way");
}

TEST_CASE("a request over which a worker hangs ends the worker, not the others") {
  auto settings = worker_that("case $line in *bad*) sleep 600;; *) answer \"$line\";; esac");
  Asked asked(settings);
  asked.ask("a", milliseconds(500));
  asked.ask("bad", milliseconds(500));
  asked.ask("b", milliseconds(500));
  asked.finish();
  CHECK(asked.answers["a"] == "result");
  CHECK(asked.answers["b"] == "result");
  CHECK(asked.answers["bad"].starts_with("timed_out: worker \"test\" gave no answer"));
}

TEST_CASE("a worker that ends again and again is given up, and what it was asked stays open") {
  auto settings = worker_that("exit 3");
  settings.limits.ends_in_a_row = 3;
  Asked asked(settings);
  for (const auto* what : {"a", "b", "c", "d", "e", "f"}) {
    asked.ask(what);
  }
  CHECK(test::code_of([&] { asked.finish(); }) == ErrorCode::unavailable);
  CHECK(asked.client.running() >= 4);
  CHECK(test::code_of([&] { asked.finish(); }) == ErrorCode::unavailable);
}

TEST_CASE("what a worker may not say ends it") {
  for (const auto* line :
       {"Loading: 100%", R"({\"type\":\"result\",\"id\":99,\"result\":{}})", R"({\"type\":\"hello\"})"}) {
    CAPTURE(line);
    Asked asked(
        worker_that("case $line in *bad*) echo \"" + std::string(line) + "\"; sleep 600;; *) answer \"$line\";; esac"));
    asked.ask("a");
    asked.ask("bad");
    asked.finish();
    CHECK(asked.answers["a"] == "result");
    CHECK(asked.answers["bad"].starts_with("crashed: "));
  }
}

TEST_CASE("a line that is too long ends a worker, and one that comes in pieces does not") {
  auto settings = worker_that("case $line in *bad*) head -c 5000 /dev/zero | tr '\\\\0' x; sleep 600;;"
                              " *) number \"$line\"; printf '{\"type\":\"result\",'; sleep 0.05; echo "
                              "\"\\\"id\\\":$id,\\\"result\\\":{}}\";; esac");
  settings.limits.line = 4096;
  Asked asked(settings);
  asked.ask("a");
  asked.ask("bad");
  asked.finish();
  CHECK(asked.answers["a"] == "result");
  CHECK(asked.answers["bad"].find("sent a line of more than 4.1 kB") != std::string::npos);
}

TEST_CASE("what is cancelled is done at once, and its late answer harms nobody") {
  Asked asked(worker_that("sleep 0.2; case $line in *cancel*) ;; *) answer \"$line\";; esac"));
  const auto first = asked.ask("first");
  asked.ask("second");
  while (asked.answers.empty()) {
    asked.client.wait(milliseconds(50));
    asked.client.cancel(first);
  }
  CHECK(asked.answers["first"] == "cancelled");
  asked.finish();
  CHECK(asked.answers["second"] == "result");
}

TEST_CASE("a wrong version, an old hello and an error while it opens end all, with the reason") {
  auto settings = worker_that("answer \"$line\"");
  settings.program.arguments[2] = "read -r hello; echo '{\"type\":\"hello\",\"protocol\":2}'; sleep 600";
  CHECK(test::code_of([&] { check_worker(settings); }) == ErrorCode::usage);
  Asked asked(settings);
  asked.ask("a");
  CHECK(test::code_of([&] { asked.finish(); }) == ErrorCode::usage);
  settings.program.arguments[2] =
      "read -r hello; echo '{\"type\":\"hello\",\"protocol\":1}'; read -r open;"
      "echo '{\"type\":\"error\",\"code\":\"not_found\",\"message\":\"no such model\"}'; sleep 600";
  check_worker(settings);
  Asked without_model(settings);
  without_model.ask("a");
  CHECK(test::code_of([&] { without_model.finish(); }) == ErrorCode::not_found);
}

TEST_CASE("a worker that says nothing, ends or is not there cannot be used") {
  auto settings = worker_that("");
  settings.limits.hello = milliseconds(100);
  for (const std::string script : {"sleep 600", "exit 1", "echo welcome; sleep 600"}) {
    settings.program.arguments[2] = script;
    CHECK(test::code_of([&] { check_worker(settings); }) == ErrorCode::usage);
  }
  settings.program.arguments = {"/no/such/program"};
  CHECK(test::code_of([&] { check_worker(settings); }) == ErrorCode::usage);
}
