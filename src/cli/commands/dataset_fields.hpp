#pragma once
#include "cli/io/value.hpp"
#include "store/records/dataset.hpp"

#include <array>

namespace lumi::cli {

/// DatasetResponse: everything that is shown of a dataset, in Lumigator's names and order.
extern const std::array<Field<store::DatasetRecord>, 9> k_dataset_fields;

}  // namespace lumi::cli
