#pragma once
#include "base/error.hpp"

#include <exception>
#include <string>

namespace lumi::services {

/// The error for a stored configuration that cannot be read; `whose` is "a job" or "a workflow".
inline Error damaged_config(const std::string& whose, const std::exception& why) {
  return {ErrorCode::storage, whose + "'s configuration is damaged: " + why.what(), "'lumi doctor' checks the store"};
}

}  // namespace lumi::services
