#pragma once
#include "base/clock.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/sql/sandbox.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// Answers SQL of users about everything that is kept.
class QueryService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
    std::uint64_t max_memory = 16ULL * 1024 * 1024;  ///< for the scores of results that are read
  };

  explicit QueryService(Dependencies dependencies) : with_(dependencies) {}

  /// The tables that can be asked, and their columns.
  static std::vector<store::sql::TableDescription> tables();

  /// The rows of one SELECT, all of one moment. Throws as Sandbox::run. The answer must not outlive this service, nor
  /// the next run.
  std::unique_ptr<store::sql::Answer> run(const std::string& statement);

private:
  Dependencies with_;
  std::optional<store::sql::Sandbox> sandbox_;
};

}  // namespace lumi::services
