#include "core/services/storage_check.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"

namespace lumi::services {

namespace {

/// An object that is removed again, whatever happens.
class Probe {
public:
  Probe(store::ObjectStore& storage, const std::string& id)
      : storage_(storage), key_("lumi-check/" + id + "/probe.txt"), text_("lumi storage check " + id + "\n") {}

  ~Probe() {
    if (!is_written_) {
      return;
    }
    try {
      storage_.remove(key_);
    } catch (const Error& error) {
      log_info("the probe " + quote(key_) + " is left behind: " + error.what());
    }
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  void write() {
    const auto writer = storage_.create(key_);
    writer->write(text_);
    const auto stored = writer->commit();
    is_written_ = true;
    expect(stored.sha256 == sha256_hex(text_), "does not take an object as it is");
  }

  void read() const {
    const auto source = storage_.open(key_);
    expect(read_all(*source) == text_, "does not give an object back as it was");
  }

  void list() const {
    bool is_listed = false;
    storage_.list(
        key_, [&](const store::ObjectInfo& info) { is_listed |= info.key == key_ && info.size_bytes == text_.size(); });
    expect(is_listed, "does not list an object that was written");
  }

  void remove() {
    is_written_ = false;
    expect(storage_.remove(key_) && !storage_.find(key_), "does not delete an object");
  }

private:
  void expect(bool holds, const std::string& otherwise) const {
    if (!holds) {
      throw Error(ErrorCode::storage, "the storage " + quote(storage_.url()) + " " + otherwise);
    }
  }

  store::ObjectStore& storage_;
  std::string key_;
  std::string text_;
  bool is_written_ = false;
};

}  // namespace

StorageReport StorageCheckService::check() {
  StorageReport report;
  report.storage_url = with_.storage.url();
  Probe probe(with_.storage, with_.ids.uuid());
  const auto timed = [&](auto&& work) {
    const auto start = with_.steady.now();
    work();
    return with_.steady.now().microseconds - start.microseconds;
  };
  report.write_us = timed([&] { probe.write(); });
  report.read_us = timed([&] { probe.read(); });
  report.list_us = timed([&] { probe.list(); });
  report.delete_us = timed([&] { probe.remove(); });
  report.access = with_.storage.access();
  return report;
}

}  // namespace lumi::services
