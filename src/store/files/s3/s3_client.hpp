#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "net/http_client.hpp"
#include "store/files/object_store.hpp"
#include "store/files/s3/aws_credentials.hpp"
#include "store/files/s3/s3_location.hpp"
#include "store/files/s3/s3_verdict.hpp"
#include "store/files/s3/sigv4.hpp"
#include "store/files/s3/xml.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::store {

/// A part of an object.
struct S3Range {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// What to ask of the bucket, or of an object in it.
struct S3Request {
  std::string doing = {};  ///< for messages: "cannot read the object"
  std::string method = "GET";
  std::string key = {};  ///< below the storage's prefix; empty: the bucket
  std::vector<std::pair<std::string, std::string>> query = {};
  std::vector<net::HttpHeader> headers = {};
  std::string body = {};         ///< comes back in S3Answer::sent
  std::string body_sha256 = {};  ///< empty: it is computed

  std::string expected_root = {};               ///< the answer is a document with this root; empty: it is no XML
  std::optional<S3Range> range = std::nullopt;  ///< what is read; what a cut connection leaves out is asked for again
  std::string etag = {};                        ///< the object must be the one that has this
  std::string into = {};                        ///< room for the body: a text that is no longer needed
  std::size_t most_bytes = std::size_t{16} * 1024 * 1024;
  std::uint64_t group = 0;  ///< for S3Client::cancel
};

/// What came of a request.
struct S3Answer {
  net::HttpAnswer http;        ///< the last answer, without its body
  std::string body;            ///< of an answer that is no XML
  XmlElement xml;              ///< the document that was expected
  std::string sent;            ///< S3Request::body
  std::string code;            ///< the server's: "NoSuchKey"
  std::optional<Error> error;  ///< why there is no answer

  /// Throws the error, if there is one.
  const S3Answer& checked() const;
};

/// Makes requests to one bucket: signs them, tries again what may pass, and learns the bucket's region and the server's
/// time from its answers. Not thread-safe.
class S3Client {
public:
  struct Dependencies {
    net::HttpClient& http;
    AwsCredentialsProvider& credentials;
    const Clock& wall;
    const Clock& steady;
    std::function<double()> random;  ///< from [0, 1)
  };
  using Done = std::function<void(S3Answer)>;

  S3Client(Dependencies with, S3Location location) : with_(std::move(with)), location_(std::move(location)) {}

  /// Takes on a request; `wait` calls `done` exactly once.
  void start(S3Request request, Done done);

  /// Ends all requests of a group that is not 0; their `done` is called by the next `wait`.
  void cancel(std::uint64_t group);

  /// Ends all requests with `error`, at once: the HTTP client does nothing more.
  void abandon(const Error& error);

  std::size_t running() const { return calls_.size(); }

  /// Moves requests on until one is done or `limit` is over.
  void wait(std::chrono::milliseconds limit);

  /// A URL with which anybody can read the object for that long.
  std::string presign(const std::string& key, std::chrono::seconds valid_for);

  /// How the bucket is reached, as far as that is known by now. Throws `credentials` where there are none.
  StorageAccess access();

private:
  enum class Stage : std::uint8_t { due, sent, answered, over };
  /// What a request was signed with: others may have changed it by the time its answer comes.
  struct Signed {
    std::string region;
    std::chrono::microseconds clock_offset{0};
    std::uint64_t credentials = 0;
  };
  struct Call {
    S3Request request;
    Done done;
    Stage stage = Stage::due;
    Timestamp due;
    net::TransferId transfer{};
    net::HttpAnswer answer;
    std::string received;        // of a range, through all attempts
    std::size_t kept_bytes = 0;  // of `received`, from earlier attempts
    int tries = 0;
    int corrections = 0;
    bool is_cancelled = false;
    Signed signed_with;
  };

  void begin_due();
  void deliver();
  void send(Call& call);
  net::HttpRequest http_request(const Call& call);
  void take_answer(Call& call);
  bool take_range(Call& call, S3Answer& result);
  bool take_document(Call& call, S3Answer& result);
  void act_on(Call& call, const S3Error& error, S3Answer& result);
  bool correct(Call& call, S3Action action, const S3Error& error);
  bool follow(const net::HttpAnswer& answer);
  bool learn_time(const Call& call);
  void send_again(Call& call, std::chrono::milliseconds after);
  void finish(Call& call, S3Answer result);
  S3Subject subject_of(const Call& call) const;
  Timestamp signing_time() const;

  Dependencies with_;
  S3Location location_;
  SigV4Signer signer_;
  std::chrono::microseconds clock_offset_{0};  // the server's time less ours
  std::uint64_t credentials_ = 0;              // how often they were read anew
  std::list<Call> calls_;
  std::list<std::pair<Done, S3Answer>> results_;
};

}  // namespace lumi::store
