#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lumi::store {

/// A value as SQLite stores it; blobs and texts that are not UTF-8 are left out of rows.
using StoredValue = std::variant<std::monostate, std::int64_t, double, std::string>;

/// Reads rows of tables straight from the pages of a database, whatever else in it is damaged: neither its header, its
/// schema nor the pages that lead to the rows are needed.
class PageScan {
public:
  /// Looks at `database` and, where it has newer pages, at the write-ahead log `wal`; both must outlive the scan.
  PageScan(std::string_view database, std::string_view wal);

  /// Calls `visit` with every row that can be read, in order of the pages.
  void visit_rows(const std::function<void(const std::vector<StoredValue>&)>& visit) const;

private:
  void overlay(std::string_view wal);
  std::string_view page(std::uint32_t number) const;
  bool read_cell(std::string_view page, std::size_t at, std::vector<StoredValue>& row) const;
  bool read_payload(std::string_view page, std::size_t at, std::uint64_t size, std::string& payload) const;

  std::string_view database_;
  std::size_t page_size_ = 4096;
  std::uint32_t pages_ = 0;
  std::vector<std::string_view> newer_;  // by page number; empty where the database has the last word
};

}  // namespace lumi::store
