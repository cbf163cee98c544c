#include "store/journal.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/journal_scanner.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace lumi::store {

namespace {

constexpr std::size_t k_block = 64 * 1024;
constexpr std::uint64_t k_lines_between_flushes = 50;
constexpr std::chrono::seconds k_time_between_flushes(1);

JournalFindings find_entries(ByteSource& source, JournalScanner& scanner) {
  std::vector<char> block(k_block);
  for (auto count = source.read(block.data(), block.size()); count > 0;
       count = source.read(block.data(), block.size())) {
    scanner.take({block.data(), count});
  }
  return scanner.finish();
}

/// Returns the error number, or 0.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(fd, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {  // an interrupt must not lose what was paid for
      return errno;
    }
  }
  return 0;
}

/// Keeps signals away from the threads that are started meanwhile: they are to end the waiting of the main thread.
class BlockedSignals {
public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

private:
  sigset_t before_{};
};

}  // namespace

/// Flushes to the disk what was written, in a thread of its own: the job goes on meanwhile.
class Journal::Flusher {
public:
  explicit Flusher(int fd) : fd_(fd) {
    const BlockedSignals blocked;
    thread_ = std::thread([this] { work(); });
  }

  ~Flusher() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  Flusher(const Flusher&) = delete;
  Flusher& operator=(const Flusher&) = delete;

  /// Takes note of lines that were written; returns the error number of a flush that failed, or 0.
  int note(std::uint64_t lines) {
    bool wake = false;
    int failure = 0;
    {
      const std::lock_guard lock(mutex_);
      wake = waiting_ == 0 || (waiting_ < k_lines_between_flushes && waiting_ + lines >= k_lines_between_flushes);
      waiting_ += lines;
      failure = failure_;
    }
    if (wake) {
      changed_.notify_one();
    }
    return failure;
  }

private:
  void work() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
      changed_.wait(lock, [this] { return ending_ || waiting_ > 0; });
      changed_.wait_for(
          lock, k_time_between_flushes, [this] { return ending_ || waiting_ >= k_lines_between_flushes; });
      if (waiting_ > 0) {
        waiting_ = 0;
        lock.unlock();
        const int failure = ::fdatasync(fd_) == 0 ? 0 : errno;
        lock.lock();
        failure_ = failure_ == 0 ? failure : failure_;
      }
    }
  }

  int fd_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t waiting_ = 0;  // lines that no flush has covered
  int failure_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

JournalFindings read_journal(const std::filesystem::path& path, const JournalVisitor& visit) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.is_open()) {
    if (errno == ENOENT) {
      return {};
    }
    throw system_error(errno, "cannot read " + quote(path.string()));
  }
  FileSource source(std::move(fd), path.string());
  JournalScanner scanner(visit);
  return find_entries(source, scanner);
}

Journal::Journal(const std::filesystem::path& path, const JournalVisitor& visit)
    : path_(path), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600)) {
  if (!fd_.is_open()) {
    throw system_error(errno, "cannot write " + quote(path_.string()));
  }
  FileSource source(UniqueFd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0)), path_.string());
  JournalScanner scanner(visit);
  findings_ = find_entries(source, scanner);
  written_ = scanner.end();
  if (findings_.cut_bytes > 0 && ::ftruncate(fd_.get(), static_cast<off_t>(written_)) != 0) {
    throw system_error(errno, "cannot cut " + quote(path_.string()));
  }
  if (scanner.lacks_newline()) {
    buffer_ = "\n";
  }
}

Journal::~Journal() {
  try {
    write();
  } catch (const std::exception&) {  // what could not be written is done again
  }
}

std::uint64_t Journal::append(std::string_view json) {
  if (json.size() > k_longest_entry) {
    throw Error(ErrorCode::too_large,
                "an entry of " + human_size(json.size()) + " is too large for " + quote(path_.string()));
  }
  const auto offset = written_ + buffer_.size();
  append_journal_line(buffer_, json);
  ++buffered_lines_;
  if (buffer_.size() >= k_block) {
    write();
  }
  return offset;
}

void Journal::write() {
  if (buffer_.empty()) {
    return;
  }
  if (guard_) {
    guard_();
  }
  if (const int failure = write_all(fd_.get(), buffer_); failure != 0) {
    // What came halfway would spoil the entry that is written next.
    [[maybe_unused]] const auto cut = ::ftruncate(fd_.get(), static_cast<off_t>(written_));
    throw system_error(failure, "cannot write " + quote(path_.string()));
  }
  written_ += buffer_.size();
  buffer_.clear();
  if (!flusher_) {
    flusher_ = std::make_unique<Flusher>(fd_.get());
  }
  if (const int failure = flusher_->note(std::exchange(buffered_lines_, 0)); failure != 0) {
    throw system_error(failure, "cannot write " + quote(path_.string()));
  }
}

void Journal::sync() {
  write();
  if (::fdatasync(fd_.get()) != 0) {
    throw system_error(errno, "cannot write " + quote(path_.string()));
  }
}

std::string Journal::read(std::uint64_t offset) const {
  std::string line;
  std::array<char, 4096> block{};
  auto at = offset;
  for (bool is_whole = false; !is_whole;) {
    std::string_view bytes;
    if (at >= written_) {
      bytes = std::string_view(buffer_).substr(std::min<std::uint64_t>(at - written_, buffer_.size()));
    } else {
      const auto count = ::pread(fd_.get(), block.data(), block.size(), static_cast<off_t>(at));
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0) {
        throw system_error(errno, "cannot read " + quote(path_.string()));
      }
      bytes = {block.data(), static_cast<std::size_t>(count)};
    }
    const auto newline = bytes.find('\n');
    is_whole = bytes.empty() || newline != std::string_view::npos;
    line += bytes.substr(0, newline);
    at += bytes.size();
  }
  if (!open_journal_line(line)) {
    throw Error(ErrorCode::storage, "the journal " + quote(path_.string()) + " changed while it was in use");
  }
  return line;
}

}  // namespace lumi::store
