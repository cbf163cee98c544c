#include "store/page_scan.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

namespace lumi::store {

namespace {

// The numbers are those of SQLite's file format: https://www.sqlite.org/fileformat2.html
constexpr std::size_t k_database_header = 100;
constexpr std::size_t k_wal_header = 32;
constexpr std::size_t k_frame_header = 24;
constexpr unsigned char k_table_leaf = 13;
constexpr std::uint64_t k_largest_payload = 64 * 1024 * 1024;

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + size; ++i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

std::uint32_t big_endian_32(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(big_endian(bytes, at, 4));
}

std::size_t big_endian_16(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(big_endian(bytes, at, 2));
}

/// A number of one to nine bytes; moves `at` past it. Nothing if the bytes end before it does.
std::optional<std::uint64_t> read_varint(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (int i = 0; i < 9 && at < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    if (i == 8) {
      return (value << 8) | byte;
    }
    value = (value << 7) | (byte & 0x7FU);
    if ((byte & 0x80U) == 0) {
      return value;
    }
  }
  return std::nullopt;
}

std::uint64_t size_of_type(std::uint64_t type) {
  constexpr std::uint64_t k_sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
  return type < 10 ? k_sizes[type] : (type - 12) / 2;
}

std::int64_t read_integer(std::string_view bytes) {
  const auto raw = big_endian(bytes, 0, bytes.size());
  const auto unused = static_cast<int>(64 - 8 * bytes.size());
  return static_cast<std::int64_t>(raw << unused) >> unused;
}

/// The value of serial type `type`; nothing for what no row of lumi holds.
std::optional<StoredValue> read_value(std::uint64_t type, std::string_view bytes) {
  if (type == 0) {
    return StoredValue();
  }
  if (type <= 6) {
    return StoredValue(read_integer(bytes));
  }
  if (type == 7) {
    return StoredValue(std::bit_cast<double>(big_endian(bytes, 0, 8)));
  }
  if (type == 8 || type == 9) {
    return StoredValue(static_cast<std::int64_t>(type - 8));
  }
  if (type < 13 || type % 2 == 0 || find_invalid_utf8(bytes)) {
    return std::nullopt;
  }
  return StoredValue(std::string(bytes));
}

/// Takes a record apart. False if it is none.
bool read_record(std::string_view record, std::vector<StoredValue>& row) {
  row.clear();
  std::size_t at = 0;
  const auto header_size = read_varint(record, at);
  if (!header_size || *header_size > record.size() || *header_size < at) {
    return false;
  }
  const auto header = record.substr(0, static_cast<std::size_t>(*header_size));
  auto rest = record.substr(header.size());
  while (at < header.size()) {
    const auto type = read_varint(header, at);
    if (!type || *type == 10 || *type == 11 || size_of_type(*type) > rest.size()) {
      return false;
    }
    const auto size = static_cast<std::size_t>(size_of_type(*type));
    auto value = read_value(*type, rest.substr(0, size));
    if (!value) {
      return false;
    }
    row.push_back(*std::move(value));
    rest.remove_prefix(size);
  }
  return rest.empty();
}

bool is_page_size(std::size_t size) { return size >= 512 && size <= 65536 && std::has_single_bit(size); }

}  // namespace

PageScan::PageScan(std::string_view database, std::string_view wal) : database_(database) {
  if (database.size() >= k_database_header) {
    const auto size = big_endian_16(database, 16);
    page_size_ = size == 1 ? 65536 : size;
  }
  if (!is_page_size(page_size_)) {
    page_size_ = 4096;
  }
  pages_ = static_cast<std::uint32_t>(std::min<std::size_t>(database.size() / page_size_, UINT32_MAX));
  newer_.resize(std::size_t{pages_} + 1);
  overlay(wal);
}

void PageScan::overlay(std::string_view wal) {
  const auto frame_size = k_frame_header + page_size_;
  if (wal.size() < k_wal_header + frame_size || big_endian_32(wal, 8) != page_size_) {
    return;
  }
  const auto salts = wal.substr(16, 8);
  for (std::size_t at = k_wal_header; at + frame_size <= wal.size(); at += frame_size) {
    const auto number = big_endian_32(wal, at);
    // Frames of an earlier round of the log have other salts.
    if (wal.substr(at + 8, 8) != salts || number == 0 || number > wal.size() / page_size_ + pages_) {
      continue;
    }
    if (number >= newer_.size()) {
      newer_.resize(std::size_t{number} + 1);
      pages_ = number;
    }
    newer_[number] = wal.substr(at + k_frame_header, page_size_);
  }
}

std::string_view PageScan::page(std::uint32_t number) const {
  if (number == 0 || number > pages_) {
    return {};
  }
  if (!newer_[number].empty()) {
    return newer_[number];
  }
  const auto at = (std::size_t{number} - 1) * page_size_;
  return at + page_size_ <= database_.size() ? database_.substr(at, page_size_) : std::string_view();
}

void PageScan::visit_rows(const std::function<void(const std::vector<StoredValue>&)>& visit) const {
  std::vector<StoredValue> row;
  for (std::uint32_t number = 1; number <= pages_; ++number) {
    const auto bytes = page(number);
    const std::size_t start = number == 1 ? k_database_header : 0;
    if (bytes.empty() || static_cast<unsigned char>(bytes[start]) != k_table_leaf) {
      continue;
    }
    const auto cells = std::min(big_endian_16(bytes, start + 3), (page_size_ - start - 8) / 2);
    for (std::size_t i = 0; i < cells; ++i) {
      if (read_cell(bytes, big_endian_16(bytes, start + 8 + 2 * i), row)) {
        visit(row);
      }
    }
  }
}

bool PageScan::read_cell(std::string_view page, std::size_t at, std::vector<StoredValue>& row) const {
  const auto size = read_varint(page, at);
  const auto row_id = read_varint(page, at);
  std::string payload;
  return size && row_id && *size <= k_largest_payload && read_payload(page, at, *size, payload) &&
         read_record(payload, row);
}

bool PageScan::read_payload(std::string_view page, std::size_t at, std::uint64_t size, std::string& payload) const {
  const auto usable = page_size_;
  const auto largest = usable - 35;
  auto local = static_cast<std::size_t>(size);
  if (size > largest) {
    const auto least = (usable - 12) * 32 / 255 - 23;
    const auto surplus = least + (static_cast<std::size_t>(size) - least) % (usable - 4);
    local = surplus <= largest ? surplus : least;
  }
  if (at + local + (size > largest ? 4 : 0) > page.size()) {
    return false;
  }
  payload.assign(page.substr(at, local));
  auto next = size > largest ? big_endian_32(page, at + local) : 0;
  while (payload.size() < size) {
    const auto bytes = this->page(next);
    if (bytes.empty()) {
      return false;
    }
    next = big_endian_32(bytes, 0);
    payload += bytes.substr(4, static_cast<std::size_t>(std::min<std::uint64_t>(usable - 4, size - payload.size())));
  }
  return true;
}

}  // namespace lumi::store
