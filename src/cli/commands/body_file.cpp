#include "cli/commands/body_file.hpp"

#include "base/file.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

std::optional<BodyText>
read_body(Context& context, const std::optional<std::string>& file, const std::optional<std::string>& dataset) {
  if (!file) {
    return std::nullopt;
  }
  if (*file != "-") {
    return BodyText{read_file(*file), *file};
  }
  if (dataset == "-") {
    throw Error(ErrorCode::usage, "-f - and --dataset - both want standard input", "name a file for one of them");
  }
  return BodyText{read_all(*context.streams().open_input()), "stdin"};
}

Error missing_field(const std::optional<std::string>& file, std::string_view flag, std::string_view pointer) {
  const std::string name(flag);
  if (!file) {
    return {ErrorCode::usage, "missing " + name, "give " + name + " or a body with -f that has one"};
  }
  return {ErrorCode::invalid_input,
          (*file == "-" ? "stdin" : *file) + ": " + std::string(pointer) + " is missing",
          "or give " + name};
}

}  // namespace lumi::cli
