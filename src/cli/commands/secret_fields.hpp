#pragma once
#include "cli/io/value.hpp"
#include "store/records/secret.hpp"

#include <array>

namespace lumi::cli {

/// Everything that is shown of a secret: never its value.
extern const std::array<Field<store::SecretRecord>, 5> k_secret_fields;

}  // namespace lumi::cli
