#include "store/journal_scanner.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using lumi::store::JournalEntry;
using lumi::store::JournalScanner;

namespace {

struct Scan {
  std::vector<std::string> entries;
  std::uint64_t end = 0;
};

Scan scan(std::string_view bytes, std::size_t block) {
  Scan found;
  const lumi::store::JournalVisitor visit = [&](const JournalEntry& entry) { found.entries.emplace_back(entry.json); };
  JournalScanner scanner(visit);
  for (std::size_t at = 0; at < bytes.size(); at += block) {
    scanner.take(bytes.substr(at, block));
  }
  scanner.finish();
  found.end = scanner.end();
  return found;
}

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

}  // namespace

/// Whatever a journal holds: it is the same however it is cut into blocks, what is cut off holds no entry, and an entry
/// that is appended after the end is found.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = scan(bytes, bytes.size() + 1);
  require(scan(bytes, 3).entries == whole.entries);
  require(whole.end <= size);
  std::string kept(bytes.substr(0, whole.end));
  require(scan(kept, 64).entries == whole.entries);
  if (!kept.empty() && kept.back() != '\n') {
    kept += '\n';
  }
  lumi::store::append_journal_line(kept, R"({"added":1})");
  const auto longer = scan(kept, 64).entries;
  require(longer.size() == whole.entries.size() + 1 && longer.back() == R"({"added":1})");
  return 0;
}
