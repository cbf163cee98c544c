#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi {

/// The taxonomy of everything that can go wrong; `lumi help exit-codes` lists the exit code of each.
enum class ErrorCode {
  failure,
  usage,
  partial,
  credentials,
  not_found,
  conflict,
  unavailable,
  pending,
  gate_failed,
  budget,
  invalid_input,
  too_large,
  storage,
  permission,
  interrupted,
};

/// The one exception type: a code for programs, a message for people, and a hint where there is a next step.
/// Messages are lower case, name the thing in double quotes, and do not end in a full stop.
class Error : public std::runtime_error {
public:
  Error(ErrorCode code, const std::string& message, std::string hint = {});

  ErrorCode code() const { return code_; }
  const std::string& hint() const { return hint_; }

  /// What was going on when the error passed, innermost first (shown with -v).
  const std::vector<std::string>& context() const { return context_; }
  void add_context(std::string doing) { context_.push_back(std::move(doing)); }

private:
  ErrorCode code_;
  std::string hint_;
  std::vector<std::string> context_;
};

/// Runs `work`; an Error that passes through gets `doing` added to its context.
template <class Work>
auto with_context(std::string_view doing, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (Error& error) {
    error.add_context(std::string(doing));
    throw;
  }
}

/// The Error for a failed system call: `permission` where it is not allowed or there is no space, `not_found` where a
/// part of the path is absent or no folder, `invalid_input` where the path cannot be what is asked for (a directory, a
/// loop of links, too long), `conflict` where something is in the way, else `failure`. `doing` reads like
/// "cannot write \"/x/y\"".
Error system_error(int error_number, const std::string& doing);

}  // namespace lumi
