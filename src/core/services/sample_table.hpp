#pragma once
#include "store/database.hpp"
#include "store/files/object_stores.hpp"
#include "store/sql/table.hpp"

#include <cstdint>
#include <memory>

namespace lumi::services {

/// The columns of the table `samples`.
const store::sql::TableDescription& sample_table_description();

/// The samples of all finished jobs as a table: results are read while the table is, one job after the other.
/// `database` may be null (then there are none); it and `objects` must outlive the table.
std::shared_ptr<store::sql::Table>
sample_table(store::Database* database, store::ObjectStores& objects, std::uint64_t max_memory);

}  // namespace lumi::services
