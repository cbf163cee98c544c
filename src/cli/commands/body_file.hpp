#pragma once
#include <optional>
#include <string>

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

}  // namespace lumi::cli
