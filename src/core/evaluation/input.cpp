#include "core/evaluation/input.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/temporary_file.hpp"
#include "base/text.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lumi::evaluation {

namespace {

// Reads one open file from its start, whoever else reads it: a file replaced in between is not noticed.
class OpenFileSource final : public ByteSource {
public:
  OpenFileSource(std::shared_ptr<const UniqueFd> fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

  std::size_t read(char* buffer, std::size_t capacity) override {
    for (;;) {
      const auto count = ::pread(fd_->get(), buffer, capacity, static_cast<off_t>(offset_));
      if (count >= 0) {
        offset_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
      }
      if (errno != EINTR) {
        throw system_error(errno, "cannot read " + quote(name_));
      }
    }
  }

private:
  std::shared_ptr<const UniqueFd> fd_;
  std::string name_;
  std::uint64_t offset_ = 0;
};

}  // namespace

Input spooled_input(ByteSource& source, std::string name) {
  auto file = std::make_shared<TemporaryFile>();
  std::vector<char> buffer(128 * 1024);
  for (auto count = source.read(buffer.data(), buffer.size()); count > 0;
       count = source.read(buffer.data(), buffer.size())) {
    file->append({buffer.data(), count});
  }
  Input input;
  input.format = tabular::format_of(name);
  input.name = std::move(name);
  input.size_bytes = file->size();
  input.open = [file = std::shared_ptr<const TemporaryFile>(std::move(file))] {
    return std::make_unique<TemporaryFileSource>(file);
  };
  return input;
}

Input file_input(const std::filesystem::path& path) {
  // A pipe gives its bytes once, and has no size.
  FileSource opened(path);
  if (opened.size() == 0) {
    return spooled_input(opened, path.filename().string());
  }
  auto fd = std::make_shared<const UniqueFd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd->is_open()) {
    throw system_error(errno, "cannot open " + quote(path.string()));
  }
  Input input;
  input.name = path.filename().string();
  input.format = tabular::format_of(input.name);
  input.size_bytes = opened.size();
  input.open = [fd, name = path.string()] { return std::make_unique<OpenFileSource>(fd, name); };
  return input;
}

}  // namespace lumi::evaluation
