#pragma once
#include <vector>

namespace lumi::statistics {

/// The p-values of a family of tests, adjusted so that the chance of any false discovery keeps below the level that
/// each is compared with (Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979), in their order.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace lumi::statistics
