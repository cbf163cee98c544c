#pragma once
#include "store/database.hpp"
#include "store/sql/table.hpp"

#include <memory>
#include <span>
#include <vector>

namespace lumi::store::sql {

/// What users may ask of what the database holds: each view is a SELECT in src/store/views, and these are its columns.
std::span<const TableDescription> all_views();

/// The views as tables over `database`, which may be null (then they have no rows) and must outlive them. As
/// long as any of them lives, what is read through `database` is all of one moment.
std::vector<std::shared_ptr<Table>> view_tables(Database* database);

}  // namespace lumi::store::sql
