#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lumi::store::sql {

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

/// A value as SQL knows it. monostate is NULL; texts and bytes are valid until the next row.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string_view, Blob>;

/// What a column holds. Times are microseconds below the view and RFC 3339 with six digits above it, which sort as
/// texts.
enum class Type { text, integer, real, time };

/// The type as SQL and docs/schema.md name it.
std::string_view to_text(Type type);

/// Whether rows with a certain value in a column can be found without reading all of them.
enum class Lookup { scan, indexed };

/// A column that users may rely on.
struct Column {
  std::string_view name;
  Type type = Type::text;
  std::string_view meaning;  ///< for docs/schema.md
  Lookup lookup = Lookup::scan;
};

/// What users may ask of a table.
struct TableDescription {
  std::string_view name;
  std::string_view summary;
  std::span<const Column> columns;
};

/// Rows of which an indexed column, one of texts, has this value.
struct Filter {
  std::size_t column = 0;
  std::string value;
};

/// Which part of a table is read.
struct Request {
  std::vector<Filter> filters;
  std::uint64_t columns = ~std::uint64_t{0};  ///< a bit for each column that is looked at

  bool wants(std::size_t column) const { return ((columns >> column) & 1U) != 0; }
};

/// Goes through rows once.
class Cursor {
public:
  virtual ~Cursor() = default;

  /// Goes to the next row; false if there is none. Throws Error.
  virtual bool next() = 0;

  /// A value of the present row, of a column that was asked for.
  virtual Cell cell(std::size_t column) = 0;
};

/// A table that can only be read.
class Table {
public:
  virtual ~Table() = default;

  virtual const TableDescription& description() const = 0;

  /// The rows that all filters of `request` let through. Throws Error.
  virtual std::unique_ptr<Cursor> open(const Request& request) = 0;
};

}  // namespace lumi::store::sql
