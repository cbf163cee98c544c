#pragma once
#include "base/text.hpp"
#include "store/job_lock.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/cli.hpp"
#include "support/processes.hpp"
#include "support/records.hpp"

#include <csignal>
#include <memory>
#include <string>

#include <unistd.h>

namespace lumi::test {

/// A command line with jobs in every state.
class JobFixture : public CliFixture {
public:
  ~JobFixture() {
    if (owner_ > 0) {
      ::kill(owner_, SIGKILL);
      wait_for_process(owner_);
    }
  }

  /// The id of a new job with this row.
  std::string add(const std::string& status, std::optional<std::int64_t> exit_code = {}) const {
    auto record = job_record(1);
    record.status = status;
    record.driver_exit_code = exit_code;
    record.message = status == "failed" ? "a reason" : "";
    insert(record);
    return record.id;
  }

  /// The id of a job that a process works on: until it is asked to stop, or, in `ms` milliseconds, has done it.
  std::string start_job(unsigned ms = 60'000) {
    auto record = job_record(2);
    record.status = "running";
    owner_ = start_process([&] {
      ::signal(SIGTERM, [](int) { stop_asked_ = 1; });
      const store::Home home(folder / "home");
      const auto lock = store::JobLock::try_acquire(home, record.id, SystemClock());
      insert(record);
      for (unsigned i = 0; i < ms && stop_asked_ == 0; ++i) {
        ::usleep(1000);
      }
      store::JobChange change;
      change.status = stop_asked_ != 0 ? "stopped" : "succeeded";
      const auto database = store::Database::open(home);
      store::JobRepository(*database).change({record.id, 1, "running"}, change, SystemClock().now());
    });
    while (lumi({"job", "get", record.id}).exit != 0) {
      ::usleep(1000);
    }
    return record.id;
  }

  /// What the job's row says.
  std::string status(const std::string& id) const {
    const auto json = lumi({"job", "get", id, "--json=status"}).out;
    return std::string(split(json, '"').at(3));
  }

private:
  void insert(const store::JobRecord& record) const {
    const auto database = store::Database::open(store::Home(folder / "home"));
    store::JobRepository(*database).insert(record);
  }

  static inline volatile sig_atomic_t stop_asked_ = 0;
  pid_t owner_ = 0;
};

constexpr const char* k_unknown_job = "00000000-0000-4000-8000-000000000000";

}  // namespace lumi::test
