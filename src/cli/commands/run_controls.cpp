#include "cli/commands/run_controls.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string_view>

namespace lumi::cli {

namespace {

constexpr const char* k_heading = "Run controls";
constexpr std::int64_t k_most_in_flight = 1024;

std::int64_t at_least(std::string_view flag, std::int64_t number, std::int64_t least) {
  if (number < least) {
    throw Error(ErrorCode::usage,
                std::string(flag) + " needs a number of at least " + std::to_string(least) + ", not " +
                    std::to_string(number));
  }
  return number;
}

std::chrono::milliseconds duration_of(std::string_view flag, const std::string& text) {
  const auto duration = parse_duration_ms(text);
  if (!duration || *duration <= 0) {
    throw Error(ErrorCode::usage, std::string(flag) + " needs a duration such as 90s or 10m, not " + quote(text));
  }
  return std::chrono::milliseconds(*duration);
}

inference::ConcurrencySettings concurrency_of(const std::string& text) {
  if (text == "auto") {
    return {};
  }
  const auto number = parse_integer(text);
  if (!number || *number < 1 || *number > k_most_in_flight) {
    throw Error(ErrorCode::usage,
                "--concurrency needs auto or a number from 1 to " + std::to_string(k_most_in_flight) + ", not " +
                    quote(text));
  }
  return {static_cast<std::size_t>(*number), false};
}

inference::CacheUse cache_use_of(const std::string& text) {
  return text == "always"  ? inference::CacheUse::always
         : text == "never" ? inference::CacheUse::never
                           : inference::CacheUse::automatic;
}

}  // namespace

void bind_run_controls(OptionSet& set, RunControlOptions& options) {
  set.option("-j,--concurrency", "N", options.concurrency, "Requests in flight; fewer while the endpoint says too many")
      .shows_default("auto")
      .group(k_heading);
  set.option("--rpm", "N", options.rpm, "Requests a minute, all lumi processes of this endpoint and key together")
      .group(k_heading);
  set.option("--tpm", "N", options.tpm, "Tokens a minute, likewise").group(k_heading);
  set.option("--request-timeout", "D", options.request_timeout, "Give up on a request after this time")
      .shows_default("600s")
      .group(k_heading);
  set.option("--max-retries", "N", options.max_retries, "Further tries of a request that failed for now")
      .shows_default("5")
      .group(k_heading);
  set.option("--timeout", "D", options.timeout, "Stop the job after this time; it can be resumed").group(k_heading);
  set.option("--max-cost", "USD", options.max_cost, "Stop the job when it has cost this much; it can be resumed")
      .group(k_heading);
  set.option("--max-total-tokens", "N", options.max_total_tokens, "Stop the job when it has used this many tokens")
      .group(k_heading);
  set.option("--cache", "WHEN", options.cache, "Take answers from the cache; auto: where temperature is 0")
      .choices({"auto", "always", "never"})
      .shows_default("auto")
      .group(k_heading);
  set.option("--record", "FILE", options.record, "Write every request and answer to a new FILE, without keys")
      .completes(Completes::file)
      .group(k_heading);
  set.option("--replay", "FILE", options.replay, "Take the answers from a recording: no network, no key")
      .completes(Completes::file)
      .group(k_heading);
  set.flag("--stream", options.stream, "Let answers come piece by piece, to know the time to the first token")
      .group(k_heading);
  set.flag("--fail-fast", options.fail_fast, "Stop the job at the first sample that is refused or in error")
      .group(k_heading);
}

RunControlOptions with_settings(RunControlOptions options, const config::Settings& settings) {
  const auto set_text = [&](std::optional<std::string>& option, std::string_view key) {
    const auto value = settings.get(key).value;
    option = option || value.empty() ? option : std::optional(value);
  };
  const auto set_number = [&](std::optional<std::int64_t>& option, std::string_view key) {
    option = option ? option : settings.get_integer(key);
  };
  set_text(options.concurrency, "inference.concurrency");
  set_number(options.rpm, "inference.rpm");
  set_number(options.tpm, "inference.tpm");
  set_text(options.request_timeout, "inference.request_timeout");
  set_text(options.timeout, "inference.timeout");
  set_text(options.max_cost, "inference.max_cost");
  set_number(options.max_total_tokens, "inference.max_total_tokens");
  set_number(options.max_retries, "inference.max_retries");
  set_text(options.cache, "inference.cache");
  return options;
}

void apply(const RunControlOptions& options, inference::RunControls& controls) {
  auto& engine = controls.engine;
  if (options.concurrency) {
    engine.concurrency = concurrency_of(*options.concurrency);
  }
  if (options.rpm) {
    controls.rates.requests_per_minute = at_least("--rpm", *options.rpm, 1);
  }
  if (options.tpm) {
    controls.rates.tokens_per_minute = at_least("--tpm", *options.tpm, 1);
  }
  if (options.request_timeout) {
    controls.request_timeout = duration_of("--request-timeout", *options.request_timeout);
  }
  if (options.max_retries) {
    engine.max_retries = at_least("--max-retries", *options.max_retries, 0);
  }
  if (options.timeout) {
    engine.timeout = duration_of("--timeout", *options.timeout);
  }
  if (options.max_cost) {
    engine.max_cost = parse_real_option("--max-cost", *options.max_cost);
    if (*engine.max_cost < 0) {
      throw Error(ErrorCode::usage, "--max-cost needs an amount of at least 0, not " + quote(*options.max_cost));
    }
  }
  if (options.max_total_tokens) {
    engine.max_total_tokens = at_least("--max-total-tokens", *options.max_total_tokens, 1);
  }
  if (options.cache) {
    controls.cache = cache_use_of(*options.cache);
  }
  if (options.record && options.replay) {
    throw Error(ErrorCode::usage, "--record and --replay are both given", "give one of them");
  }
  if (options.record) {
    controls.record = std::filesystem::absolute(*options.record);
    controls.replay.clear();
  }
  if (options.replay) {
    controls.replay = std::filesystem::absolute(*options.replay);
    controls.record.clear();
  }
  if (options.stream) {
    controls.delivery = chat::Delivery::stream;
  }
  if (options.fail_fast) {
    engine.fail_fast = inference::FailFast::yes;
  }
}

void take_control(const schemas::ControlSetting& setting, RunControlOptions& options) {
  RunControlOptions one;
  const std::map<std::string, std::optional<std::string> RunControlOptions::*> texts{
      {"concurrency", &RunControlOptions::concurrency},
      {"request_timeout", &RunControlOptions::request_timeout},
      {"timeout", &RunControlOptions::timeout},
      {"max_cost", &RunControlOptions::max_cost},
      {"cache", &RunControlOptions::cache},
      {"record", &RunControlOptions::record},
      {"replay", &RunControlOptions::replay}};
  const std::map<std::string, std::optional<std::int64_t> RunControlOptions::*> numbers{
      {"rpm", &RunControlOptions::rpm},
      {"tpm", &RunControlOptions::tpm},
      {"max_retries", &RunControlOptions::max_retries},
      {"max_total_tokens", &RunControlOptions::max_total_tokens}};
  const std::map<std::string, bool RunControlOptions::*> switches{{"stream", &RunControlOptions::stream},
                                                                  {"fail_fast", &RunControlOptions::fail_fast}};
  const auto refuse = [&](const std::string& problem) {
    throw Error(ErrorCode::invalid_input, setting.place + " " + problem);
  };
  if (const auto text = texts.find(setting.key); text != texts.end()) {
    one.*text->second = setting.value;
    options.*text->second = options.*text->second ? options.*text->second : std::optional(setting.value);
  } else if (const auto number = numbers.find(setting.key); number != numbers.end()) {
    one.*number->second = parse_integer(setting.value);
    if (!(one.*number->second)) {
      refuse("needs a whole number, not " + quote(setting.value));
    }
    options.*number->second = options.*number->second ? options.*number->second : one.*number->second;
  } else if (const auto flag = switches.find(setting.key); flag != switches.end()) {
    if (setting.value != "true" && setting.value != "false") {
      refuse("needs true or false, not " + quote(setting.value));
    }
    options.*flag->second = options.*flag->second || setting.value == "true";
  }
  if (one.cache && *one.cache != "auto" && *one.cache != "always" && *one.cache != "never") {
    refuse("needs auto, always or never, not " + quote(*one.cache));
  }
  try {
    inference::RunControls ignored;
    apply(one, ignored);
  } catch (const Error& error) {
    refuse("cannot be: " + std::string(error.what()));
  }
}

double parse_real_option(std::string_view flag, const std::string& text) {
  const auto number = parse_real(text);
  if (!number) {
    throw Error(ErrorCode::usage, std::string(flag) + " needs a number, not " + quote(text));
  }
  return *number;
}

}  // namespace lumi::cli
