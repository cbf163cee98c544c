#include "store/files/s3/s3_held_parts.hpp"

#include "base/log.hpp"
#include "base/md5.hpp"
#include "base/text.hpp"

#include <utility>

namespace lumi::store {

std::optional<S3HeldParts> S3HeldParts::find(S3Worker& worker, const std::string& key, const std::string& upload_id) {
  S3HeldParts held;
  std::uint64_t last = 0;  // the part up to which the pages before went
  for (;;) {
    S3Request request{.doing = "cannot list the parts of the object", .key = key, .expected_root = "ListPartsResult"};
    request.query = {{"uploadId", upload_id}};
    if (last > 0) {
      request.query.emplace_back("part-number-marker", std::to_string(last));
    }
    const auto answer = worker.send(std::move(request));
    if (answer.error) {
      // Gone, or nothing that these credentials may ask; some servers say neither. All is sent again.
      log_info("an upload is not gone on with: " + std::string(answer.error->what()));
      return std::nullopt;
    }
    auto page = read_parts(answer.xml);
    if (page.is_endless || (page.next && *page.next <= last)) {
      log_info("an upload is not gone on with: the storage lists its parts without an end");
      return std::nullopt;
    }
    for (auto& part : page.parts) {
      const auto number = static_cast<std::size_t>(part.number - 1);
      held.parts_.insert_or_assign(number, std::move(part));
    }
    if (!page.next) {
      return held;
    }
    last = *page.next;
  }
}

std::optional<std::string> S3HeldParts::etag_of(std::size_t number, std::string_view content) const {
  const auto part = parts_.find(number);
  if (part == parts_.end() || part->second.size_bytes != content.size()) {
    return std::nullopt;
  }
  std::string_view digest = part->second.etag;
  if (digest.starts_with('"') && digest.ends_with('"') && digest.size() > 1) {
    digest = digest.substr(1, digest.size() - 2);
  }
  return to_lower_ascii(digest) == md5_hex(content) ? std::optional(part->second.etag) : std::nullopt;
}

}  // namespace lumi::store
