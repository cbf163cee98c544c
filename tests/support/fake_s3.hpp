#pragma once
#include "base/md5.hpp"
#include "base/text.hpp"
#include "store/files/s3/s3_object_store.hpp"
#include "support/fake_http_client.hpp"
#include "support/manual_time.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lumi::test {

/// A bucket in memory behind an S3ObjectStore: objects with their marks, conditions, uploads in parts. It believes
/// everybody. Look at it while no request is under way.
class FakeS3 {
public:
  struct Object {
    std::string content;
    std::string mark = {};
  };
  struct Upload {
    std::string key;
    std::string mark = {};
    std::map<int, std::string> parts = {};
    std::string started_at = "1970-01-01T00:16:40.000Z";
  };
  /// A request, as far as it matters.
  struct Request {
    std::string method;
    std::string key;
    std::map<std::string, std::string> query;
    std::string mark;
    bool is_conditional = false;
    std::string content;

    bool is(std::string_view wanted_method, std::string_view parameter) const {
      return method == wanted_method && query.contains(std::string(parameter));
    }
  };
  enum class Fate { answered, never_arrives, answer_is_lost };

  std::map<std::string, Object> objects;
  std::map<std::string, Upload> uploads;  ///< by id
  std::vector<Request> requests;          ///< without their content
  std::size_t part_bytes = 0;             ///< received in parts so far
  bool tells_parts = true;                ///< or it refuses to
  bool pages_on = true;                   ///< or each page of parts leads to the first one again
  /// What becomes of a request; may change the bucket before it arrives.
  std::function<Fate(const Request&)> fate = [](const Request&) { return Fate::answered; };

  /// The store s3://bucket, with parts of this size. The bucket must outlive it.
  std::unique_ptr<store::S3ObjectStore> open(std::size_t part_size = 1000) {
    store::S3Sizes sizes;
    sizes.part_bytes = part_size;
    auto worker = std::make_shared<store::S3Worker>([this] {
      auto http = std::make_unique<FakeHttpClient>();
      http->on_time([this](std::chrono::milliseconds by) { time_.advance(by); });
      http->answer_with([this](const net::HttpRequest& request) { return FakeAnswer{serve(request)}; });
      store::S3Location location;
      location.bucket = "bucket";
      location.endpoint = {"http", "127.0.0.1:1", "", "test"};
      location.region = "here";
      return store::S3Parts{std::move(http), std::make_unique<Credentials>(), location, &time_, &time_};
    });
    return std::make_unique<store::S3ObjectStore>("s3://bucket", "", std::move(worker), sizes);
  }

  static std::string etag(const std::string& content) { return "\"" + md5_hex(content) + "\""; }

private:
  class Credentials final : public store::AwsCredentialsProvider {
  public:
    const store::AwsCredentials& get(net::HttpClient& /*http*/, Timestamp /*now*/) override { return known_; }
    void forget() override {}

  private:
    store::AwsCredentials known_{.access_key_id = "KEY", .secret_access_key = "secret"};
  };

  static Request read(const net::HttpRequest& http) {
    Request request;
    request.method = http.method;
    request.content = http.content();
    const auto begin = http.url.find("/bucket/") + std::string_view("/bucket/").size();
    const auto mark = std::min(http.url.find('?'), http.url.size());
    request.key = percent_decode(http.url.substr(begin, mark - begin));
    if (mark < http.url.size()) {
      for (const auto& parameter : split(std::string_view(http.url).substr(mark + 1), '&')) {
        const auto equals = parameter.find('=');
        request.query[percent_decode(parameter.substr(0, equals))] = percent_decode(parameter.substr(equals + 1));
      }
    }
    for (const auto& header : http.headers) {
      if (net::is_same_name(header.name, store::k_s3_mark_header)) {
        request.mark = header.value;
      }
      request.is_conditional |= net::is_same_name(header.name, "If-None-Match");
    }
    return request;
  }

  static net::HttpAnswer refuse(int status, const std::string& code) {
    return http_answer(status, "<Error><Code>" + code + "</Code></Error>");
  }

  net::HttpAnswer serve(const net::HttpRequest& http) {
    auto request = read(http);
    const auto what = fate(request);
    auto answer = what == Fate::never_arrives ? net::HttpAnswer() : perform(request);
    request.content.clear();
    requests.push_back(std::move(request));
    return what == Fate::answered ? answer : http_fault(net::TransportFault::cut, "the connection was cut");
  }

  net::HttpAnswer perform(const Request& request) {
    if (request.key.empty()) {
      return request.is("POST", "delete") ? remove_many(request) : list_uploads();
    }
    if (request.is("POST", "uploads")) {
      const auto id = "upload-" + std::to_string(++last_upload_);
      uploads[id] = {request.key, request.mark};
      return http_answer(
          200, "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
    }
    return request.query.contains("uploadId") ? perform_on_upload(request) : perform_on_object(request);
  }

  net::HttpAnswer perform_on_upload(const Request& request) {
    const auto found = uploads.find(request.query.at("uploadId"));
    if (found == uploads.end() || found->second.key != request.key) {
      return refuse(404, "NoSuchUpload");
    }
    auto& upload = found->second;
    if (request.method == "PUT") {
      part_bytes += request.content.size();
      upload.parts[std::stoi(request.query.at("partNumber"))] = request.content;
      return http_answer(200, "", "ETag: " + etag(request.content) + "\r\n");
    }
    if (request.method == "GET") {
      return tells_parts ? list_parts(request, upload) : refuse(403, "AccessDenied");
    }
    if (request.method == "POST") {
      if (request.is_conditional && objects.contains(request.key)) {
        return refuse(412, "PreconditionFailed");
      }
      Object whole{"", upload.mark};
      for (const auto& [number, content] : upload.parts) {
        const auto part =
            "<PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + store::xml_escape(etag(content));
        if (request.content.find(part) != std::string::npos) {
          whole.content += content;
        }
      }
      objects[request.key] = whole;
      uploads.erase(found);
      return http_answer(200, "<CompleteMultipartUploadResult/>");
    }
    uploads.erase(found);
    return http_answer(204, "");
  }

  net::HttpAnswer perform_on_object(const Request& request) {
    const auto found = objects.find(request.key);
    if (request.method == "PUT") {
      if (request.is_conditional && found != objects.end()) {
        return refuse(412, "PreconditionFailed");
      }
      objects[request.key] = {request.content, request.mark};
      return http_answer(200, "", "ETag: " + etag(request.content) + "\r\n");
    }
    if (found == objects.end()) {
      return refuse(404, "NoSuchKey");
    }
    if (request.method == "DELETE") {
      objects.erase(found);
      return http_answer(204, "");
    }
    const auto& [content, mark] = found->second;
    const auto head = "Content-Length: " + std::to_string(content.size()) + "\r\nETag: " + etag(content) + "\r\n" +
                      (mark.empty() ? "" : std::string(store::k_s3_mark_header) + ": " + mark + "\r\n");
    return http_answer(200, request.method == "HEAD" ? "" : content, head);
  }

  /// A page of two, as servers give a thousand.
  net::HttpAnswer list_parts(const Request& request, const Upload& upload) const {
    const auto after = request.query.find("part-number-marker");
    auto next = upload.parts.upper_bound(after == request.query.end() ? 0 : std::stoi(after->second));
    std::string xml = "<ListPartsResult>";
    int last = 0;
    for (int count = 0; count < 2 && next != upload.parts.end(); ++count, ++next) {
      last = next->first;
      xml += "<Part><PartNumber>" + std::to_string(last) + "</PartNumber><ETag>" +
             store::xml_escape(etag(next->second)) + "</ETag><Size>" + std::to_string(next->second.size()) +
             "</Size></Part>";
    }
    if (next != upload.parts.end()) {
      xml += "<IsTruncated>true</IsTruncated><NextPartNumberMarker>" + std::to_string(pages_on ? last : 1) +
             "</NextPartNumberMarker>";
    }
    return http_answer(200, xml + "</ListPartsResult>");
  }

  net::HttpAnswer list_uploads() const {
    std::string xml = "<ListMultipartUploadsResult>";
    for (const auto& [id, upload] : uploads) {
      xml += "<Upload><Key>" + upload.key + "</Key><UploadId>" + id + "</UploadId><Initiated>" + upload.started_at +
             "</Initiated></Upload>";
    }
    return http_answer(200, xml + "</ListMultipartUploadsResult>");
  }

  net::HttpAnswer remove_many(const Request& request) {
    std::erase_if(objects, [&](const auto& object) {
      return request.content.find("<Key>" + object.first + "</Key>") != std::string::npos;
    });
    return http_answer(200, "<DeleteResult/>");
  }

  ManualTime time_;
  int last_upload_ = 0;
};

}  // namespace lumi::test
