#include "base/error.hpp"
#include "base/text.hpp"
#include "core/metrics/metric.hpp"

namespace lumi::metrics {

const std::string& Options::text(std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) {
      return value;
    }
  }
  throw Error(ErrorCode::usage, "no metric option " + quote(name));
}

double Options::number(std::string_view name) const {
  const auto value = parse_real(text(name));
  if (!value) {
    throw Error(ErrorCode::usage, "metric option " + quote(name) + " needs a number, not " + quote(text(name)));
  }
  return *value;
}

}  // namespace lumi::metrics
