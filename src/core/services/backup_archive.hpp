#pragma once
#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "base/tar.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::services {

/// What the manifest says of a file in a backup.
struct BackupFile {
  std::uint64_t size_bytes = 0;
  std::string sha256;
};

/// Writes a backup: a tar archive that starts with lumi-backup.json, goes on with objects/KEY, jobs/ID/FILE and
/// lumi.db, and ends with manifest.json, which has the hash of everything before.
class BackupWriter {
public:
  /// Writes to `sink`, which must outlive it.
  BackupWriter(ByteSink& sink, Timestamp created_at);

  /// Adds the next `size_bytes` of `source`. Throws `failure` if there are fewer.
  BackupFile add(const std::string& name, ByteSource& source, std::uint64_t size_bytes);

  /// Adds the manifest.
  void finish();

  /// Called with the bytes written so far.
  std::function<void(std::uint64_t)> on_progress;

private:
  BackupFile copy(ByteSource& source, std::uint64_t size_bytes);

  TarWriter tar_;
  std::map<std::string, BackupFile> files_;
  std::uint64_t done_bytes_ = 0;
};

/// Reads a backup from front to back. What is no backup, damaged, incomplete or of a newer format throws
/// `invalid_input` naming it.
class BackupReader {
public:
  /// Reads `source`, which must outlive it; `name` is the backup's in messages.
  BackupReader(ByteSource& source, std::string name);

  /// The name of the next file; nothing at the end of the backup, once everything in it was found to be as the
  /// manifest says. `read` must have read the file before to its end.
  std::optional<std::string> next();

  /// Copies the file into `sink`.
  void read(ByteSink& sink);

  const std::string& created_at() const { return created_at_; }

private:
  [[noreturn]] void refuse(std::string_view what) const;
  void read_start();
  void check_manifest(const std::string& text);

  std::string name_;
  TarReader tar_;
  std::string current_;
  std::map<std::string, BackupFile> files_;
  std::string created_at_;
};

}  // namespace lumi::services
