#pragma once
#include "core/tabular/json_scanner.hpp"
#include "core/tabular/row_reader.hpp"
#include "core/tabular/text_input.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lumi::tabular {

/// The columns of rows that are JSON objects: the keys of the first object, in its order. A later object may leave out
/// keys (the cell is empty), but may not bring others.
class JsonColumns {
public:
  /// Problems are reported to `input`, whose window must hold the objects.
  explicit JsonColumns(TextInput& input) : input_(input) {}

  const std::vector<std::string>& names() const { return names_; }

  /// Takes the columns from the first object, which starts at `object`; false if a problem was reported.
  bool take_from(const std::vector<JsonMember>& members, const char* object);

  /// Puts the texts of `members` into `row`, decoded in place; false if problems (at most ten) were reported.
  bool fill(Row& row, std::vector<JsonMember>& members);

private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::size_t offset_of(const char* at) const { return static_cast<std::size_t>(at - input_.window().begin()); }
  std::size_t quote_before(std::string_view string) const;
  std::string_view key_of(const JsonMember& member);
  std::optional<std::size_t> find_column(std::string_view key, std::size_t likely) const;
  std::optional<std::size_t> place(const JsonMember& member, std::size_t index);
  void report_unknown(const JsonMember& member, std::string_view key);
  bool is_cell_too_large(const JsonMember& member) const;

  TextInput& input_;
  std::vector<std::string> names_;
  std::vector<std::string> keys_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> columns_;
  std::vector<std::uint64_t> last_row_;  // by column: the last row (counted here) that had its key
  std::uint64_t rows_ = 0;
  std::vector<std::size_t> member_columns_;
  std::string decoded_key_;
};

}  // namespace lumi::tabular
