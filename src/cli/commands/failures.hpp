#pragma once
#include "base/error.hpp"

#include <optional>

namespace lumi::cli {

class Context;

/// Collects the failures of a command that works on several things: all but the last are said at once, the last is
/// thrown with the most urgent code of all, so that it ends the output.
class Failures {
public:
  explicit Failures(Context& context) : context_(context) {}

  void add(const Error& error);

  /// Runs `work`; an Error is added, but for interruptions.
  template <class Work>
  void guard(Work&& work) {
    try {
      work();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::interrupted) {
        throw;
      }
      add(error);
    }
  }

  void throw_if_any() const;

private:
  Context& context_;
  std::optional<Error> last_;
};

}  // namespace lumi::cli
