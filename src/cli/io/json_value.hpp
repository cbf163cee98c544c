#pragma once
#include "base/json_writer.hpp"
#include "cli/io/value.hpp"

namespace lumi::cli {

/// The JSON that `write` makes with a writer.
template <class Write>
Value json_value(Write&& write) {
  TextSink sink;
  JsonWriter writer(sink);
  write(writer);
  return Json{sink.text()};
}

}  // namespace lumi::cli
