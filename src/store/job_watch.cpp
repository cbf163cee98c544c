#include "store/job_watch.hpp"

#include "base/interrupt.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace lumi::store {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_least_patience(10);
constexpr milliseconds k_most_patience(1000);
constexpr milliseconds k_most_patience_without_events(200);

}  // namespace

JobWatch::JobWatch(const Home& home, const std::vector<std::string>& job_ids)
    : home_(home), events_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), patience_(k_least_patience) {
  for (const auto& id : job_ids) {
    folders_.push_back(home_.job_folder(id));
  }
  watch();
}

void JobWatch::add(const std::string& job_id) {
  auto folder = home_.job_folder(job_id);
  if (std::find(folders_.begin(), folders_.end(), folder) == folders_.end()) {
    folders_.push_back(std::move(folder));
    watch();
  }
}

// What is watched already is not watched twice. The journal changes too often to tell anything, so files are named.
void JobWatch::watch() {
  if (!events_.is_open()) {
    return;
  }
  for (const auto& folder : folders_) {
    ::inotify_add_watch(events_.get(), folder.c_str(), IN_CREATE | IN_CLOSE_WRITE | IN_DELETE);
    ::inotify_add_watch(events_.get(), (folder / "job.log").c_str(), IN_MODIFY);
  }
}

bool JobWatch::drain() {
  alignas(inotify_event) std::array<char, 4096> events{};
  bool any = false;
  while (::read(events_.get(), events.data(), events.size()) > 0) {
    any = true;
  }
  return any;
}

void JobWatch::wait(milliseconds at_most) {
  throw_if_interrupted();
  const auto longest = events_.is_open() ? k_most_patience : k_most_patience_without_events;
  pollfd events{events_.get(), POLLIN, 0};
  ::poll(&events, 1, static_cast<int>(std::clamp(at_most, milliseconds(0), patience_).count()));
  throw_if_interrupted();
  if (events_.is_open() && drain()) {
    // A lock is told to be closed a moment before it is free.
    patience_ = k_least_patience;
    watch();
  } else {
    patience_ = std::min(patience_ * 2, longest);
  }
}

}  // namespace lumi::store
