#pragma once
#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "store/home.hpp"

#include <optional>
#include <string>

namespace lumi::store {

/// Who holds a job's lock.
struct JobOwner {
  ProcessIdentity process;
  Timestamp since;
};

/// The lock on jobs/<id>/lock that the process working on a job holds from before the job's row is inserted until its
/// row is in a terminal state. The kernel frees it when the process ends in whatever way, so an unfinished job whose
/// lock is free has lost its process. A forked child shares it until both have closed it.
class JobLock {
public:
  /// Takes the lock, making the job's folder if need be; nothing if another process holds it.
  static std::optional<JobLock> try_acquire(const Home& home, const std::string& job_id, const Clock& clock);

  /// Whether a process holds the lock now. Creates nothing.
  static bool is_held(const Home& home, const std::string& job_id);

  /// Who took the lock last, if that can be read.
  static std::optional<JobOwner> find_owner(const Home& home, const std::string& job_id);

  /// Whether the lock still is where others look for it: false once its file or the job's folder was removed.
  bool is_in_place() const;

  /// Notes that this process is the owner: a child that goes on with a lock it shares.
  void adopt(const Clock& clock) const;

  /// The file descriptor, for handing the lock to a child process.
  int descriptor() const { return fd_.get(); }

private:
  explicit JobLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace lumi::store
