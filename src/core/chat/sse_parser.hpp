#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace lumi::chat {

/// Splits a stream of server-sent events into their data, however the bytes are cut into pieces. Lines end in LF, CRLF
/// or CR; comments, other fields and events without data are passed over.
class SseParser {
public:
  /// Takes the data of one event, its lines joined by LF; the view is valid during the call.
  using Take = std::function<void(std::string_view data)>;

  /// Reads the next piece.
  void feed(std::string_view piece, const Take& take);

  /// Ends the stream: an event whose blank line is missing counts.
  void finish(const Take& take);

private:
  void end_line(std::string_view line, const Take& take);
  void end_event(const Take& take);

  std::string line_;  ///< the start of a line whose end is in a later piece
  std::string data_;
  bool has_data_ = false;
  bool after_cr_ = false;
  bool at_start_ = true;
};

}  // namespace lumi::chat
