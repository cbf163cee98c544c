#include "core/inference/engine.hpp"
#include "core/inference/rate_limiter.hpp"
#include "store/response_cache.hpp"
#include "support/chat_server.hpp"
#include "support/manual_time.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>

using namespace lumi;
using namespace lumi::inference;
using evaluation::SampleStatus;
using std::chrono::milliseconds;
using test::chat_answer;
using test::chat_error;
using test::FakeAnswer;
using test::prompt_of;

namespace {

/// Everything that a run needs, with a server and a time of its own. The rows say `r1`, `r2`, ...
struct EngineSetup {
  explicit EngineSetup(std::uint64_t rows) : count(rows) {
    text = "examples\n";
    for (std::uint64_t row = 1; row <= rows; ++row) {
      text += "r" + std::to_string(row) + "\n";
    }
    samples.input.name = "rows.csv";
    samples.input.open = [this] { return std::make_unique<TextSource>(text); };
    samples.rows = rows;
    samples.prompt = chat::PromptTemplate::parse("{{examples}}");
    settings.concurrency = {4, false};
    client.on_time([this](milliseconds passed) { time.advance(passed); });
    client.answer_with([](const net::HttpRequest& request) {
      return FakeAnswer{chat_answer("to " + prompt_of(request)), milliseconds(10)};
    });
  }

  /// Runs what is left to do, as a process of its own would.
  std::optional<Error> run(const std::vector<SampleStatus>& asked_again = {}) {
    log = std::make_unique<SampleLog>(folder / "journal.jsonl", count, asked_again, price);
    chat::RequestBuilder builder(chat::make_endpoint("hosted_vllm", "http://127.0.0.1:9/v1"), {}, chat_settings);
    EngineParts parts{client, builder, *log, cache, limiter, price, time, time, [] { return 0.5; }};
    Engine engine(parts, settings, system_prompt);
    const auto stopped = engine.run(samples, progress);
    cache_hits = engine.cache_hits();
    return stopped;
  }

  SampleStatus status_of(std::uint64_t sample) const { return log->read(sample).status; }

  /// How often each prompt was sent.
  std::map<std::string, int> sent() const {
    std::map<std::string, int> counts;
    for (const auto& request : client.requests()) {
      ++counts[prompt_of(request)];
    }
    return counts;
  }

  test::TempDir folder;
  test::FakeHttpClient client;
  test::ManualTime time;
  std::uint64_t count;
  std::string text;
  SampleSpec samples;
  EngineSettings settings;
  chat::ChatSettings chat_settings;
  std::optional<std::string> system_prompt;
  std::optional<chat::Price> price;
  store::ResponseCache* cache = nullptr;
  RateLimiter* limiter = nullptr;
  ProgressCallback progress;
  std::unique_ptr<SampleLog> log;
  std::uint64_t cache_hits = 0;
};

/// Answers each prompt with `first`, and everything after the first time as usual.
test::FakeHttpClient::Server at_first(net::HttpAnswer first) {
  return [first, seen = std::map<std::string, int>()](const net::HttpRequest& request) mutable {
    const auto prompt = prompt_of(request);
    return FakeAnswer{++seen[prompt] == 1 ? first : chat_answer("to " + prompt), milliseconds(10)};
  };
}

}  // namespace

TEST_CASE("every sample is asked once and its answer is where the sample is") {
  EngineSetup setup(50);
  // The later a sample, the sooner its answer: they come out of order.
  setup.client.answer_with([](const net::HttpRequest& request) {
    const auto prompt = prompt_of(request);
    return FakeAnswer{chat_answer("to " + prompt), milliseconds(1 + std::stoi(prompt.substr(1)) % 7 * 3)};
  });
  CHECK_FALSE(setup.run());
  CHECK(setup.client.requests().size() == 50);
  CHECK(setup.client.most_running() == 4);
  for (std::uint64_t sample = 0; sample < 50; ++sample) {
    const auto record = setup.log->read(sample);
    CHECK(record.row == sample + 1);
    CHECK(record.prediction == "to r" + std::to_string(sample + 1));
    CHECK(record.requests == 1);
    CHECK(record.usage->total_tokens == 15);
  }
}

TEST_CASE("what the journal has is not asked again") {
  EngineSetup setup(10);
  setup.settings.max_total_tokens = 60;
  const auto stopped = setup.run();
  REQUIRE(stopped);
  CHECK(stopped->code() == ErrorCode::budget);
  const auto answered = setup.log->counts().total();
  CHECK(answered >= 4);
  CHECK(answered < 10);
  setup.settings.max_total_tokens.reset();
  CHECK_FALSE(setup.run());
  CHECK(setup.client.requests().size() == 10);
  CHECK(setup.log->counts().of(SampleStatus::ok) == 10);
}

TEST_CASE("the system prompt goes first, and only if there is one") {
  EngineSetup setup(1);
  setup.run();
  CHECK(nlohmann::json::parse(setup.client.requests().at(0).body).at("messages").size() == 1);
  EngineSetup with_prompt(1);
  with_prompt.system_prompt = "be brief";
  with_prompt.run();
  const auto messages = nlohmann::json::parse(with_prompt.client.requests().at(0).body).at("messages");
  REQUIRE(messages.size() == 2);
  CHECK(messages[0] == nlohmann::json{{"role", "system"}, {"content", "be brief"}});
}

TEST_CASE("a sample that failed for now is tried again until it is answered") {
  for (const auto& failure : {chat_error(500, "oops"),
                              chat_error(429, "slow down", "rate_limit_exceeded"),
                              chat_error(503, "loading"),
                              test::http_fault(net::TransportFault::cut),
                              test::http_answer(200, "{\"choices\":[")}) {
    EngineSetup setup(12);
    setup.client.answer_with(at_first(failure));
    CHECK_FALSE(setup.run());
    CHECK(setup.log->counts().of(SampleStatus::ok) == 12);
    CHECK(setup.client.requests().size() == 24);
    CHECK(setup.log->read(0).requests == 2);
  }
}

TEST_CASE("a sample is given up after the last retry, and the others go on") {
  EngineSetup setup(3);
  setup.settings.max_retries = 2;
  setup.client.answer_with([](const net::HttpRequest& request) {
    const auto prompt = prompt_of(request);
    return FakeAnswer{prompt == "r2" ? chat_error(500, "oops") : chat_answer("fine"), milliseconds(10)};
  });
  CHECK_FALSE(setup.run());
  CHECK(setup.sent() == std::map<std::string, int>{{"r1", 1}, {"r2", 3}, {"r3", 1}});
  CHECK(setup.status_of(1) == SampleStatus::error);
  CHECK(setup.log->read(1).error.find("500") != std::string::npos);
  CHECK(setup.log->read(1).requests == 3);
  CHECK_FALSE(setup.run());
  CHECK(setup.client.requests().size() == 5);
  CHECK_FALSE(setup.run({SampleStatus::error}));
  CHECK(setup.client.requests().size() == 8);
}

TEST_CASE("a wrong request is not tried again") {
  EngineSetup setup(5);
  setup.client.answer_with([](const net::HttpRequest& request) {
    const auto prompt = prompt_of(request);
    return FakeAnswer{prompt == "r3" ? chat_error(400, "no such thing") : chat_answer("fine")};
  });
  CHECK_FALSE(setup.run());
  CHECK(setup.client.requests().size() == 5);
  CHECK(setup.status_of(2) == SampleStatus::error);
}

TEST_CASE("a refused key on two samples ends a job that had no answer yet, and leaves nothing behind") {
  EngineSetup setup(30);
  setup.client.answer_with([](const net::HttpRequest&) { return FakeAnswer{chat_error(401, "wrong key")}; });
  const auto stopped = setup.run();
  REQUIRE(stopped);
  CHECK(stopped->code() == ErrorCode::credentials);
  CHECK(setup.client.requests().size() <= 4);
  CHECK(setup.log->counts().total() == 0);
}

TEST_CASE("later it takes twenty in a row") {
  EngineSetup setup(100);
  setup.settings.concurrency = {1, false};
  int requests = 0;
  setup.client.answer_with([&](const net::HttpRequest&) {
    return FakeAnswer{++requests <= 10 ? chat_answer("fine") : chat_error(403, "no more")};
  });
  const auto stopped = setup.run();
  REQUIRE(stopped);
  CHECK(stopped->code() == ErrorCode::credentials);
  CHECK(requests == 30);
  CHECK(setup.log->counts().total() == 10);
}

TEST_CASE("a row of refusals that an answer breaks is the samples' own") {
  EngineSetup setup(20);
  setup.settings.concurrency = {1, false};
  int requests = 0;
  setup.client.answer_with([&](const net::HttpRequest&) {
    ++requests;
    return FakeAnswer{requests == 1 || requests > 11 ? chat_answer("fine") : chat_error(403, "not this one")};
  });
  CHECK_FALSE(setup.run());
  CHECK(setup.log->counts().of(SampleStatus::error) == 10);
  CHECK(setup.log->counts().of(SampleStatus::ok) == 10);
}

TEST_CASE("an endpoint that is gone ends the job after twenty samples") {
  EngineSetup setup(200);
  setup.settings.max_retries = 1;
  setup.client.answer_with(
      [](const net::HttpRequest&) { return FakeAnswer{test::http_fault(net::TransportFault::cannot_connect)}; });
  const auto stopped = setup.run();
  REQUIRE(stopped);
  CHECK(stopped->code() == ErrorCode::unavailable);
  CHECK(setup.log->counts().total() == 0);
  EngineSetup small(3);
  small.settings.max_retries = 1;
  small.client.answer_with(
      [](const net::HttpRequest&) { return FakeAnswer{test::http_fault(net::TransportFault::cannot_connect)}; });
  CHECK(small.run()->code() == ErrorCode::unavailable);
}

TEST_CASE("what the client throws ends the run") {
  EngineSetup setup(5);
  setup.client.answer_with([](const net::HttpRequest& request) -> FakeAnswer {
    if (prompt_of(request) == "r3") {
      throw Error(ErrorCode::invalid_input, "no such request");
    }
    return {chat_answer("fine"), milliseconds(10)};
  });
  CHECK_THROWS_WITH(setup.run(), "no such request");
  CHECK(setup.client.running() == 0);
}

TEST_CASE("the first failure ends a job that is to fail fast") {
  EngineSetup setup(50);
  setup.settings.concurrency = {1, false};
  setup.settings.fail_fast = FailFast::yes;
  setup.client.answer_with([](const net::HttpRequest& request) {
    return FakeAnswer{prompt_of(request) == "r3" ? chat_error(400, "no such thing") : chat_answer("fine")};
  });
  const auto stopped = setup.run();
  REQUIRE(stopped);
  CHECK(stopped->code() == ErrorCode::failure);
  CHECK(std::string(stopped->what()).find("row 3") != std::string::npos);
  CHECK(setup.client.requests().size() == 3);
}

TEST_CASE("a time limit ends the job with what has come by then") {
  EngineSetup setup(100);
  setup.settings.concurrency = {1, false};
  setup.settings.timeout = milliseconds(105);
  const auto stopped = setup.run();
  REQUIRE(stopped);
  CHECK(stopped->code() == ErrorCode::budget);
  CHECK(setup.log->counts().total() == 11);  // the one that was on its way is waited for
}

TEST_CASE("a request on its way is given up when draining takes too long") {
  EngineSetup setup(2);
  setup.settings.concurrency = {1, false};
  setup.settings.timeout = milliseconds(50);
  setup.client.answer_with([](const net::HttpRequest&) {
    return FakeAnswer{chat_answer("late"), milliseconds(60'000)};
  });
  CHECK(setup.run()->code() == ErrorCode::budget);
  CHECK(setup.client.now() < milliseconds(3000));
  CHECK(setup.client.running() == 0);
  CHECK(setup.log->counts().total() == 0);
}

TEST_CASE("a parameter that the endpoint refuses is left out once, for all") {
  EngineSetup setup(6);
  setup.client.answer_with([](const net::HttpRequest& request) {
    const auto body = nlohmann::json::parse(request.body);
    if (body.contains("frequency_penalty")) {
      return FakeAnswer{test::http_answer(
          400,
          R"({"error":{"message":"Unsupported parameter: 'frequency_penalty' is not supported with this model.",)"
          R"("type":"invalid_request_error","param":"frequency_penalty","code":"unsupported_parameter"}})")};
    }
    return FakeAnswer{chat_answer("fine")};
  });
  setup.settings.concurrency = {2, false};
  CHECK_FALSE(setup.run());
  CHECK(setup.log->counts().of(SampleStatus::ok) == 6);
  CHECK(setup.client.requests().size() == 8);  // the two that were on their way when the first one came back
}

TEST_CASE("answers come from the cache without a request") {
  EngineSetup setup(5);
  const store::Home home(setup.folder / "home");
  {
    store::ResponseCache cache(home);
    setup.cache = &cache;
    CHECK_FALSE(setup.run());
    CHECK(setup.cache_hits == 0);
  }
  CHECK(setup.client.requests().size() == 5);
  EngineSetup again(5);
  store::ResponseCache cache(home);
  again.cache = &cache;
  CHECK_FALSE(again.run());
  CHECK(again.cache_hits == 5);
  CHECK(again.client.requests().empty());
  CHECK(again.log->read(3).prediction == "to r4");
  CHECK(again.log->read(3).is_cached);
  CHECK(again.log->read(3).row == 4);
  CHECK(again.log->spending().total_tokens == 0);
  EngineSetup other(5);
  other.cache = &cache;
  other.chat_settings.seed = 7;
  CHECK_FALSE(other.run());
  CHECK(other.client.requests().size() == 5);
}

TEST_CASE("requests keep to their rate") {
  EngineSetup setup(11);
  RateLimiter limiter(setup.folder / "limits", "endpoint", {600, std::nullopt}, setup.time);
  setup.limiter = &limiter;
  CHECK_FALSE(setup.run());
  // Ten a second: the last one comes a second after the first, but for the slack at the start.
  CHECK(setup.client.started_at().back() >= milliseconds(940));
  CHECK(setup.client.started_at().back() <= milliseconds(1010));
}

TEST_CASE("streamed answers are put together") {
  EngineSetup setup(3);
  setup.chat_settings.delivery = chat::Delivery::stream;
  setup.client.answer_with([](const net::HttpRequest&) {
    FakeAnswer fake{test::http_answer(200, "", "Content-Type: text/event-stream\r\n"), milliseconds(20)};
    fake.pieces = {"data: {\"choices\":[{\"delta\":{\"content\":\"he\"}}]}\n\nda",
                   "ta: {\"choices\":[{\"delta\":{\"content\":\"llo\"},\"finish_reason\":\"stop\"}]}\n\n",
                   "data: [DONE]\n\n"};
    return fake;
  });
  CHECK_FALSE(setup.run());
  CHECK(setup.log->read(2).prediction == "hello");
  CHECK(setup.log->read(2).first_token_us == 20'000);
}

TEST_CASE("the progress counts what is done, also before") {
  EngineSetup setup(6);
  setup.settings.max_total_tokens = 30;
  setup.run();
  setup.settings.max_total_tokens.reset();
  std::uint64_t first_done = 0;
  std::uint64_t last_done = 0;
  setup.progress = [&](const Progress& now) {
    first_done = first_done == 0 ? now.done : first_done;
    last_done = now.done;
    CHECK(now.total == 6);
  };
  CHECK_FALSE(setup.run());
  CHECK(first_done > 0);
  CHECK(last_done == 6);
}

TEST_CASE("an answer that was the last one for a while holds all processes") {
  EngineSetup setup(3);
  setup.settings.concurrency = {1, false};
  RateLimiter limiter(setup.folder / "limits", "endpoint", {}, setup.time);
  const RateLimiter of_another_process(setup.folder / "limits", "endpoint", {}, setup.time);
  setup.limiter = &limiter;
  int requests = 0;
  setup.client.answer_with([&](const net::HttpRequest&) {
    auto answer = chat_answer("fine");
    if (++requests == 1) {
      answer.head += "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 30s\r\n";
    }
    return FakeAnswer{std::move(answer), milliseconds(10)};
  });
  CHECK_FALSE(setup.run());
  REQUIRE(setup.client.started_at().size() == 3);
  CHECK(setup.client.started_at()[1] >= milliseconds(30'000));
  CHECK(setup.client.started_at()[2] < milliseconds(31'000));
  CHECK(of_another_process.held_until().microseconds >= 30'000'000);
}

TEST_CASE("without limits one refusal holds its own sample, several in a row hold all") {
  for (const int refusals : {1, 3}) {
    EngineSetup setup(20);
    setup.settings.concurrency = {1, false};
    RateLimiter limiter(setup.folder / "limits", "endpoint", {}, setup.time);
    setup.limiter = &limiter;
    int requests = 0;
    setup.client.answer_with([&](const net::HttpRequest&) {
      ++requests;
      auto answer = requests > 5 && requests <= 5 + refusals ? chat_error(429, "slow down", "rate_limit_exceeded")
                                                             : chat_answer("fine");
      answer.head += "Retry-After: 10\r\n";
      return FakeAnswer{std::move(answer), milliseconds(10)};
    });
    CHECK_FALSE(setup.run());
    const auto before = setup.client.started_at()[static_cast<std::size_t>(4 + refusals)];
    const auto after = setup.client.started_at()[static_cast<std::size_t>(5 + refusals)];
    CHECK((after - before >= milliseconds(10'000)) == (refusals == 3));
  }
}
