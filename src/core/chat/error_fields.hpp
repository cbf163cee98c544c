#pragma once
#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace lumi::chat {

/// What a server says about an error, in whichever of the forms that are about.
struct ErrorFields {
  std::string message;
  std::string type;
  std::string param;
  std::string code;  ///< a number as its digits

  /// `code` if it is a number that could be an HTTP status of an error, else 0.
  int code_status() const;
};

/// Whether the status has said already that an answer is an error.
enum class Failed { no, yes };

/// The error that `body` is: `{"error":{…}}`, `{"error":"text"}`, `{"object":"error",…}`, `{"type":"error",…}`; with
/// `Failed::yes` also what only servers say that failed: `{"message":…}`, `{"detail":…}` and lists of them.
std::optional<ErrorFields> find_error(const nlohmann::json& body, Failed failed);

/// The same for the text of an answer that failed: JSON, a page (its title), or any text (its start).
ErrorFields read_error(std::string_view body);

}  // namespace lumi::chat
