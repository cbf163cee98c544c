#pragma once
#include <string>
#include <vector>

namespace lumi::services {

/// Whether something is removed although it is in use.
enum class Force { no, yes };

/// What a removal did: objects that could not be removed yet are left for `lumi gc`, and are only warned about.
struct Removal {
  std::string id;
  std::vector<std::string> warnings;
};

}  // namespace lumi::services
