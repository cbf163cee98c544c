#pragma once
#include "base/error.hpp"
#include "core/worker/worker_client.hpp"
#include "core/worker/worker_message.hpp"

#include <chrono>
#include <string>

namespace lumi::worker {

/// How messages for people call a worker.
std::string called(const std::string& name);

/// "30 s", "1500 ms".
std::string seconds_text(std::chrono::milliseconds time);

/// Throws `usage` unless `hello` is one of a worker that can work.
void check_hello(const WorkerSettings& settings, const WorkerMessage& hello);

/// What the worker's error `message` without a request ends the job with.
Error fatal_error(const WorkerSettings& settings, const WorkerMessage& message);

}  // namespace lumi::worker
