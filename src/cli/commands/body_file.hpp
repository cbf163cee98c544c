#pragma once
#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lumi::cli {

class Context;

/// The text of -f, and how messages call it.
struct BodyText {
  std::string text;
  std::string name;
};

/// The body in `file` (`-`: standard input); nothing without one. Throws `usage` if `dataset` wants standard input,
/// too.
std::optional<BodyText>
read_body(Context& context, const std::optional<std::string>& file, const std::optional<std::string>& dataset = {});

/// What to throw where neither flags nor the body in `file`, if there is one, have what `flag` gives; `pointer` is its
/// place in the body. `invalid_input` with a body, else `usage`.
Error missing_field(const std::optional<std::string>& file, std::string_view flag, std::string_view pointer);

}  // namespace lumi::cli
