#pragma once
#include "store/database.hpp"
#include "store/records/listing.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lumi::store {

/// A table whose rows have an id.
struct IdTable {
  const char* by_prefix;  ///< statement: ids from ?1 on that are below ?2, at most ?3
  const char* near;       ///< statement: ids that start with ?1 of length ?3, or have ?2, as long, at place ?4
};

/// At most `limit` ids that start with `prefix`, in their order.
std::vector<std::string>
find_ids_by_prefix(Database& database, const IdTable& table, const std::string& prefix, std::size_t limit);

/// Some ids that share their start or end with `id`.
std::vector<std::string> find_near_ids(Database& database, const IdTable& table, const std::string& id);

/// What LIMIT must be for `page`: SQLite reads -1 as all.
inline std::int64_t sql_limit(const Page& page) { return page.limit == 0 ? -1 : static_cast<std::int64_t>(page.limit); }

}  // namespace lumi::store
