#pragma once
#include "base/byte_stream.hpp"
#include "base/clock.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi {

/// Writes a POSIX.1-2001 (pax) archive of regular files, which every tar reads: long and non-ASCII names and large
/// sizes are in extended headers.
class TarWriter {
public:
  /// Writes to `sink`, which must outlive it. Files get the time `modified_at`.
  TarWriter(ByteSink& sink, Timestamp modified_at) : sink_(sink), modified_at_(modified_at) {}

  /// Starts a file of exactly `size_bytes`; the file before must be complete.
  void begin(std::string_view name, std::uint64_t size_bytes);

  /// Content of the file. Throws `failure` if it is more than was said.
  void write(std::string_view bytes);

  /// A whole file.
  void add(std::string_view name, std::string_view content);

  /// Ends the archive. Throws `failure` if the last file is not complete.
  void finish();

private:
  void end_file();
  void write_header(char type, std::string_view name, std::uint64_t size_bytes);

  ByteSink& sink_;
  Timestamp modified_at_;
  std::string name_;
  std::uint64_t written_ = 0;
  std::uint64_t expected_ = 0;
};

/// A file in an archive.
struct TarEntry {
  std::string name;
  std::uint64_t size_bytes = 0;
};

/// Reads what TarWriter writes, from front to back: regular files only. Everything else (links, folders, devices,
/// a damaged header, an archive that ends early) throws `invalid_input` naming the archive.
class TarReader {
public:
  /// Reads `source`, which must outlive it; `name` is the archive's in messages.
  TarReader(ByteSource& source, std::string name) : source_(source), name_(std::move(name)) {}

  /// The next file; nothing at the end of the archive. What was not read of the file before is skipped.
  std::optional<TarEntry> next();

  /// Reads up to `capacity` bytes of the file; 0 at its end.
  std::size_t read(char* buffer, std::size_t capacity);

private:
  using Block = std::array<char, 512>;

  struct Extended {
    std::optional<std::string> path;
    std::optional<std::uint64_t> size_bytes;
  };

  [[noreturn]] void refuse(std::string_view what) const;
  std::size_t read_fully(char* buffer, std::size_t size);
  void skip_rest();
  bool read_block(Block& block);
  void check_sum(const Block& block) const;
  std::uint64_t number(const Block& block, std::size_t at, std::size_t size) const;
  Extended read_extended(std::uint64_t size_bytes);
  void take_record(std::string_view record, Extended& extended) const;

  ByteSource& source_;
  std::string name_;
  std::uint64_t left_ = 0;
  std::uint64_t padding_ = 0;
};

}  // namespace lumi
