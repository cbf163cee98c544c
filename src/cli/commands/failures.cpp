#include "cli/commands/failures.hpp"

#include "cli/context.hpp"
#include "cli/exit_code.hpp"

namespace lumi::cli {

void Failures::add(const Error& error) {
  if (last_) {
    context_.streams().warning(last_->what());
    const auto worse = more_urgent(exit_code_of(last_->code()), exit_code_of(error.code()));
    last_ = worse == exit_code_of(error.code()) ? error : Error(last_->code(), error.what(), error.hint());
  } else {
    last_ = error;
  }
}

void Failures::throw_if_any() const {
  if (last_) {
    throw Error(*last_);
  }
}

}  // namespace lumi::cli
