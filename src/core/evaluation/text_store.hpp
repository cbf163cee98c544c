#pragma once
#include "base/temporary_file.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::evaluation {

/// Gives back, in order, the texts that a TextStore took.
class TextStream {
public:
  TextStream(std::shared_ptr<const TemporaryFile> file, std::uint64_t count) : source_(std::move(file)), left_(count) {}

  /// The next text, valid until the next call; nothing for null and after the last one.
  std::optional<std::string_view> next();

private:
  const char* take(std::size_t count);

  TemporaryFileSource source_;
  std::uint64_t left_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

/// Texts (or null), kept in a temporary file.
class TextStore {
public:
  void add(std::optional<std::string_view> text);

  /// The texts so far, from the first one on.
  TextStream read();

private:
  void flush();

  std::shared_ptr<TemporaryFile> file_ = std::make_shared<TemporaryFile>();
  std::string pending_;
  std::uint64_t count_ = 0;
};

}  // namespace lumi::evaluation
