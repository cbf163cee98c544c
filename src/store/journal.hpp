#pragma once
#include "base/file.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace lumi::store {

/// An entry as it was appended: a JSON object, valid until the next one is read.
struct JournalEntry {
  std::string_view json;
  std::uint64_t offset = 0;  ///< for Journal::read
};
using JournalVisitor = std::function<void(const JournalEntry&)>;

/// What reading a journal came upon.
struct JournalFindings {
  std::uint64_t entries = 0;        ///< whole ones
  std::uint64_t damaged_lines = 0;  ///< lines that are left out because they are not what was written
  std::uint64_t cut_bytes = 0;      ///< what follows the last whole entry: written in part when the process died
};

/// Calls `visit` for every whole entry of a journal that someone else may be writing. No file: no entry.
JournalFindings read_journal(const std::filesystem::path& path, const JournalVisitor& visit);

/// jobs/<id>/journal.jsonl: what a job has done so far, one JSON object a line, whose last member "crc" is the CRC-32
/// (as in zlib, eight hex digits) of what precedes `,"crc"`. For the one process that holds the job's lock. Entries
/// that were written outlive the process (kill -9); those on the disk (about a second or 50 lines later) also a power
/// loss.
class Journal {
public:
  /// The longest entry; a reply that does not fit must be kept in part.
  static constexpr std::size_t k_longest_entry = 256 * 1024 * 1024;

  /// Where the journal in a job's folder is.
  static std::filesystem::path path_in(const std::filesystem::path& folder) { return folder / "journal.jsonl"; }

  /// Opens the journal, which is made if there is none; calls `visit` for every whole entry, in order, and cuts off
  /// what follows the last one. Damaged lines before it stay, and are left out. Throws system_error.
  explicit Journal(const std::filesystem::path& path, const JournalVisitor& visit = {});

  /// Writes what is buffered, as far as that can be done.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Calls `guard` before anything is written: what it throws keeps the entries from being written, and passes.
  void set_guard(std::function<void()> guard) { guard_ = std::move(guard); }

  const JournalFindings& findings() const { return findings_; }

  /// Adds an entry, a compact JSON object of one line that has members, and returns its offset. It is written at the
  /// next `write`, or once 64 KiB wait. Throws `too_large`, and as `write`.
  std::uint64_t append(std::string_view json);

  /// Hands all entries to the system. Once 50 lines or a second have gathered since the last time, a thread flushes
  /// them to the disk meanwhile. Throws system_error, also for a flush that failed; `permission` if the disk is full.
  void write();

  /// Writes all entries, and returns when they are on the disk. Throws as `write`.
  void sync();

  /// The entry at an offset that `append` or a visit gave. Throws `storage` if it is no longer what was written.
  std::string read(std::uint64_t offset) const;

private:
  class Flusher;

  std::filesystem::path path_;
  UniqueFd fd_;
  JournalFindings findings_;
  std::uint64_t written_ = 0;
  std::string buffer_;
  std::uint64_t buffered_lines_ = 0;
  std::function<void()> guard_;
  std::unique_ptr<Flusher> flusher_;
};

}  // namespace lumi::store
