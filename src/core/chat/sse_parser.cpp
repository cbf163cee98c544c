#include "core/chat/sse_parser.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace lumi::chat {

namespace {}  // namespace

void SseParser::feed(std::string_view piece, const Take& take) {
  if (after_cr_ && !piece.empty()) {
    after_cr_ = false;
    if (piece.front() == '\n') {
      piece.remove_prefix(1);
    }
  }
  while (!piece.empty()) {
    const auto end = piece.find_first_of("\r\n");
    if (end == std::string_view::npos) {
      line_ += piece;
      return;
    }
    if (line_.empty()) {
      end_line(piece.substr(0, end), take);
    } else {
      line_ += piece.substr(0, end);
      end_line(line_, take);
      line_.clear();
    }
    const bool is_cr = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    if (is_cr && piece.empty()) {
      after_cr_ = true;
    } else if (is_cr && piece.front() == '\n') {
      piece.remove_prefix(1);
    }
  }
}

void SseParser::finish(const Take& take) {
  if (!line_.empty()) {
    end_line(line_, take);
    line_.clear();
  }
  end_event(take);
}

void SseParser::end_line(std::string_view line, const Take& take) {
  if (at_start_) {
    at_start_ = false;
    if (line.starts_with(k_byte_order_mark)) {
      line.remove_prefix(k_byte_order_mark.size());
    }
  }
  if (line.empty()) {
    end_event(take);
    return;
  }
  constexpr std::string_view k_data = "data";
  if (!line.starts_with(k_data)) {
    return;
  }
  line.remove_prefix(k_data.size());
  if (!line.empty() && line.front() != ':') {
    return;
  }
  line.remove_prefix(std::min<std::size_t>(1, line.size()));
  if (line.starts_with(' ')) {
    line.remove_prefix(1);
  }
  if (has_data_) {
    data_ += '\n';
  }
  data_ += line;
  has_data_ = true;
}

void SseParser::end_event(const Take& take) {
  if (has_data_) {
    take(data_);
  }
  data_.clear();
  has_data_ = false;
}

}  // namespace lumi::chat
