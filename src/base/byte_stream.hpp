#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace lumi {

/// Where bytes come from, read once from front to back.
class ByteSource {
public:
  virtual ~ByteSource() = default;

  /// Reads up to `capacity` bytes into `buffer`; 0 only at the end. Throws Error.
  virtual std::size_t read(char* buffer, std::size_t capacity) = 0;
};

/// Where bytes go, in order.
class ByteSink {
public:
  virtual ~ByteSink() = default;

  /// Takes all of `bytes`. Throws Error.
  virtual void write(std::string_view bytes) = 0;
};

/// A source over a text in memory, which must outlive it.
class TextSource final : public ByteSource {
public:
  explicit TextSource(std::string_view text) : rest_(text) {}
  std::size_t read(char* buffer, std::size_t capacity) override;

private:
  std::string_view rest_;
};

/// A sink that keeps everything.
class TextSink final : public ByteSink {
public:
  void write(std::string_view bytes) override { text_ += bytes; }
  const std::string& text() const { return text_; }

private:
  std::string text_;
};

/// Collects small writes into blocks for a sink behind it. Call `flush` at the end: the destructor does not.
class BufferedSink final : public ByteSink {
public:
  explicit BufferedSink(ByteSink& behind, std::size_t capacity = 128 * 1024);
  void write(std::string_view bytes) override;
  void flush();

private:
  ByteSink& behind_;
  std::size_t capacity_;
  std::string buffer_;
};

/// Everything that is left in `source`.
std::string read_all(ByteSource& source);

}  // namespace lumi
