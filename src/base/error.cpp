#include "base/error.hpp"

#include <cerrno>
#include <cstring>

namespace lumi {

Error::Error(ErrorCode code, const std::string& message, std::string hint)
    : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

namespace {

ErrorCode code_of(int error_number) {
  switch (error_number) {
  case EACCES:
  case EPERM:
  case EROFS:
  case ENOSPC:
  case EDQUOT:
    return ErrorCode::permission;
  case ENOENT:
    return ErrorCode::not_found;
  default:
    return ErrorCode::failure;
  }
}

}  // namespace

Error system_error(int error_number, const std::string& doing) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  return {code_of(error_number),
          doing + ": " + std::string(std::strerror(error_number)),
          full ? "free some space and run the command again: nothing was changed" : ""};
}

}  // namespace lumi
