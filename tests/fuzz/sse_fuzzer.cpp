#include "core/chat/sse_parser.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

// The first byte says in how large pieces the rest comes.
std::vector<std::string> events_of(std::string_view text, std::size_t piece) {
  lumi::chat::SseParser parser;
  std::vector<std::string> events;
  const auto take = [&](std::string_view data) { events.emplace_back(data); };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    parser.feed(text.substr(at, piece), take);
  }
  parser.finish(take);
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = 1 + data[0] % 32U;
  if (events_of(text, piece) != events_of(text, text.size() + 1)) {
    std::abort();
  }
  return 0;
}
