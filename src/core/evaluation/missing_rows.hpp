#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace lumi::evaluation {

/// The rows of a file that have no ground truth.
class MissingRows {
public:
  void add(std::uint64_t row_number);
  std::uint64_t count() const { return count_; }

  /// Throws `invalid_input` naming the file and the first rows, if there are any.
  void refuse_if_any(const std::string& file_name) const;

private:
  std::vector<std::string> first_;
  std::uint64_t count_ = 0;
};

}  // namespace lumi::evaluation
