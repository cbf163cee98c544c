#pragma once
#include "store/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lumi::store {

/// Appends an entry to `out` as a line of a journal. `json` is a compact object that has members.
void append_journal_line(std::string& out, std::string_view json);

/// Takes the checksum off a line without its line feed, so that the entry is left; false if the line is not what was
/// written, and then it stays.
bool open_journal_line(std::string& line);

/// Finds the entries in the bytes of a journal, which come block by block.
class JournalScanner {
public:
  /// Calls `visit`, which must outlive the scanner, for every whole entry.
  explicit JournalScanner(const JournalVisitor& visit) : visit_(visit) {}

  void take(std::string_view block);

  /// The bytes have come to their end.
  JournalFindings finish();

  /// Where the last whole entry ends.
  std::uint64_t end() const { return end_; }

  /// Whether that entry's line is without its line feed.
  bool lacks_newline() const { return lacks_newline_; }

private:
  void keep(std::string_view piece);
  void end_line(std::uint64_t newline);

  const JournalVisitor& visit_;
  JournalFindings findings_;
  std::string line_;
  std::uint64_t length_ = 0;  // of the line so far
  std::uint64_t start_ = 0;   // of the line
  std::uint64_t end_ = 0;
  std::uint64_t damaged_since_ = 0;  // lines after the last whole entry
  bool lacks_newline_ = false;
};

}  // namespace lumi::store
