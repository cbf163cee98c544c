#include "store/row_copy.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/query.hpp"
#include "store/repositories/experiment_repository.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace lumi::store {

namespace {

struct ColumnOfTable {
  std::string name;
  std::string type;
};

std::vector<ColumnOfTable> columns_of(Database& database, CopiedTable table) {
  Query query(database, "SELECT name, type FROM pragma_table_info(?)");
  query.bind(std::string(to_text(table)));
  std::vector<ColumnOfTable> columns;
  while (query.next()) {
    auto name = query.text();
    columns.push_back({std::move(name), query.text()});
  }
  return columns;
}

ColumnValue next_value(Query& query, const std::string& type) {
  if (type == "INTEGER") {
    const auto number = query.maybe_integer();
    return number ? ColumnValue(*number) : ColumnValue();
  }
  auto text = query.maybe_text();
  return text ? ColumnValue(std::move(*text)) : ColumnValue();
}

}  // namespace

std::string_view to_text(CopiedTable table) {
  constexpr std::array<std::string_view, 4> k_names{"experiments", "workflows", "jobs", "datasets"};
  return k_names[static_cast<std::size_t>(table)];
}

std::optional<CopiedRow> read_row(Database& database, CopiedTable table, const std::string& id) {
  const auto columns = columns_of(database, table);
  std::string names;
  for (const auto& column : columns) {
    names += (names.empty() ? "" : ", ") + column.name;
  }
  Query query(database, "SELECT " + names + " FROM " + std::string(to_text(table)) + " WHERE id = ?");
  if (!query.bind(id).next()) {
    return std::nullopt;
  }
  CopiedRow row;
  for (const auto& column : columns) {
    row[column.name] = next_value(query, column.type);
  }
  return row;
}

void insert_row(Database& database, CopiedTable table, const CopiedRow& row) {
  std::vector<std::string> known;
  for (auto& column : columns_of(database, table)) {
    known.push_back(std::move(column.name));
  }
  std::string names;
  std::string marks;
  for (const auto& [name, value] : row) {
    // Only what is a column's name becomes part of the statement.
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Error(ErrorCode::invalid_input, std::string(to_text(table)) + " have no column " + quote(name));
    }
    names += (names.empty() ? "" : ", ") + name;
    marks += marks.empty() ? "?" : ", ?";
  }
  Query query(database, "INSERT INTO " + std::string(to_text(table)) + " (" + names + ") VALUES (" + marks + ")");
  for (const auto& [name, value] : row) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      query.bind(*number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      query.bind(*text);
    } else {
      query.bind(std::optional<std::string>());
    }
  }
  query.run();
  if (table == CopiedTable::experiments) {
    ExperimentRepository(database).take_name(text_in(row, "name"));
  }
}

std::string text_in(const CopiedRow& row, const std::string& column) {
  const auto found = row.find(column);
  const auto* text = found == row.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text == nullptr ? std::string() : *text;
}

}  // namespace lumi::store
