#include "core/services/health.hpp"

namespace lumi::services {

Health check_health(store::DatabaseProvider& databases, const std::string& deployment_type) {
  databases.find();
  return {"OK", deployment_type};
}

}  // namespace lumi::services
