#include "store/sql/table_module.hpp"

#include "base/text.hpp"

#include <sqlite3.h>

#include <new>
#include <string>

namespace lumi::store::sql {

namespace {

// What SQLite's planner is told; only the order of magnitude counts.
constexpr double k_cost_of_scan = 1e6;
constexpr double k_cost_of_lookup = 10;

// Which columns are used goes from the plan to the cursor in an int.
constexpr sqlite3_uint64 k_all_columns = 0x7FFFFFFF;

struct Entry {
  std::shared_ptr<Table> table;
  Failure& failure;
};

struct ModuleTable : sqlite3_vtab {
  const Entry* entry = nullptr;
};

struct ModuleCursor : sqlite3_vtab_cursor {
  std::unique_ptr<Cursor> rows;
  bool at_end = true;
  sqlite3_int64 number = 0;
};

const Entry& entry_of(sqlite3_vtab* table) { return *static_cast<ModuleTable*>(table)->entry; }

const std::span<const Column>& columns_of(sqlite3_vtab* table) { return entry_of(table).table->description().columns; }

/// SQLite is written in C: nothing may be thrown through it.
template <class Work>
int guarded(sqlite3_vtab* table, Work&& work) {
  try {
    work();
    return SQLITE_OK;
  } catch (...) {
    entry_of(table).failure.exception = std::current_exception();
    return SQLITE_ERROR;
  }
}

std::string declaration(const TableDescription& description) {
  std::string sql = "CREATE TABLE t(";
  for (const auto& column : description.columns) {
    sql += (&column == description.columns.data() ? "\"" : ", \"") + std::string(column.name) + "\" " +
           std::string(column.type == Type::time ? to_text(Type::text) : to_text(column.type));
  }
  return sql + ")";
}

int connect(
    sqlite3* connection, void* data, int /*argc*/, const char* const* /*argv*/, sqlite3_vtab** made, char** /*error*/) {
  const auto* entry = static_cast<const Entry*>(data);
  const int result = sqlite3_declare_vtab(connection, declaration(entry->table->description()).c_str());
  if (result == SQLITE_OK) {
    auto table = std::make_unique<ModuleTable>();
    table->entry = entry;
    *made = table.release();
  }
  return result;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<ModuleTable*>(table);
  return SQLITE_OK;
}

bool can_filter(const Column& column, sqlite3_index_info* plan, int constraint) {
  const auto& wanted = plan->aConstraint[constraint];
  return wanted.usable != 0 && wanted.op == SQLITE_INDEX_CONSTRAINT_EQ && column.lookup == Lookup::indexed &&
         column.type == Type::text && std::string_view(sqlite3_vtab_collation(plan, constraint)) == "BINARY";
}

/// Takes the conditions `indexed column = value`; which columns they are of, filter() gets as one character each.
int choose_plan(sqlite3_vtab* table, sqlite3_index_info* plan) {
  std::string filtered;
  for (int i = 0; i < plan->nConstraint; ++i) {
    const auto column = plan->aConstraint[i].iColumn;
    if (column >= 0 && can_filter(columns_of(table)[static_cast<std::size_t>(column)], plan, i)) {
      filtered += static_cast<char>('0' + column);
      plan->aConstraintUsage[i].argvIndex = static_cast<int>(filtered.size());
    }
  }
  plan->estimatedCost = filtered.empty() ? k_cost_of_scan : k_cost_of_lookup;
  plan->estimatedRows = filtered.empty() ? static_cast<sqlite3_int64>(k_cost_of_scan) : 10;
  plan->idxNum = static_cast<int>(plan->colUsed & k_all_columns);
  plan->idxStr = sqlite3_mprintf("%s", filtered.c_str());
  plan->needToFreeIdxStr = 1;
  return plan->idxStr == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int open_cursor(sqlite3_vtab* /*table*/, sqlite3_vtab_cursor** made) {
  *made = std::make_unique<ModuleCursor>().release();
  return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) {
  delete static_cast<ModuleCursor*>(cursor);
  return SQLITE_OK;
}

void step(ModuleCursor& cursor) {
  cursor.at_end = !cursor.rows->next();
  ++cursor.number;
}

int filter(sqlite3_vtab_cursor* base, int used, const char* filtered, int count, sqlite3_value** values) {
  auto& cursor = *static_cast<ModuleCursor*>(base);
  return guarded(base->pVtab, [&] {
    Request request;
    request.columns = static_cast<unsigned>(used);
    for (int i = 0; i < count; ++i) {
      // SQLite looks at the condition again, and knows how a number compares with texts.
      if (sqlite3_value_type(values[i]) == SQLITE_TEXT) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
        const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[i]));
        request.filters.push_back({static_cast<std::size_t>(filtered[i] - '0'), std::string(text, size)});
      }
    }
    cursor.rows = entry_of(base->pVtab).table->open(request);
    cursor.number = 0;
    step(cursor);
  });
}

int next(sqlite3_vtab_cursor* base) {
  return guarded(base->pVtab, [&] { step(*static_cast<ModuleCursor*>(base)); });
}

int at_end(sqlite3_vtab_cursor* base) { return static_cast<ModuleCursor*>(base)->at_end ? 1 : 0; }

void set_result(sqlite3_context* context, const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    sqlite3_result_int64(context, *number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    sqlite3_result_double(context, *real);
  } else if (const auto* text = std::get_if<std::string_view>(&cell)) {
    sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else if (const auto* blob = std::get_if<Blob>(&cell)) {
    sqlite3_result_blob64(context, blob->bytes.data(), blob->bytes.size(), SQLITE_TRANSIENT);
  } else {
    sqlite3_result_null(context);
  }
}

int read_column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
  return guarded(base->pVtab, [&] {
    set_result(context, static_cast<ModuleCursor*>(base)->rows->cell(static_cast<std::size_t>(column)));
  });
}

int row_id(sqlite3_vtab_cursor* base, sqlite3_int64* id) {
  *id = static_cast<ModuleCursor*>(base)->number;
  return SQLITE_OK;
}

// Without xCreate the table is there without being made; without xUpdate it cannot be changed.
sqlite3_module make_module() {
  sqlite3_module module{};
  module.xConnect = connect;
  module.xBestIndex = choose_plan;
  module.xDisconnect = disconnect;
  module.xOpen = open_cursor;
  module.xClose = close_cursor;
  module.xFilter = filter;
  module.xNext = next;
  module.xEof = at_end;
  module.xColumn = read_column;
  module.xRowid = row_id;
  return module;
}

}  // namespace

void add_table(sqlite3* connection, std::shared_ptr<Table> table, Failure& failure) {
  static const sqlite3_module k_module = make_module();
  const std::string name(table->description().name);
  auto entry = std::make_unique<Entry>(Entry{std::move(table), failure});
  // On failure too SQLite destroys the entry.
  if (sqlite3_create_module_v2(connection, name.c_str(), &k_module, entry.release(), [](void* data) {
        delete static_cast<Entry*>(data);
      }) != SQLITE_OK) {
    throw std::bad_alloc();
  }
}

}  // namespace lumi::store::sql
