#include "base/crc32.hpp"
#include "base/hash.hpp"
#include "store/journal.hpp"
#include "support/errors.hpp"
#include "support/processes.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

using lumi::ErrorCode;
using lumi::store::Journal;
using lumi::store::JournalEntry;
using lumi::store::JournalFindings;
using lumi::store::JournalVisitor;
using lumi::store::read_journal;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> k_entries{R"({"row":1,"text":"one"})",
                                         R"({"row":2,"text":"crc\":\"and \\n é"})",
                                         R"({"row":3,"nested":{"crc":"x"},"list":[1,2]})"};

void put(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

struct Read {
  std::vector<std::string> entries;
  std::vector<std::uint64_t> offsets;

  JournalVisitor visitor() {
    return [this](const JournalEntry& entry) {
      entries.emplace_back(entry.json);
      offsets.push_back(entry.offset);
    };
  }
};

/// A journal in a folder of its own.
struct JournalFixture {
  lumi::test::TempDir folder;
  fs::path path = Journal::path_in(folder.path());

  std::string bytes() const { return lumi::read_file(path); }

  /// The bytes of a journal with all entries.
  std::string written() const {
    {
      Journal journal(path);
      for (const auto& entry : k_entries) {
        journal.append(entry);
      }
    }
    return bytes();
  }

  std::vector<std::string> entries(JournalFindings* findings = nullptr) const {
    Read read;
    const auto found = read_journal(path, read.visitor());
    if (findings != nullptr) {
      *findings = found;
    }
    return read.entries;
  }
};

}  // namespace

TEST_CASE("entries come back as they were appended, each line with the CRC-32 of what precedes it") {
  const JournalFixture with;
  const auto bytes = with.written();
  CHECK(with.entries() == k_entries);
  const auto line = bytes.substr(0, bytes.find('\n'));
  const std::string body = R"({"row":1,"text":"one")";
  CHECK(line == body + ",\"crc\":\"" + lumi::to_hex(lumi::crc32(body)).substr(8) + "\"}");
  CHECK((fs::status(with.path).permissions() & fs::perms::mask) == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a journal that is not there is empty, and looking at it makes none") {
  const JournalFixture with;
  CHECK(with.entries().empty());
  CHECK_FALSE(fs::exists(with.path));
}

TEST_CASE("wherever a journal was cut, the whole entries are found, and new ones follow them") {
  const JournalFixture with;
  const auto bytes = with.written();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    CAPTURE(size);
    put(with.path, bytes.substr(0, size));
    std::vector<std::string> whole;
    std::size_t end = 0;
    for (std::size_t i = 0, at = 0; i < k_entries.size(); ++i) {
      at = bytes.find('\n', at) + 1;
      if (at <= size + 1) {  // the line feed alone may be missing
        whole.push_back(k_entries[i]);
        end = std::min(at, size);
      }
    }
    Read read;
    {
      Journal journal(with.path, read.visitor());
      CHECK(journal.findings().entries == whole.size());
      CHECK(journal.findings().damaged_lines == 0);
      CHECK(journal.findings().cut_bytes == size - end);
      journal.append(R"({"new":true})");
    }
    CHECK(read.entries == whole);
    whole.emplace_back(R"({"new":true})");
    JournalFindings findings;
    CHECK(with.entries(&findings) == whole);
    CHECK(findings.damaged_lines == 0);
    CHECK(findings.cut_bytes == 0);
  }
}

TEST_CASE("whichever byte is flipped, no entry is made up and the others are kept") {
  const JournalFixture with;
  const auto bytes = with.written();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      put(with.path, damaged);
      auto expected = k_entries;
      const auto line =
          static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + static_cast<long>(at), '\n'));
      const bool joins_lines = bytes[at] == '\n' && line + 1 < k_entries.size();
      if (bytes[at] != '\n' || joins_lines) {
        expected.erase(expected.begin() + static_cast<long>(line),
                       expected.begin() + static_cast<long>(line + (joins_lines ? 2 : 1)));
      } else {
        expected.pop_back();  // something stands behind the last entry on its line
      }
      Read read;
      {
        Journal journal(with.path, read.visitor());
        journal.append(R"({"new":true})");
      }
      REQUIRE_MESSAGE(read.entries == expected, "byte " << at << ", bit " << bit);
      expected.emplace_back(R"({"new":true})");
      REQUIRE_MESSAGE(with.entries() == expected, "byte " << at << ", bit " << bit);
    }
  }
}

TEST_CASE("damage before whole entries is counted and stays, damage after them is cut off") {
  const JournalFixture with;
  const auto bytes = with.written();
  put(with.path, "garbage\n\n" + bytes + "{\"row\":4,\"crc\":\"00000000\"}\n" + std::string(1000, '\0'));
  {
    const Journal journal(with.path);
    CHECK(journal.findings().entries == 3);
    CHECK(journal.findings().damaged_lines == 2);
    CHECK(journal.findings().cut_bytes == 27 + 1000);
  }
  CHECK(with.bytes() == "garbage\n\n" + bytes);
}

TEST_CASE("an entry can be read again at its offset, whether it is written yet or not") {
  const JournalFixture with;
  const std::string large = "{\"text\":\"" + std::string(20'000, 'x') + "\"}";
  std::vector<std::uint64_t> offsets;
  {
    Journal journal(with.path);
    for (const auto& entry : {k_entries[0], large, k_entries[1]}) {
      offsets.push_back(journal.append(entry));
    }
    CHECK(journal.read(offsets[1]) == large);
    journal.write();
    CHECK(journal.read(offsets[0]) == k_entries[0]);
    CHECK(journal.read(offsets[1]) == large);
    const auto waiting = journal.append(k_entries[2]);
    CHECK(journal.read(waiting) == k_entries[2]);
    CHECK(journal.read(offsets[2]) == k_entries[1]);
    CHECK(lumi::test::code_of([&] { journal.read(offsets[1] + 1); }) == ErrorCode::storage);
    CHECK(lumi::test::code_of([&] { journal.read(1'000'000); }) == ErrorCode::storage);
  }
  Read read;
  const Journal journal(with.path, read.visitor());
  REQUIRE(read.offsets.size() == 4);
  CHECK(std::vector(read.offsets.begin(), read.offsets.begin() + 3) == offsets);
  CHECK(journal.read(read.offsets[3]) == k_entries[2]);
}

TEST_CASE("what was written outlives kill -9, what only waits does not") {
  const JournalFixture with;
  const auto pid = lumi::test::start_process([&] {
    Journal journal(with.path);
    journal.append(k_entries[0]);
    journal.append(k_entries[1]);
    journal.write();
    journal.append(k_entries[2]);
    ::kill(::getpid(), SIGKILL);
  });
  CHECK(lumi::test::wait_for_process(pid) == -SIGKILL);
  CHECK(with.entries() == std::vector(k_entries.begin(), k_entries.begin() + 2));
}

TEST_CASE("a disk that is full is told, and spoils nothing that was or will be written") {
  const JournalFixture with;
  const auto pid = lumi::test::start_process([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    Journal journal(with.path);
    journal.append(k_entries[0]);
    journal.write();
    const rlimit small{50, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    journal.append(k_entries[1]);
    if (!lumi::test::code_of([&] { journal.write(); })) {
      ::_exit(3);
    }
    const rlimit large{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &large);
    journal.write();
  });
  CHECK(lumi::test::wait_for_process(pid) == 0);
  JournalFindings findings;
  CHECK(with.entries(&findings) == std::vector(k_entries.begin(), k_entries.begin() + 2));
  CHECK(findings.damaged_lines == 0);
}

TEST_CASE("what the guard forbids is not written, not even at the end") {
  const JournalFixture with;
  {
    Journal journal(with.path);
    bool is_allowed = true;
    journal.set_guard([&] {
      if (!is_allowed) {
        throw lumi::Error(ErrorCode::conflict, "taken over");
      }
    });
    journal.append(k_entries[0]);
    journal.write();
    is_allowed = false;
    journal.append(k_entries[1]);
    CHECK(lumi::test::code_of([&] { journal.write(); }) == ErrorCode::conflict);
  }
  CHECK(with.entries() == std::vector{k_entries[0]});
}

TEST_CASE("many entries are flushed to the disk meanwhile") {
  const JournalFixture with;
  {
    Journal journal(with.path);
    for (int i = 0; i < 20'000; ++i) {
      journal.append("{\"row\":" + std::to_string(i) + "}");
      if (i % 7 == 0) {
        journal.write();
      }
    }
    journal.sync();
    CHECK(with.entries().size() == 20'000);
  }
  CHECK(with.entries().back() == R"({"row":19999})");
}

TEST_CASE("a journal in the wrong place is refused") {
  const lumi::test::TempDir folder;
  CHECK(lumi::test::code_of([&] { Journal(folder / "absent" / "journal.jsonl"); }) == ErrorCode::not_found);
  fs::create_symlink(folder / "elsewhere", folder / "journal.jsonl");
  CHECK(lumi::test::code_of([&] { Journal(folder / "journal.jsonl"); }).has_value());
  CHECK_FALSE(fs::exists(folder / "elsewhere"));
}
