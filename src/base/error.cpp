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
  case EFBIG:
    return ErrorCode::permission;
  case ENOENT:
  case ENOTDIR:
    return ErrorCode::not_found;
  case EISDIR:
  case ELOOP:
  case ENAMETOOLONG:
    return ErrorCode::invalid_input;
  case EEXIST:
  case EBUSY:
  case ETXTBSY:
    return ErrorCode::conflict;
  default:
    return ErrorCode::failure;
  }
}

}  // namespace

Error system_error(int error_number, const std::string& doing) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  const char* description = ::strerrordesc_np(error_number);  // strerror shares its buffer between threads
  return {code_of(error_number),
          doing + ": " + (description != nullptr ? description : "error " + std::to_string(error_number)),
          full ? "free some space and run the command again: nothing was changed" : ""};
}

}  // namespace lumi
