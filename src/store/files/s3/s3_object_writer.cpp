#include "store/files/s3/s3_object_writer.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "store/files/s3/s3_listing.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace lumi::store {

namespace {

// S3 takes 10,000 parts; some servers want all but the last to have one size, so it grows late.
constexpr std::size_t k_parts_before_growth = 5000;
constexpr std::size_t k_growth = 16;

std::string content_type(std::string_view key) {
  if (key.ends_with(".csv")) {
    return "text/csv";
  }
  return key.ends_with(".json") ? "application/json" : "application/octet-stream";
}

}  // namespace

S3Request whole_put(const std::string& key, std::string content, const std::string& mark) {
  S3Request request{.doing = "cannot write the object", .method = "PUT", .key = key};
  request.headers = {{"Content-Type", content_type(key)}, {std::string(k_s3_mark_header), mark}};
  request.body = std::move(content);
  return request;
}

/// What became of the parts. Shared with the worker: the writer may be gone when one is done.
struct S3ObjectWriter::Parts {
  std::string key;
  std::mutex mutex;
  std::condition_variable news;
  std::size_t under_way = 0;
  std::vector<std::string> etags;  // by number, from 0
  std::vector<std::string> spare;  // texts whose room is used again
  std::optional<Error> error;

  void name(std::size_t number, std::string etag) {
    etags.resize(std::max(etags.size(), number + 1));
    etags[number] = std::move(etag);
  }

  void arrived(std::size_t number, S3Answer answer) {
    const std::scoped_lock lock(mutex);
    --under_way;
    if (!answer.error) {
      name(number, std::string(answer.http.header("etag").value_or("")));
      if (etags[number].empty()) {
        answer.error =
            Error(ErrorCode::unavailable,
                  "cannot write the object " + quote(key) + ": the storage took a part, but did not name it");
      }
    }
    if (answer.error && !error) {
      error = answer.error;
    }
    spare.push_back(std::move(answer.sent));
    news.notify_all();
  }
};

S3ObjectWriter::S3ObjectWriter(std::string key,
                               std::shared_ptr<S3Worker> worker,
                               const S3Sizes& sizes,
                               std::shared_ptr<S3Keeping> keeping,
                               Writing how)
    : key_(std::move(key)), worker_(std::move(worker)), sizes_(sizes), keeping_(std::move(keeping)),
      group_(worker_->new_group()), how_(std::move(how)), parts_(std::make_shared<Parts>()) {
  parts_->key = key_;
}

S3ObjectWriter::~S3ObjectWriter() { give_up(); }

std::size_t S3ObjectWriter::part_size() const {
  return part_count_ < k_parts_before_growth ? sizes_.part_bytes : sizes_.part_bytes * k_growth;
}

/// Makes room for a piece behind what the buffer holds, and returns how large it may be.
std::size_t S3ObjectWriter::make_room() {
  // What is read or copied, and hashed, stays in the processor's cache meanwhile.
  constexpr std::size_t k_piece = 64 * 1024;
  if (buffer_.size() == part_size()) {
    send_part();
  }
  const auto piece = std::min(k_piece, part_size() - buffer_.size());
  if (buffer_.size() + piece > buffer_.capacity()) {
    // At once: memory that is not written to costs nothing, and moving would take twice the room.
    buffer_.reserve(part_size());
  }
  return piece;
}

/// Counts the last `bytes` of the buffer in.
void S3ObjectWriter::grow(std::size_t bytes) {
  hashes_.update(std::string_view(buffer_).substr(buffer_.size() - bytes));
  size_bytes_ += bytes;
}

void S3ObjectWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, make_room());
    buffer_ += piece;
    grow(piece.size());
    bytes.remove_prefix(piece.size());
  }
}

void S3ObjectWriter::write_from(ByteSource& source) {
  for (;;) {
    throw_if_interrupted();
    const auto room = make_room();
    const auto size = buffer_.size();
    buffer_.resize(size + room);
    const auto count = source.read(buffer_.data() + size, room);
    buffer_.resize(size + count);
    if (count == 0) {
      return;
    }
    grow(count);
  }
}

void S3ObjectWriter::begin_upload() {
  if (!how_.upload_id.empty()) {
    held_ = S3HeldParts::find(*worker_, key_, how_.upload_id);
    if (held_) {
      upload_id_ = how_.upload_id;
      return;
    }
  }
  S3Request request{.doing = "cannot write the object",
                    .method = "POST",
                    .key = key_,
                    .expected_root = "InitiateMultipartUploadResult"};
  request.query = {{"uploads", ""}};
  request.headers = {{"Content-Type", content_type(key_)}, {std::string(k_s3_mark_header), how_.mark}};
  const auto answer = worker_->send(std::move(request));
  upload_id_ = answer.checked().xml.text_of("UploadId");
  if (upload_id_.empty()) {
    throw Error(ErrorCode::unavailable,
                "cannot write the object " + quote(key_) + ": the storage began an upload without a name");
  }
  if (how_.on_upload) {
    how_.on_upload(upload_id_);
  }
}

void S3ObjectWriter::wait_for_parts(std::size_t most_under_way) {
  std::unique_lock lock(parts_->mutex);
  const auto is_over = [&] { return parts_->under_way <= most_under_way || parts_->error; };
  while (!parts_->news.wait_for(lock, k_look_around, is_over)) {
    throw_if_interrupted();
  }
  if (parts_->error) {
    throw Error(*parts_->error);
  }
}

/// Whether the server has the part already; then it need not be sent.
bool S3ObjectWriter::is_held() {
  const auto etag = held_ ? held_->etag_of(part_count_, buffer_) : std::nullopt;
  if (etag) {
    const std::scoped_lock lock(parts_->mutex);
    parts_->name(part_count_++, *etag);
    hashes_.end_part();
    buffer_.clear();
  }
  return etag.has_value();
}

void S3ObjectWriter::send_part() {
  if (upload_id_.empty()) {
    begin_upload();
  }
  if (is_held()) {
    return;
  }
  S3Request request{.doing = "cannot write the object", .method = "PUT", .key = key_};
  request.query = {{"partNumber", std::to_string(part_count_ + 1)}, {"uploadId", upload_id_}};
  request.body_sha256 = hashes_.end_part();
  request.group = group_;
  request.body = std::move(buffer_);
  buffer_ = {};
  {
    const std::scoped_lock lock(parts_->mutex);
    ++parts_->under_way;
  }
  worker_->start(std::move(request), [parts = parts_, number = part_count_](S3Answer answer) {
    parts->arrived(number, std::move(answer));
  });
  ++part_count_;
  // Filling a part takes a fraction of the time that sending one does: it need not be in memory besides those.
  wait_for_parts(sizes_.parts_at_once - 1);
  const std::scoped_lock lock(parts_->mutex);
  if (!parts_->spare.empty()) {
    buffer_ = std::move(parts_->spare.back());
    parts_->spare.pop_back();
    buffer_.clear();
  }
}

void S3ObjectWriter::put_whole() {
  auto request = whole_put(key_, std::move(buffer_), how_.mark);
  request.body_sha256 = hashes_.end_part();
  send_last(std::move(request)).checked();
}

/// The request with which the object appears.
S3Answer S3ObjectWriter::send_last(S3Request request) {
  return how_.existing == Existing::keep ? keeping_->send(std::move(request), how_.mark)
                                         : worker_->send(std::move(request));
}

/// Whether the object under the key is the one that this writer sent.
bool S3ObjectWriter::is_there() {
  const auto answer = worker_->send({.doing = "cannot look at the object", .method = "HEAD", .key = key_});
  const auto size = parse_integer(answer.http.header("content-length").value_or(""));
  return !answer.error && answer.http.header(k_s3_mark_header) == how_.mark && size &&
         static_cast<std::uint64_t>(*size) == size_bytes_;
}

void S3ObjectWriter::complete() {
  S3Request request{.doing = "cannot write the object",
                    .method = "POST",
                    .key = key_,
                    .expected_root = "CompleteMultipartUploadResult"};
  request.query = {{"uploadId", upload_id_}};
  request.headers = {{"Content-Type", "application/xml"}};
  {
    const std::scoped_lock lock(parts_->mutex);
    request.body = completion_document(parts_->etags);
  }
  const auto answer = send_last(std::move(request));
  // When the answer to a first try was lost, a second finds no upload any more.
  if (answer.error && !is_there()) {
    answer.checked();
  }
}

StoredObject S3ObjectWriter::commit() {
  if (upload_id_.empty()) {
    put_whole();
  } else {
    if (!buffer_.empty()) {
      send_part();
    }
    wait_for_parts(0);
    complete();
    upload_id_.clear();
  }
  return {key_, size_bytes_, hashes_.hex_digest()};
}

void S3ObjectWriter::give_up() noexcept {
  if (upload_id_.empty()) {
    return;
  }
  constexpr std::chrono::seconds k_longest{10};
  try {
    worker_->cancel(group_);
    {
      std::unique_lock lock(parts_->mutex);
      parts_->news.wait_for(lock, k_longest, [&] { return parts_->under_way == 0; });
    }
    if (how_.on_upload) {
      return;
    }
    S3Request request{.doing = "cannot give up the upload of the object", .method = "DELETE", .key = key_};
    request.query = {{"uploadId", upload_id_}};
    const auto answer = worker_->send_at_last(std::move(request), k_longest);
    if (!answer || answer->error) {
      log_warn("a part of an upload is left in the storage; 'lumi gc' removes it");
    }
  } catch (const std::exception& error) {
    log_warn("a part of an upload is left in the storage: " + std::string(error.what()));
  }
}

}  // namespace lumi::store
