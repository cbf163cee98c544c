#pragma once
#include "base/file.hpp"
#include "store/home.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace lumi::store {

/// Waits for signs of life of jobs that other processes work on, without using the processor: their logs, and their
/// locks, which their end closes. Make it before looking at the jobs for the first time, so that nothing is missed.
class JobWatch {
public:
  JobWatch(const Home& home, const std::vector<std::string>& job_ids);

  /// Watches this job, too, if it does not yet.
  void add(const std::string& job_id);

  /// Returns when something has happened to one of the jobs, and else after a time that grows from 10 ms to a second
  /// while nothing happens; `at_most` cuts it short. Throws `interrupted` if a signal asked to stop.
  void wait(std::chrono::milliseconds at_most);

private:
  void watch();
  bool drain();

  Home home_;
  std::vector<std::filesystem::path> folders_;
  UniqueFd events_;  // not open where the system has none left: then time alone counts
  std::chrono::milliseconds patience_;
};

}  // namespace lumi::store
