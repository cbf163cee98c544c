#include "store/sql/sandbox.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "store/sql/table_module.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <functional>
#include <new>
#include <utility>

namespace lumi::store::sql {

namespace {

constexpr int k_steps_between_checks = 4096;
constexpr int k_longest_value = 64 * 1024 * 1024;
constexpr int k_longest_statement = 1024 * 1024;

constexpr const char* k_schema_hint = "'lumi query --schema' lists what can be asked";

// Table-valued functions that read nothing but their arguments.
constexpr std::array<std::string_view, 2> k_json_tables{"json_each", "json_tree"};

// The one runs foreign code, the other tells addresses of the program.
constexpr std::array<std::string_view, 2> k_forbidden_functions{"load_extension", "fts3_tokenizer"};

std::string_view view_of(const char* text) { return text == nullptr ? std::string_view() : text; }

/// The place of an offset in a statement: " (line 1, column 8)".
std::string place_of(std::string_view statement, std::size_t offset) {
  const auto before = statement.substr(0, offset);
  const auto line_start = before.rfind('\n') + 1;
  return " (line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ", column " +
         std::to_string(1 + count_code_points(to_valid_utf8(before.substr(line_start)))) + ")";
}

}  // namespace

/// What statements may do.
struct Permissions {
  std::vector<std::string> tables;
  std::string denied;  ///< what the last statement wanted and may not
};

struct Sandbox::Parts {
  sqlite3* connection = nullptr;
  Failure failure;
  Permissions permissions;
  std::vector<std::string> columns;

  ~Parts() { sqlite3_close(connection); }

  /// Throws what the last call of SQLite failed with; what was prepared begins there in `statement`.
  [[noreturn]] void fail(std::string_view statement, std::ptrdiff_t begin);

  /// The first statement from there on, null if only white space and comments follow; what is behind it is `rest`.
  sqlite3_stmt* prepare(const std::string& statement, std::size_t begin, const char** rest);
  std::string hint_for(const std::string& message) const;
};

namespace {

class Statement final : public Answer {
public:
  using Fail = std::function<void()>;

  Statement(sqlite3_stmt* statement, Fail fail) : statement_(statement), fail_(std::move(fail)) {
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      columns_.emplace_back(view_of(sqlite3_column_name(statement, i)));
    }
  }
  ~Statement() override { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  const std::vector<std::string>& columns() const override { return columns_; }

  bool next() override {
    if (at_end_) {  // SQLite would begin again
      return false;
    }
    const int result = sqlite3_step(statement_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
      fail_();
    }
    at_end_ = result == SQLITE_DONE;
    return !at_end_;
  }

  Cell cell(std::size_t index) override {
    const int column = static_cast<int>(index);
    switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement_, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement_, column);
    case SQLITE_TEXT:
      return bytes(sqlite3_column_text(statement_, column), column);
    case SQLITE_BLOB:
      return Blob{bytes(sqlite3_column_blob(statement_, column), column)};
    default:
      return {};
    }
  }

private:
  std::string_view bytes(const void* data, int column) {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
  }

  sqlite3_stmt* statement_;
  Fail fail_;
  bool at_end_ = false;
  std::vector<std::string> columns_;
};

/// What SQLite asks about every part of a statement while it is prepared. Everything that is not named here is denied:
/// ATTACH, PRAGMA, transactions, and all that makes or changes something.
int authorize(void* data, int action, const char* first, const char* second, const char* /*of*/, const char* /*by*/) {
  auto& permissions = *static_cast<Permissions*>(data);
  switch (action) {
  case SQLITE_SELECT:
  case SQLITE_RECURSIVE:
    return SQLITE_OK;
  case SQLITE_FUNCTION:
    if (std::ranges::find(k_forbidden_functions, view_of(second)) == k_forbidden_functions.end()) {
      return SQLITE_OK;
    }
    permissions.denied = "the function " + std::string(second);
    return SQLITE_DENY;
  case SQLITE_READ:
    // Without a column it is a row that is read, also of a subquery, whose name may be any.
    if (view_of(second).empty() || std::ranges::find(permissions.tables, view_of(first)) != permissions.tables.end()) {
      return SQLITE_OK;
    }
    permissions.denied = "the table " + quote(view_of(first));
    return SQLITE_DENY;
  default:
    permissions.denied = "this statement";
    return SQLITE_DENY;
  }
}

void limit(sqlite3* connection) {
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, k_longest_value);
  sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, k_longest_statement);
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(connection, SQLITE_LIMIT_TRIGGER_DEPTH, 0);
  sqlite3_limit(connection, SQLITE_LIMIT_WORKER_THREADS, 0);
  sqlite3_limit(connection, SQLITE_LIMIT_EXPR_DEPTH, 500);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // A misspelt name in double quotes is an error, not a text.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
}

}  // namespace

std::string Sandbox::Parts::hint_for(const std::string& message) const {
  const auto name = message.substr(message.find_last_of(" .") + 1);
  std::string near;
  if (message.starts_with("no such table: ")) {
    near = did_you_mean(name, permissions.tables);
  } else if (message.starts_with("no such column: ")) {
    near = did_you_mean(name, columns);
  }
  return near.empty() ? k_schema_hint : near;
}

void Sandbox::Parts::fail(std::string_view statement, std::ptrdiff_t begin) {
  if (failure.exception) {
    std::rethrow_exception(std::exchange(failure.exception, nullptr));
  }
  if (!permissions.denied.empty()) {
    throw Error(ErrorCode::usage, "lumi query only reads: " + permissions.denied + " is not allowed", k_schema_hint);
  }
  switch (sqlite3_errcode(connection)) {
  case SQLITE_INTERRUPT:
    throw Error(ErrorCode::interrupted, "interrupted");
  case SQLITE_NOMEM:
    throw std::bad_alloc();
  case SQLITE_FULL:
  case SQLITE_IOERR:
    throw Error(ErrorCode::permission, "the statement needs more space for temporary files than there is");
  default:
    const std::string message = sqlite3_errmsg(connection);
    const int offset = sqlite3_error_offset(connection);
    throw Error(ErrorCode::usage,
                message + (offset < 0 ? "" : place_of(statement, static_cast<std::size_t>(begin + offset))),
                hint_for(message));
  }
}

sqlite3_stmt* Sandbox::Parts::prepare(const std::string& statement, std::size_t begin, const char** rest) {
  sqlite3_stmt* prepared = nullptr;
  permissions.denied.clear();
  const auto size = static_cast<int>(statement.size() - begin);
  if (sqlite3_prepare_v3(connection, statement.c_str() + begin, size, 0, &prepared, rest) != SQLITE_OK) {
    fail(statement, static_cast<std::ptrdiff_t>(begin));
  }
  return prepared;
}

Sandbox::Sandbox(const std::vector<std::shared_ptr<Table>>& tables) : parts_(std::make_unique<Parts>()) {
  constexpr int k_flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(":memory:", &parts_->connection, k_flags, nullptr) != SQLITE_OK) {
    throw std::bad_alloc();
  }
  auto* connection = parts_->connection;
  parts_->permissions.tables.assign(k_json_tables.begin(), k_json_tables.end());
  for (const auto& table : tables) {
    const auto& description = table->description();
    parts_->permissions.tables.emplace_back(description.name);
    for (const auto& column : description.columns) {
      parts_->columns.emplace_back(column.name);
    }
    add_table(connection, table, parts_->failure);
  }
  limit(connection);
  // A virtual table that is met for the first time is declared in SQL of its own, which the authorizer would deny.
  for (const auto& name : parts_->permissions.tables) {
    sqlite3_finalize(parts_->prepare("SELECT 1 FROM " + name, 0, nullptr));
  }
  sqlite3_progress_handler(
      connection, k_steps_between_checks, [](void*) { return pending_interrupt() != 0 ? 1 : 0; }, nullptr);
  sqlite3_set_authorizer(connection, authorize, &parts_->permissions);
}

Sandbox::~Sandbox() = default;

std::unique_ptr<Answer> Sandbox::run(const std::string& statement) {
  if (const auto nul = statement.find('\0'); nul != std::string::npos) {
    throw Error(ErrorCode::usage, "the statement has a NUL in it" + place_of(statement, nul));
  }
  if (statement.size() > k_longest_statement) {
    throw Error(ErrorCode::usage, "the statement is longer than " + human_size(k_longest_statement));
  }
  const char* rest = nullptr;
  auto* prepared = parts_->prepare(statement, 0, &rest);
  if (prepared == nullptr) {
    throw Error(ErrorCode::usage, "there is no statement", k_schema_hint);
  }
  auto answer = std::make_unique<Statement>(prepared, [this, statement] { parts_->fail(statement, 0); });
  // A semicolon, white space and comments may follow, nothing else.
  const auto second = static_cast<std::size_t>(rest - statement.c_str());
  if (auto* further = parts_->prepare(statement, second, &rest)) {
    sqlite3_finalize(further);
    throw Error(ErrorCode::usage, "only one statement at a time" + place_of(statement, second));
  }
  if (sqlite3_stmt_readonly(prepared) == 0 || sqlite3_column_count(prepared) == 0) {
    throw Error(ErrorCode::usage, "lumi query only reads: this statement is not allowed", k_schema_hint);
  }
  return answer;
}

}  // namespace lumi::store::sql
