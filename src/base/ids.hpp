#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace lumi {

/// Makes identifiers, behind an interface so that tests can fake it.
class IdSource {
public:
  virtual ~IdSource() = default;

  /// A new UUID version 4 (RFC 9562) in lower case with hyphens.
  virtual std::string uuid() = 0;
};

/// Identifiers from the kernel's random numbers.
class RandomIds final : public IdSource {
public:
  std::string uuid() override;
};

/// The usual form (lower case, hyphens) of a UUID given in any case, with or without hyphens; nothing if it is none.
std::optional<std::string> normalize_uuid(std::string_view text);

}  // namespace lumi
