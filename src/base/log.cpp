#include "base/log.hpp"

#include "base/clock.hpp"
#include "base/json_writer.hpp"
#include "base/redaction.hpp"
#include "base/text.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace lumi {

namespace {

struct Log {
  std::atomic<LogLevel> level = LogLevel::warn;
  std::atomic<LogFormat> format = LogFormat::text;
  std::mutex mutex;
  std::vector<std::string> secrets;        // longest first: one may be part of another
  std::unique_ptr<spdlog::logger> logger;  // made on the first line: most commands never log
};

Log& the_log() {
  static Log log;
  return log;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
  case LogLevel::trace:
    return spdlog::level::trace;
  case LogLevel::debug:
    return spdlog::level::debug;
  case LogLevel::info:
    return spdlog::level::info;
  case LogLevel::warn:
    return spdlog::level::warn;
  case LogLevel::error:
    return spdlog::level::err;
  case LogLevel::off:
    break;
  }
  return spdlog::level::off;
}

std::string redacted(std::string_view text, const std::vector<std::string>& secrets) {
  constexpr std::string_view k_mark = "<REDACTED>";
  std::string line(text);
  for (const auto& secret : secrets) {
    for (auto at = line.find(secret); at != std::string::npos; at = line.find(secret, at + k_mark.size())) {
      line.replace(at, secret.size(), k_mark);
    }
  }
  return mask_credentials(line);
}

std::string_view name_of(LogLevel level) {
  const auto name = spdlog::level::to_string_view(to_spdlog(level));
  return {name.data(), name.size()};
}

std::string text_line(LogLevel level, std::string_view text) {
  return to_rfc3339(SystemClock().now()) + " " + std::string(name_of(level)) + " " + escape_control(text);
}

std::string json_line(LogLevel level, std::string_view text) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.key(level >= LogLevel::warn ? "warning" : "log");
  json.begin_object();
  if (level < LogLevel::warn) {
    json.member("time", to_rfc3339(SystemClock().now()));
    json.member("level", name_of(level));
  }
  json.member("message", text);
  json.end_object();
  json.end_object();
  return sink.text();
}

void write_line(LogLevel level, std::string_view message) {
  Log& log = the_log();
  if (!is_logged(level)) {
    return;
  }
  const std::lock_guard lock(log.mutex);
  if (!log.logger) {
    log.logger = std::make_unique<spdlog::logger>("lumi", std::make_shared<spdlog::sinks::stderr_sink_st>());
    log.logger->set_level(spdlog::level::trace);
    log.logger->set_pattern("%v");
  }
  const auto text = redacted(message, log.secrets);
  log.logger->log(to_spdlog(level), log.format == LogFormat::json ? json_line(level, text) : text_line(level, text));
}

}  // namespace

void set_log_level(LogLevel level) { the_log().level = level; }

void set_log_format(LogFormat format) { the_log().format = format; }

bool is_logged(LogLevel level) { return level >= the_log().level.load(std::memory_order_relaxed); }

void log_trace(std::string_view message) { write_line(LogLevel::trace, message); }
void log_debug(std::string_view message) { write_line(LogLevel::debug, message); }
void log_info(std::string_view message) { write_line(LogLevel::info, message); }
void log_warn(std::string_view message) { write_line(LogLevel::warn, message); }

void redact_in_log(const std::string& secret) {
  if (secret.empty()) {
    return;
  }
  const std::lock_guard lock(the_log().mutex);
  auto& secrets = the_log().secrets;
  for (auto& form : forms_of_secret(secret)) {
    const auto shorter = [&](const std::string& other) { return other.size() < form.size(); };
    secrets.insert(std::find_if(secrets.begin(), secrets.end(), shorter), std::move(form));
  }
}

std::string redact(std::string_view text) {
  const std::lock_guard lock(the_log().mutex);
  return redacted(text, the_log().secrets);
}

}  // namespace lumi
