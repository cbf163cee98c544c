#pragma once
#include "base/byte_stream.hpp"
#include "base/file.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace lumi {

/// A file in the folder for temporary files that no name leads to: it is gone when its last user is, even after kill
/// -9.
class TemporaryFile {
public:
  /// Makes the file. Throws system_error naming the folder.
  TemporaryFile();

  std::uint64_t size() const { return size_; }

  /// Writes all of `bytes` at `offset`.
  void write_at(std::uint64_t offset, std::string_view bytes);

  /// Appends all of `bytes`.
  void append(std::string_view bytes) { write_at(size_, bytes); }

  /// Reads up to `capacity` bytes at `offset`; 0 only at the end.
  std::size_t read_at(std::uint64_t offset, char* buffer, std::size_t capacity) const;

private:
  UniqueFd fd_;
  std::uint64_t size_ = 0;
};

/// Reads a temporary file from its start.
class TemporaryFileSource final : public ByteSource {
public:
  explicit TemporaryFileSource(std::shared_ptr<const TemporaryFile> file) : file_(std::move(file)) {}
  std::size_t read(char* buffer, std::size_t capacity) override;

private:
  std::shared_ptr<const TemporaryFile> file_;
  std::uint64_t offset_ = 0;
};

/// Appends to a temporary file.
class TemporaryFileSink final : public ByteSink {
public:
  explicit TemporaryFileSink(TemporaryFile& file) : file_(file) {}
  void write(std::string_view bytes) override { file_.append(bytes); }

private:
  TemporaryFile& file_;
};

}  // namespace lumi
