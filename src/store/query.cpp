#include "store/query.hpp"

#include "base/text.hpp"
#include "store/database_error.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <limits>

namespace lumi::store {

namespace {

template <class Work>
auto translating(Database& database, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    throw_database_error(exception, database.home().database_path());
  }
}

}  // namespace

Query::Query(Database& database, const std::string& sql) : database_(database) {
  translating(database_, [&] { statement_.emplace(database.connection(), sql); });
}

Query& Query::bind(const std::string& text) {
  translating(database_, [&] { statement_->bind(++bound_, text); });
  return *this;
}

Query& Query::bind(std::int64_t number) {
  translating(database_, [&] { statement_->bind(++bound_, number); });
  return *this;
}

Query& Query::bind(std::uint64_t number) {
  constexpr std::uint64_t k_largest = std::numeric_limits<std::int64_t>::max();
  return bind(static_cast<std::int64_t>(std::min(number, k_largest)));
}

Query& Query::bind_null() {
  translating(database_, [&] { statement_->bind(++bound_); });
  return *this;
}

bool Query::next() {
  column_ = 0;
  return translating(database_, [&] { return statement_->executeStep(); });
}

int Query::run() {
  return translating(database_, [&] {
    const int changes = statement_->exec();
    statement_->reset();
    bound_ = 0;
    return changes;
  });
}

void Query::reset() {
  translating(database_, [&] { statement_->reset(); });
  bound_ = 0;
}

std::string Query::text() {
  auto text = translating(database_, [&] { return statement_->getColumn(column_).getString(); });
  ++column_;
  if (find_invalid_utf8(text)) {
    throw damaged_database(database_.home().database_path(), "a text is not UTF-8");
  }
  return text;
}

std::int64_t Query::integer() {
  return translating(database_, [&] { return statement_->getColumn(column_++).getInt64(); });
}

double Query::real() {
  return translating(database_, [&] { return statement_->getColumn(column_++).getDouble(); });
}

std::uint64_t Query::count() {
  const auto number = integer();
  if (number < 0) {
    throw damaged_database(database_.home().database_path(), "a count is negative");
  }
  return static_cast<std::uint64_t>(number);
}

bool Query::skip_null() {
  const bool is_null = translating(database_, [&] { return statement_->isColumnNull(column_); });
  column_ += is_null ? 1 : 0;
  return is_null;
}

std::optional<std::string> Query::maybe_text() { return skip_null() ? std::nullopt : std::optional(text()); }

std::optional<std::int64_t> Query::maybe_integer() { return skip_null() ? std::nullopt : std::optional(integer()); }

std::optional<double> Query::maybe_real() { return skip_null() ? std::nullopt : std::optional(real()); }

std::optional<Timestamp> Query::maybe_time() { return skip_null() ? std::nullopt : std::optional(time()); }

}  // namespace lumi::store
