#include "store/journal_scanner.hpp"

#include "base/crc32.hpp"
#include "base/hash.hpp"

namespace lumi::store {

namespace {

constexpr std::string_view k_before_crc = ",\"crc\":\"";
constexpr std::string_view k_after_crc = "\"}";
constexpr std::size_t k_crc_digits = 8;
constexpr std::size_t k_tail = k_before_crc.size() + k_crc_digits + k_after_crc.size();
constexpr std::size_t k_longest_line = Journal::k_longest_entry + k_tail;

std::string crc_digits(std::string_view bytes) { return to_hex(crc32(bytes)).substr(16 - k_crc_digits); }

}  // namespace

void append_journal_line(std::string& out, std::string_view json) {
  const auto body = json.substr(0, json.size() - 1);
  out.append(body).append(k_before_crc).append(crc_digits(body)).append(k_after_crc).append("\n");
}

bool open_journal_line(std::string& line) {
  if (line.size() <= k_tail + 1 || line.front() != '{') {
    return false;
  }
  const auto body = std::string_view(line).substr(0, line.size() - k_tail);
  const auto tail = std::string_view(line).substr(body.size());
  if (!tail.starts_with(k_before_crc) || !tail.ends_with(k_after_crc) ||
      tail.substr(k_before_crc.size(), k_crc_digits) != crc_digits(body)) {
    return false;
  }
  line.resize(body.size());
  line += '}';
  return true;
}

void JournalScanner::take(std::string_view block) {
  while (!block.empty()) {
    const auto newline = block.find('\n');
    keep(block.substr(0, newline));
    if (newline == std::string_view::npos) {
      return;
    }
    end_line(1);
    block.remove_prefix(newline + 1);
  }
}

JournalFindings JournalScanner::finish() {
  if (length_ > 0) {
    end_line(0);
  }
  findings_.cut_bytes = start_ - end_;
  findings_.damaged_lines -= damaged_since_;
  return findings_;
}

// A line that is too long for an entry is only measured.
void JournalScanner::keep(std::string_view piece) {
  length_ += piece.size();
  if (length_ <= k_longest_line) {
    line_ += piece;
  }
}

void JournalScanner::end_line(std::uint64_t newline) {
  const auto offset = start_;
  start_ += length_ + newline;
  if (length_ <= k_longest_line && open_journal_line(line_)) {
    ++findings_.entries;
    damaged_since_ = 0;
    end_ = start_;
    lacks_newline_ = newline == 0;
    if (visit_) {
      visit_({line_, offset});
    }
  } else {
    ++findings_.damaged_lines;
    ++damaged_since_;
  }
  line_.clear();
  length_ = 0;
}

}  // namespace lumi::store
