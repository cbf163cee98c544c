#pragma once
#include "store/database.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace lumi::store {

/// A value of a column.
using ColumnValue = std::variant<std::monostate, std::int64_t, std::string>;

/// A row with all of its columns, whichever this schema has.
using CopiedRow = std::map<std::string, ColumnValue>;

/// The tables whose rows can be copied to another database, in the order in which they refer to each other.
enum class CopiedTable { experiments, workflows, jobs, datasets };

/// The table's name.
std::string_view to_text(CopiedTable table);

/// The row of that id, or nothing.
std::optional<CopiedRow> read_row(Database& database, CopiedTable table, const std::string& id);

/// Adds a row; a column that is not in it gets its default, and the name of an experiment is taken. Throws
/// `invalid_input` for a column that this schema does not have, `conflict` for what the schema refuses.
void insert_row(Database& database, CopiedTable table, const CopiedRow& row);

/// The text in a column; empty where there is none.
std::string text_in(const CopiedRow& row, const std::string& column);

}  // namespace lumi::store
