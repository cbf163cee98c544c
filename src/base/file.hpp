#pragma once
#include "base/byte_stream.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace lumi {

/// Owns a file descriptor; closes it when it goes.
class UniqueFd {
public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd();

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  int release();
  void reset(int fd = -1);

private:
  int fd_ = -1;
};

/// Reads a file, a FIFO or standard input. A directory throws `invalid_input`; what cannot be opened, as system_error.
class FileSource final : public ByteSource {
public:
  explicit FileSource(const std::filesystem::path& path);
  explicit FileSource(UniqueFd fd, std::string name);
  std::size_t read(char* buffer, std::size_t capacity) override;

  /// The size of a regular file; 0 for a pipe, whose size is unknown.
  std::uint64_t size() const;

private:
  UniqueFd fd_;
  std::string name_;
};

/// Whether an existing file is replaced.
enum class Overwrite { no, yes };

/// Whether the bytes must be on the disk before `commit` returns.
enum class Durable { no, yes };

/// Who may read a new file: its owner only (the store), or whom the umask lets (what users ask to be written).
enum class Readers { owner, by_umask };

/// Writes a file that nobody sees before it is whole: a temporary file in the same folder, renamed by `commit`. Without
/// `commit` nothing stays behind. A symbolic link is replaced, not followed. What is no file (a FIFO, a device,
/// /dev/stdout) is written straight through. Throws system_error naming the final path; `conflict` if it exists and
/// Overwrite::no.
class AtomicFile final : public ByteSink {
public:
  AtomicFile(std::filesystem::path path, Overwrite overwrite, Durable durable, Readers readers = Readers::owner);
  ~AtomicFile() override;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes) override;

  /// Makes the file visible under its name; the object takes no more bytes afterwards.
  void commit();

private:
  void rename_into_place();

  std::filesystem::path path_;
  std::filesystem::path temporary_;  // empty if written straight through
  Overwrite overwrite_;
  Durable durable_;
  UniqueFd fd_;
};

/// Makes `folder` and its missing parents with mode 0700. An existing folder is left as it is.
void make_private_folder(const std::filesystem::path& folder);

/// Like make_private_folder, and also flushes the new entries in the parents to the disk, where these can be read.
void make_durable_folder(const std::filesystem::path& folder);

/// Flushes a folder's entries (new names, renames, removals) to the disk.
void sync_folder(const std::filesystem::path& folder);

/// The whole file as text. Throws as FileSource.
std::string read_file(const std::filesystem::path& path);

/// Writes `text` to `path` as AtomicFile does.
void write_file(const std::filesystem::path& path,
                std::string_view text,
                Overwrite overwrite,
                Durable durable,
                Readers readers = Readers::owner);

/// A file mapped read-only into memory.
class MappedFile {
public:
  /// Maps the whole of the regular file `path`. Throws system_error; `invalid_input` for all that is no regular file.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const { return {data_, size_}; }

  /// Lets the memory of these bytes go, but for parts of pages at both ends; they are read again if they are looked at.
  void forget(std::size_t begin, std::size_t end) const;

private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace lumi
