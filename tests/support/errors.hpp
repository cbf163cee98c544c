#pragma once
#include "base/error.hpp"

#include <optional>
#include <stdexcept>

namespace lumi::test {

/// The Error that `work` throws, or nothing if it throws none.
template <class Work>
std::optional<Error> error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

/// The Error that `work` throws; a test whose work throws none fails.
template <class Work>
Error expect_error(Work&& work) {
  auto error = error_of(work);
  return error ? *error : throw std::logic_error("no error was thrown");
}

/// The code of the Error that `work` throws, or nothing if it throws none.
template <class Work>
std::optional<ErrorCode> code_of(Work&& work) {
  const auto error = error_of(work);
  return error ? std::optional(error->code()) : std::nullopt;
}

}  // namespace lumi::test
