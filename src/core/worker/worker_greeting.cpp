#include "core/worker/worker_greeting.hpp"

#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "core/worker/time_until.hpp"

#include <algorithm>
#include <optional>

namespace lumi::worker {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

}  // namespace

std::string called(const std::string& name) { return "worker " + quote(name); }

std::string seconds_text(milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s" : std::to_string(time.count()) + " ms";
}

void check_hello(const WorkerSettings& settings, const WorkerMessage& hello) {
  const auto who = called(settings.name);
  if (hello.protocol != k_protocol) {
    throw Error(ErrorCode::usage,
                who + " speaks version " + std::to_string(hello.protocol) + " of the worker protocol, and this lumi " +
                    std::to_string(k_protocol),
                "install the worker that comes with this lumi");
  }
  if (!hello.text.empty()) {
    throw Error(ErrorCode::usage, who + " cannot work: " + hello.text, hello.hint);
  }
}

Error fatal_error(const WorkerSettings& settings, const WorkerMessage& message) {
  const auto code = message.code == "missing"       ? ErrorCode::usage
                    : message.code == "not_found"   ? ErrorCode::not_found
                    : message.code == "credentials" ? ErrorCode::credentials
                    : message.code == "invalid"     ? ErrorCode::invalid_input
                                                    : ErrorCode::unavailable;
  return {code, called(settings.name) + ": " + (message.text.empty() ? message.code : message.text), message.hint};
}

void check_worker(const WorkerSettings& settings) {
  std::optional<WorkerLink> link;
  try {
    link.emplace(settings.program, settings.limits.line);
  } catch (const Error& error) {
    throw Error(ErrorCode::usage, called(settings.name) + ": " + error.what(), error.hint());
  }
  link->send(hello_line());
  const auto end = Clock::now() + settings.limits.hello;
  while (Clock::now() < end && !link->is_over()) {
    throw_if_interrupted();
    link->move(std::min(time_until(end), k_longest_sleep), -1);
    while (const auto line = link->next_line()) {
      const auto message = parse_message(*line);
      if (message && message->type == WorkerMessage::Type::hello) {
        check_hello(settings, *message);
        link->end(settings.limits.stop);
        return;
      }
      if (!message) {
        throw Error(ErrorCode::usage,
                    called(settings.name) + " said " + quote(to_valid_utf8(cut_to_bytes(*line, 80))) +
                        " instead of hello");
      }
    }
  }
  if (!link->is_over()) {
    throw Error(ErrorCode::usage,
                called(settings.name) + " did not say hello within " + seconds_text(settings.limits.hello));
  }
  throw Error(ErrorCode::usage, called(settings.name) + " " + link->end(milliseconds(0)));
}

}  // namespace lumi::worker
