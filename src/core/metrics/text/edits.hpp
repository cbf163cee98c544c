#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace lumi::metrics {

/// Collects the changes that a rule makes to a text from front to back; what lies between them is copied as it is.
class Edits {
public:
  /// Writes the changed `text` to `out`, which is empty.
  Edits(std::string_view text, std::string& out) : text_(text), out_(out) {}

  /// Puts `replacement` for `length` bytes at `at`, which lies after all earlier changes.
  void replace(std::size_t at, std::size_t length, std::string_view replacement) {
    out_ += text_.substr(copied_, at - copied_);
    out_ += replacement;
    copied_ = at + length;
  }

  void insert_space(std::size_t at) { replace(at, 0, " "); }

  /// Puts a space on both sides of `length` bytes at `at`.
  void space_around(std::size_t at, std::size_t length) {
    insert_space(at);
    insert_space(at + length);
  }

  /// Copies the rest. Returns false, having written nothing, if there was no change.
  bool finish() {
    const bool is_changed = !out_.empty();
    if (is_changed) {
      out_ += text_.substr(copied_);
    }
    return is_changed;
  }

private:
  std::string_view text_;
  std::string& out_;
  std::size_t copied_ = 0;
};

}  // namespace lumi::metrics
