#pragma once
#include "core/schemas/task_definition.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::chat {

/// A text with places for the columns of a dataset: `Summarise: {{examples}}`. Blanks inside the braces do not count;
/// `\{{` is two braces.
class PromptTemplate {
public:
  /// What users mean without a template.
  static constexpr std::string_view k_default = "{{examples}}";

  /// Throws `invalid_input` with line and column for braces that do not close or hold nothing.
  static PromptTemplate parse(std::string_view text);

  /// The columns that it names, each once, in order.
  const std::vector<std::string>& columns() const { return names_; }

  /// Finds the named columns among those of a dataset. Throws `invalid_input` for one that is not there, with a near
  /// name.
  void bind(const std::vector<std::string>& columns);

  /// The text for a row, whose fields are those of the bound columns. Appends to `out`.
  void render(std::span<const std::string_view> fields, std::string& out) const;

private:
  struct Piece {
    std::string text;  ///< what stands before the place
    std::size_t name;  ///< index into names_; npos after the last place
  };

  std::vector<Piece> pieces_;
  std::vector<std::string> names_;
  std::vector<std::size_t> fields_;  ///< by index into names_
};

/// The system prompt of a task where none is given. Throws `invalid_input` for text-generation, which has none.
std::string default_system_prompt(const schemas::TaskDefinition& task);

}  // namespace lumi::chat
