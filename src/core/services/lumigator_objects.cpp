#include "core/services/lumigator_objects.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "core/services/beside_others.hpp"
#include "core/services/garbage.hpp"
#include "store/files/verified_source.hpp"
#include "store/folder_lock.hpp"

namespace lumi::services {

namespace {

/// Takes bytes and keeps none.
class NoSink final : public ByteSink {
public:
  void write(std::string_view /*bytes*/) override {}
};

}  // namespace

std::unique_ptr<ByteSource> LumigatorObjects::open(const std::string& key) {
  try {
    return source_.find(key) ? source_.open(key) : nullptr;
  } catch (const Error& error) {
    // A name that is no key here was none that could be copied either.
    if (error.code() == ErrorCode::not_found || error.code() == ErrorCode::invalid_input) {
      return nullptr;
    }
    throw;
  }
}

void LumigatorObjects::copy(const std::string& from,
                            const std::string& key,
                            const std::function<void(const store::StoredObject&)>& name_it) {
  auto& target = with_.objects.for_new();
  const auto& url = with_.objects.url_for_new();
  const auto source = source_.open(from);
  const auto writer = target.create(key, {.existing = existing_at(url)});
  writer->write_from(*source);
  const auto lock = store::lock_objects_for_writing(with_.databases.home());
  announce_objects(with_.databases, url, {{key, writer->mark()}}, with_.clock.now());
  const auto stored = commit_beside_others(
      {with_.databases, target, url, key}, *writer, [&] { return sha256_of_object(source_, from); });
  auto& database = with_.databases.get();
  try {
    NoSink nowhere;
    store::copy_referenced(target, key, stored.sha256, nowhere);
    database.transaction([&] {
      name_it(stored);
      store::GarbageRepository(database).remove(url, key);
    });
  } catch (...) {
    if (existing_at(url) == store::Existing::replace || store::GarbageRepository(database).find(url, key)) {
      target.remove(key);
    }
    throw;
  }
}

}  // namespace lumi::services
