#pragma once
#include "base/byte_stream.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "store/files/folder.hpp"
#include "store/files/object_store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::store {

/// Whether a file in the store is one that is being written.
bool is_temporary_name(std::string_view name);

/// A file in the making: a temporary one that is locked while its writer lives, renamed by `commit`.
class LocalObjectWriter final : public ObjectWriter {
public:
  /// `folders` are the store's folder and, in it, those that the key names; `new_below` of them have new entries.
  LocalObjectWriter(std::string key,
                    std::vector<Folder> folders,
                    std::vector<std::size_t> new_below,
                    Existing existing = Existing::replace);
  ~LocalObjectWriter() override;

  /// Makes the temporary file; false if its folder is gone.
  bool start();

  void write(std::string_view bytes) override { buffer_.write(bytes); }
  StoredObject commit() override;

private:
  /// What is behind the buffer.
  class FileSink final : public ByteSink {
  public:
    explicit FileSink(LocalObjectWriter& writer) : writer_(writer) {}
    void write(std::string_view bytes) override { writer_.write_block(bytes); }

  private:
    LocalObjectWriter& writer_;
  };

  void write_block(std::string_view bytes);
  /// Removes the folders that the key names and that hold nothing else.
  void remove_empty_folders() const;
  [[noreturn]] void fail(int error_number) const;
  int rename_to(const std::string& name) const;

  std::string key_;
  std::vector<Folder> folders_;
  std::vector<std::size_t> new_below_;
  Existing existing_;
  std::string temporary_;
  UniqueFd fd_;
  Sha256 hash_;
  std::uint64_t size_bytes_ = 0;
  std::uint64_t flushed_bytes_ = 0;
  FileSink file_{*this};
  BufferedSink buffer_{file_};
};

}  // namespace lumi::store
