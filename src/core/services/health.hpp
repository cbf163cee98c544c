#pragma once
#include "store/database_provider.hpp"

#include <string>

namespace lumi::services {

/// Lumigator's HealthResponse.
struct Health {
  std::string status = "OK";
  std::string deployment_type;
};

/// Opens the store if there is one. Throws `storage` if it is damaged, `permission` if it may not be read.
Health check_health(store::DatabaseProvider& databases, const std::string& deployment_type);

}  // namespace lumi::services
