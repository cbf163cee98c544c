#pragma once
#include <string_view>

namespace lumi::store {

/// Throws `invalid_input` unless `key` may name an object: see ObjectStore.
void check_object_key(std::string_view key);

}  // namespace lumi::store
