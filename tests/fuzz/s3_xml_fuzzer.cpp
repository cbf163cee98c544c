#include "base/error.hpp"
#include "base/text.hpp"
#include "store/files/s3/s3_error.hpp"
#include "store/files/s3/s3_listing.hpp"
#include "store/files/s3/xml.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace lumi;
using namespace lumi::store;

namespace {

template <class Read>
void read_or_refuse(Read read) {
  try {
    read();
  } catch (const Error&) {  // what makes no sense is refused
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  net::HttpAnswer answer;
  answer.status = 400;
  answer.body = text;
  const auto error = read_s3_error(answer);
  if (find_invalid_utf8(error.message) || find_invalid_utf8(error.code)) {
    std::abort();
  }
  if (const auto document = parse_xml(text)) {
    read_or_refuse([&] { read_listing(*document); });
    read_or_refuse([&] { read_uploads(*document); });
    read_or_refuse([&] { read_refusals(*document); });
  }
  const auto escaped = parse_xml("<a>" + xml_escape(text) + "</a>");
  if (!escaped || escaped->text != text) {
    std::abort();
  }
  return 0;
}
