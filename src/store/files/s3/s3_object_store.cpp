#include "store/files/s3/s3_object_store.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/md5.hpp"
#include "base/text.hpp"
#include "net/retry_hint.hpp"
#include "store/files/object_key.hpp"
#include "store/files/s3/s3_listing.hpp"
#include "store/files/s3/s3_object_source.hpp"
#include "store/files/s3/s3_object_writer.hpp"

#include <algorithm>
#include <chrono>
#include <map>

namespace lumi::store {

namespace {

ObjectInfo info_of(const std::string& key, std::uint64_t size_bytes, const net::HttpAnswer& answer) {
  const auto modified = answer.header("last-modified");
  return {key,
          size_bytes,
          modified ? net::parse_http_date(*modified).value_or(Timestamp{}) : Timestamp{},
          std::string(answer.header(k_s3_mark_header).value_or(""))};
}

std::optional<std::uint64_t> number(std::optional<std::string_view> text) {
  const auto value = text ? parse_integer(*text) : std::nullopt;
  return value && *value >= 0 ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

bool is_missing_object(const S3Answer& answer) {
  return answer.http.status == 404 && answer.code != "NoSuchBucket" && answer.error;
}

}  // namespace

std::unique_ptr<ObjectWriter> S3ObjectStore::create(const std::string& key, const Writing& how) {
  check_object_key(key);
  auto marked = how;
  marked.mark = how.mark.empty() ? new_mark() : how.mark;
  return std::make_unique<S3ObjectWriter>(key, worker_, sizes_, keeping_, std::move(marked));
}

std::string S3ObjectStore::new_mark() { return RandomIds().uuid(); }

std::unique_ptr<ByteSource> S3ObjectStore::open(const std::string& key, std::uint64_t offset) {
  check_object_key(key);
  auto source = std::make_unique<S3ObjectSource>(key, worker_, sizes_);
  if (!source->start(offset)) {
    throw object_not_found(key, url_);
  }
  is_bucket_seen_ = true;
  return source;
}

std::optional<ObjectInfo> S3ObjectStore::find(const std::string& key) {
  check_object_key(key);
  return take_found(key, worker_->send({.doing = "cannot look at the object", .method = "HEAD", .key = key}));
}

std::optional<ObjectInfo> S3ObjectStore::take_found(const std::string& key, const S3Answer& answer) {
  if (answer.http.status == 404 && is_bucket_seen_) {
    return std::nullopt;
  }
  if (answer.http.status == 0) {
    answer.checked();
  }
  const auto size = number(answer.http.header("content-length"));
  if (answer.error || !size) {
    return ask_why(key);
  }
  is_bucket_seen_ = true;
  return info_of(key, *size, answer.http);
}

/// An answer to HEAD cannot say what is wrong: reads a byte of the object to learn that.
std::optional<ObjectInfo> S3ObjectStore::ask_why(const std::string& key) {
  const auto answer = worker_->send({.doing = "cannot look at the object", .key = key, .range = S3Range{0, 1}});
  if (is_missing_object(answer)) {
    is_bucket_seen_ = true;
    return std::nullopt;
  }
  if (answer.http.status == 416) {
    return info_of(key, 0, answer.http);
  }
  answer.checked();
  const auto range = answer.http.header("content-range").value_or("");
  const auto size = number(range.substr(range.rfind('/') + 1));
  return info_of(key, size.value_or(answer.body.size()), answer.http);
}

void S3ObjectStore::list(const std::string& prefix, const std::function<void(const ObjectInfo&)>& visit) {
  std::string next;
  do {
    S3Request request{.doing = "cannot list the bucket", .expected_root = "ListBucketResult"};
    request.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix_ + prefix}};
    if (!next.empty()) {
      request.query.emplace_back("continuation-token", next);
    }
    const auto answer = worker_->send(std::move(request));
    auto page = read_listing(answer.checked().xml);
    is_bucket_seen_ = true;
    for (auto& object : page.objects) {
      if (object.key.starts_with(prefix_ + prefix)) {
        object.key.erase(0, prefix_.size());
        visit(object);
      }
    }
    next = std::move(page.next);
  } while (!next.empty());
}

bool S3ObjectStore::remove(const std::string& key) {
  // S3 does not say whether there was one.
  if (!find(key)) {
    return false;
  }
  const auto answer = worker_->send({.doing = "cannot remove the object", .method = "DELETE", .key = key});
  if (is_missing_object(answer)) {
    return false;
  }
  answer.checked();
  return true;
}

std::string S3ObjectStore::download_url(const std::string& key, std::int64_t expires_s) {
  constexpr std::int64_t k_longest = std::int64_t{7} * 24 * 3600;
  if (expires_s < 1 || expires_s > k_longest) {
    throw Error(ErrorCode::usage, "a URL of an object is valid for 1 second to 7 days");
  }
  // Also so that the URL is signed for the right region.
  if (!find(key)) {
    throw object_not_found(key, url_);
  }
  return worker_->presign(key, std::chrono::seconds(expires_s));
}

void S3ObjectStore::read_many(std::vector<WholeObject>& objects) {
  const auto make = [&](std::size_t i) {
    check_object_key(objects[i].key);
    return S3Request{.doing = "cannot read the object", .key = objects[i].key, .range = S3Range{0, k_largest_whole}};
  };
  worker_->send_many(objects.size(), make, [&](std::size_t i, S3Answer answer) {
    WholeObject& object = objects[i];
    if (answer.http.status == 416) {
      return;  // it is there, and empty
    }
    if (is_missing_object(answer)) {
      object.error = object_not_found(object.key, url_);
      return;
    }
    object.error = std::move(answer.error);
    const auto range = answer.http.header("content-range").value_or("");
    const auto total = number(range.substr(range.rfind('/') + 1)).value_or(answer.body.size());
    if (!object.error && total > k_largest_whole) {
      object.error = Error(ErrorCode::too_large, "object " + quote(object.key) + " is not read as a whole");
    } else {
      object.content = std::move(answer.body);
    }
  });
}

/// The numbers of those that are written: not those that are kept out, where only looking tells.
std::vector<std::size_t> S3ObjectStore::choose_written(std::vector<WholeObject>& objects) {
  std::vector<std::string> keys;
  if (!keeping_->has_conditions()) {
    for (const auto& object : objects) {
      if (object.how.existing == Existing::keep) {
        keys.push_back(object.key);
      }
    }
  }
  const auto found = find_many(keys);
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0, looked_at = 0; i < objects.size(); ++i) {
    const bool is_looked_at = !keys.empty() && objects[i].how.existing == Existing::keep;
    if (is_looked_at && found[looked_at++]) {
      objects[i].error = object_exists(objects[i].key);
    } else {
      numbers.push_back(i);
    }
  }
  return numbers;
}

void S3ObjectStore::write_many(std::vector<WholeObject>& objects) {
  const auto numbers = choose_written(objects);
  const bool has_conditions = keeping_->has_conditions();
  std::vector<std::string> marks(objects.size());  // of those that are sent with a condition
  std::vector<std::size_t> refused;
  std::vector<std::size_t> again;
  const auto make = [&](std::size_t n) {
    auto& object = objects[numbers[n]];
    check_object_key(object.key);
    const auto mark = object.how.mark.empty() ? new_mark() : object.how.mark;
    auto request = whole_put(object.key, std::move(object.content), mark);
    if (object.how.existing == Existing::keep && has_conditions) {
      marks[numbers[n]] = mark;
      S3Keeping::add_condition(request);
    }
    return request;
  };
  worker_->send_many(numbers.size(), make, [&](std::size_t n, S3Answer answer) {
    const auto i = numbers[n];
    objects[i].content = std::move(answer.sent);
    if (!marks[i].empty() && keeping_->is_without_conditions(answer)) {
      again.push_back(i);
    } else if (!marks[i].empty() && answer.http.status == k_precondition_failed) {
      refused.push_back(i);
    } else {
      objects[i].error = std::move(answer.error);
    }
  });
  for (const auto i : refused) {
    if (!keeping_->has_mark(objects[i].key, marks[i])) {
      objects[i].error = object_exists(objects[i].key);
    }
  }
  if (!again.empty()) {
    std::vector<WholeObject> others;
    for (const auto i : again) {
      others.push_back(std::move(objects[i]));
    }
    write_many(others);
    for (std::size_t n = 0; n < again.size(); ++n) {
      objects[again[n]] = std::move(others[n]);
    }
  }
}

std::vector<std::optional<ObjectInfo>> S3ObjectStore::find_many(const std::vector<std::string>& keys) {
  std::vector<std::optional<ObjectInfo>> found(keys.size());
  const auto make = [&](std::size_t i) {
    check_object_key(keys[i]);
    return S3Request{.doing = "cannot look at the object", .method = "HEAD", .key = keys[i]};
  };
  worker_->send_many(
      keys.size(), make, [&](std::size_t i, const S3Answer& answer) { found[i] = take_found(keys[i], answer); });
  return found;
}

std::vector<std::optional<Error>> S3ObjectStore::remove_many(const std::vector<std::string>& keys) {
  constexpr std::size_t k_most_at_once = 1000;
  std::vector<std::optional<Error>> errors(keys.size());
  std::map<std::string, std::size_t> numbers;  // by the key that the bucket has
  const auto send = [&] {
    std::vector<std::string> full_keys;
    for (const auto& [full_key, number] : numbers) {
      full_keys.push_back(full_key);
    }
    S3Request request{
        .doing = "cannot remove objects of the bucket", .method = "POST", .expected_root = "DeleteResult"};
    request.query = {{"delete", ""}};
    request.body = removal_document(full_keys);
    request.headers = {{"Content-Type", "application/xml"}, {"Content-MD5", md5_base64(request.body)}};
    const auto answer = worker_->send(std::move(request));
    for (const auto& refusal : read_refusals(answer.checked().xml)) {
      const auto found = numbers.find(refusal.key);
      if (found != numbers.end()) {
        errors[found->second] = Error(ErrorCode::failure,
                                      "cannot remove the object " + quote(keys[found->second]) + ": " + refusal.code +
                                          ": " + refusal.message);
      }
    }
    numbers.clear();
  };
  for (std::size_t i = 0; i < keys.size(); ++i) {
    check_object_key(keys[i]);
    if (std::ranges::any_of(keys[i], [](char c) { return static_cast<unsigned char>(c) < ' '; })) {
      remove(keys[i]);  // XML has no place for control characters
      continue;
    }
    numbers.emplace(prefix_ + keys[i], i);
    if (numbers.size() == k_most_at_once) {
      send();
    }
  }
  if (!numbers.empty()) {
    send();
  }
  return errors;
}

void S3ObjectStore::list_unfinished(const std::string& prefix,
                                    const std::function<void(const UnfinishedObject&)>& visit) {
  std::vector<std::pair<std::string, std::string>> next;
  do {
    S3Request request{.doing = "cannot list the uploads to the bucket", .expected_root = "ListMultipartUploadsResult"};
    // Without encoding-type: Ceph's gateway encodes the keys then, but does not say so.
    request.query = {{"uploads", ""}, {"prefix", prefix_ + prefix}};
    request.query.insert(request.query.end(), next.begin(), next.end());
    const auto answer = worker_->send(std::move(request));
    auto page = read_uploads(answer.checked().xml);
    for (auto& upload : page.uploads) {
      if (upload.key.starts_with(prefix_ + prefix)) {
        upload.key.erase(0, prefix_.size());
        visit(upload);
      }
    }
    next = std::move(page.next);
  } while (!next.empty());
}

bool S3ObjectStore::remove_unfinished(const UnfinishedObject& object) {
  S3Request request{.doing = "cannot give up the upload of the object", .method = "DELETE", .key = object.key};
  request.query = {{"uploadId", object.id}};
  const auto answer = worker_->send(std::move(request));
  if (answer.http.status == 404 && answer.code == "NoSuchUpload") {
    return false;
  }
  answer.checked();
  return true;
}

}  // namespace lumi::store
