#pragma once
#include "core/metrics/text/python_text.hpp"

#include <string_view>

namespace lumi::evaluation {

/// Whether a text holds nothing but white space of any script, or nothing at all.
inline bool is_blank(std::string_view text) { return metrics::python::strip_right(text).empty(); }

}  // namespace lumi::evaluation
