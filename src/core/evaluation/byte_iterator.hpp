#pragma once
#include "base/byte_stream.hpp"

#include <cstddef>
#include <iterator>
#include <memory>
#include <vector>

namespace lumi::evaluation {

/// The bytes of a source one by one, as nlohmann's parsers read them; copies share their place. A default iterator is
/// the end.
class ByteIterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  ByteIterator() = default;
  explicit ByteIterator(ByteSource& source) : state_(std::make_shared<State>(source)) { refill(*state_); }

  reference operator*() const { return *state_->at; }
  ByteIterator& operator++() {
    if (++state_->at == state_->end) {
      refill(*state_);
    }
    return *this;
  }
  bool operator==(const ByteIterator& other) const { return is_at_end() == other.is_at_end(); }
  bool operator!=(const ByteIterator& other) const { return !(*this == other); }

private:
  struct State {
    explicit State(ByteSource& from) : source(from), buffer(64 * 1024) {}
    ByteSource& source;
    std::vector<char> buffer;
    const char* at = nullptr;
    const char* end = nullptr;
  };

  static void refill(State& state) {
    state.at = state.buffer.data();
    state.end = state.at + state.source.read(state.buffer.data(), state.buffer.size());
  }
  bool is_at_end() const { return !state_ || state_->at == state_->end; }

  std::shared_ptr<State> state_;
};

}  // namespace lumi::evaluation
