#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lumi::services {

/// What went otherwise than wished, gathered by reason.
class ImportNotes {
public:
  /// Notes that `reason` holds for the thing called `name`.
  void add(const std::string& reason, const std::string& name);

  /// A text for each reason, in the order in which they came up, with a count and the first names.
  std::vector<std::string> texts() const;

private:
  struct Note {
    std::string reason;
    std::uint64_t count = 0;
    std::vector<std::string> names = {};
  };
  std::vector<Note> notes_;
};

}  // namespace lumi::services
