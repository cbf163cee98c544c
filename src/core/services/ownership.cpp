#include "core/services/ownership.hpp"

#include "base/process.hpp"
#include "base/text.hpp"

#include <csignal>
#include <filesystem>

namespace lumi::services {

namespace {

constexpr std::chrono::milliseconds k_time_to_let_go(2'000);

}  // namespace

Error Ownership::in_use() const {
  const auto owner = store::JobLock::find_owner(home_, id_);
  const auto by = owner ? "process " + std::to_string(owner->process.pid) + " on " + quote(owner->process.host) +
                              " works on it since " + to_rfc3339(owner->since)
                        : std::string("another process works on it");
  return {ErrorCode::conflict,
          kind_ + " " + quote(id_) + " is in use: " + by,
          "'lumi " + kind_ + " wait " + id_ + "' waits for its end, 'lumi " + kind_ + " stop " + id_ + "' stops it"};
}

void Ownership::request_stop() const {
  if (has_ended_()) {
    return;
  }
  const auto owner = store::JobLock::find_owner(home_, id_);
  if (!owner) {
    throw in_use();
  }
  if (const auto process = RunningProcess::find(owner->process)) {
    process->send(SIGTERM);
    process->send(SIGCONT);  // one that was suspended would not notice
  } else if (!has_ended_()) {
    throw Error(ErrorCode::conflict,
                kind_ + " " + quote(id_) + " is run by process " + std::to_string(owner->process.pid) + " on " +
                    quote(owner->process.host) + ", which cannot be reached from here",
                "stop it there");
  }
}

store::JobLock Ownership::lock(const Clock& clock) const {
  store::JobWatch watch(home_, {id_});
  const Deadline deadline({k_time_to_let_go});
  for (;;) {
    if (auto lock = store::JobLock::try_acquire(home_, id_, clock)) {
      return *std::move(lock);
    }
    const auto left = deadline.left();
    if (!has_ended_() || left == std::chrono::milliseconds(0)) {
      throw in_use();
    }
    watch.wait(left);
  }
}

std::error_code Ownership::remove_folder() const {
  std::error_code failure;
  std::filesystem::remove_all(home_.job_folder(id_), failure);
  return failure;
}

}  // namespace lumi::services
