#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "core/services/patience.hpp"
#include "store/home.hpp"
#include "store/job_lock.hpp"
#include "store/job_watch.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace lumi::services {

/// What is known from outside of a job or workflow that some process works on: it holds the lock in jobs/<id>.
class Ownership {
public:
  /// `kind` is "job" or "workflow"; `has_ended` looks at the row, and throws `not_found` if there is none.
  Ownership(const store::Home& home, std::string_view kind, std::string id, std::function<bool()> has_ended)
      : home_(home), kind_(kind), id_(std::move(id)), has_ended_(std::move(has_ended)) {}

  /// The error for what this process cannot have because another one works on it.
  Error in_use() const;

  /// Asks the process that works on it to stop (SIGTERM), and does not wait for it. Nothing to do for what has ended.
  /// Throws `conflict` if the process is on another machine, `permission` if it is another user's.
  void request_stop() const;

  /// Takes the lock; a process that has written how it ended is given a moment to let go. Throws as `in_use`.
  store::JobLock lock(const Clock& clock) const;

  /// Removes jobs/<id>, and says what went wrong.
  std::error_code remove_folder() const;

private:
  const store::Home& home_;
  std::string kind_;
  std::string id_;
  std::function<bool()> has_ended_;
};

/// Looks at all `ids` again and again until `has_ended` holds for all of them (or any), or the patience ends; returns
/// what `look` saw last, in their order.
template <class Record>
std::vector<Record> wait_for_end(const store::Home& home,
                                 const std::vector<std::string>& ids,
                                 const std::function<Record(const std::string&)>& look,
                                 bool (*has_ended)(const Record&),
                                 std::pair<WaitFor, Patience> how) {
  store::JobWatch watch(home, ids);
  const Deadline deadline(how.second);
  for (;;) {
    const auto left = deadline.left();
    std::vector<Record> records;
    records.reserve(ids.size());
    for (const auto& id : ids) {
      records.push_back(look(id));
    }
    const bool is_over = how.first == WaitFor::all ? std::all_of(records.begin(), records.end(), has_ended)
                                                   : std::any_of(records.begin(), records.end(), has_ended);
    if (is_over || left == std::chrono::milliseconds(0)) {
      return records;
    }
    watch.wait(left);
  }
}

}  // namespace lumi::services
