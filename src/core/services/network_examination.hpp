#pragma once
#include "core/services/doctor.hpp"

#include <vector>

namespace lumi::services {

/// Through which proxies requests go, as far as the environment says, without users and passwords.
std::vector<Finding> examine_network();

}  // namespace lumi::services
