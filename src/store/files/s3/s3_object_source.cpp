#include "store/files/s3/s3_object_source.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <utility>

namespace lumi::store {

/// Ranges that have come, by where they begin. Shared with the worker: the source may be gone when one comes.
struct S3ObjectSource::Arrivals {
  std::mutex mutex;
  std::condition_variable news;
  std::map<std::uint64_t, S3Answer> answers;
};

S3ObjectSource::S3ObjectSource(std::string key, std::shared_ptr<S3Worker> worker, const S3Sizes& sizes)
    : key_(std::move(key)), worker_(std::move(worker)), sizes_(sizes), group_(worker_->new_group()),
      arrivals_(std::make_shared<Arrivals>()) {}

S3ObjectSource::~S3ObjectSource() {
  if (!asked_.empty()) {
    worker_->cancel(group_);
  }
}

bool S3ObjectSource::start(std::uint64_t offset) {
  auto answer = worker_->send(
      {.doing = "cannot read the object", .key = key_, .range = S3Range{offset, sizes_.first_range_bytes}});
  if (answer.http.status == 404 && answer.code != "NoSuchBucket") {
    return false;
  }
  if (answer.http.status == 416) {
    return true;  // there is nothing at or after `offset`
  }
  answer.checked();
  etag_ = answer.http.header("etag").value_or("");
  const auto range = answer.http.header("content-range").value_or("");
  const auto total = parse_integer(range.substr(range.rfind('/') + 1));
  current_ = std::move(answer.body);
  asked_bytes_ = offset + current_.size();
  total_bytes_ = total ? static_cast<std::uint64_t>(*total) : asked_bytes_;
  return true;
}

void S3ObjectSource::ask_for_more() {
  while (asked_.size() < sizes_.ranges_at_once && asked_bytes_ < total_bytes_) {
    ask({asked_bytes_, std::min(sizes_.range_bytes, total_bytes_ - asked_bytes_)});
  }
}

void S3ObjectSource::ask(S3Range range) {
  S3Request request{.doing = "cannot read the object", .key = key_, .range = range};
  request.etag = etag_;
  request.group = group_;
  if (!spare_.empty()) {
    request.into = std::move(spare_.back());
    spare_.pop_back();
  }
  worker_->start(std::move(request), [arrivals = arrivals_, first = range.first](S3Answer answer) {
    const std::scoped_lock lock(arrivals->mutex);
    arrivals->answers.emplace(first, std::move(answer));
    arrivals->news.notify_all();
  });
  asked_.push_back(range.first);
  asked_bytes_ = range.first + range.count;
}

void S3ObjectSource::take_next() {
  const auto first = asked_.front();
  std::unique_lock lock(arrivals_->mutex);
  while (!arrivals_->news.wait_for(lock, k_look_around, [&] { return arrivals_->answers.contains(first); })) {
    throw_if_interrupted();
  }
  auto answer = std::move(arrivals_->answers.extract(first).mapped());
  lock.unlock();
  asked_.pop_front();
  answer.checked();
  spare_.push_back(std::exchange(current_, std::move(answer.body)));
  position_ = 0;
}

std::size_t S3ObjectSource::read(char* buffer, std::size_t capacity) {
  if (position_ >= current_.size() / 2) {
    // Not before: many readers need the beginning only.
    ask_for_more();
  }
  if (position_ == current_.size() && !asked_.empty()) {
    take_next();
    ask_for_more();
  }
  const auto count = std::min(capacity, current_.size() - position_);
  std::memcpy(buffer, current_.data() + position_, count);
  position_ += count;
  return count;
}

}  // namespace lumi::store
