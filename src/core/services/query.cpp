#include "core/services/query.hpp"

#include "core/services/sample_table.hpp"
#include "store/orphans.hpp"
#include "store/sql/views.hpp"

namespace lumi::services {

std::vector<store::sql::TableDescription> QueryService::tables() {
  const auto views = store::sql::all_views();
  std::vector<store::sql::TableDescription> tables(views.begin(), views.end());
  tables.push_back(sample_table_description());
  return tables;
}

std::unique_ptr<store::sql::Answer> QueryService::run(const std::string& statement) {
  sandbox_.reset();  // with the moment that it saw
  // As before every listing: what lost its process is told as failed.
  store::reap_orphaned_jobs(with_.databases, with_.clock);
  store::reap_orphaned_workflows(with_.databases, with_.clock);
  auto* database = with_.databases.find();
  auto tables = store::sql::view_tables(database);
  tables.push_back(sample_table(database, with_.objects, with_.max_memory));
  sandbox_.emplace(tables);
  return sandbox_->run(statement);
}

}  // namespace lumi::services
