#include "base/append_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace lumi {

void append_file(const std::filesystem::path& path, std::string_view text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!fd.is_open()) {
    throw system_error(errno, "cannot write " + quote(path.string()));
  }
  while (!text.empty()) {
    const auto count = ::write(fd.get(), text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      throw system_error(errno, "cannot write " + quote(path.string()));
    }
    text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
}

}  // namespace lumi
