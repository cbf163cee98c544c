#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

/// A page of `lumi help TOPIC`.
struct Topic {
  std::string name;
  std::string summary;
  std::string (*text)();
};

/// Every topic, in the order of help: exit-codes, environment, json, metrics, formats, conditions.
const std::vector<Topic>& all_topics();

}  // namespace lumi::cli
