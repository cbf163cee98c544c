#include "store/response_cache.hpp"

#include "base/embedded_file.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "store/query.hpp"

#include <array>
#include <system_error>

namespace lumi::store {

namespace {

constexpr std::size_t k_most_pending = 64;

constexpr std::array<EmbeddedFile, 1> k_cache_migrations{{{"0001_responses.sql", R"(
CREATE TABLE responses (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)"}}};

std::unique_ptr<Database> open_or_make_anew(const Home& place) {
  try {
    return Database::open(place, k_cache_migrations);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::storage) {
      throw;
    }
    log_warn("the cache of answers is made anew: " + std::string(error.what()));
    std::error_code ignored;
    std::filesystem::remove_all(place.path(), ignored);
    return Database::open(place, k_cache_migrations);
  }
}

}  // namespace

ResponseCache::ResponseCache(const Home& home) : place_(folder(home)) {}

ResponseCache::~ResponseCache() { flush(); }

Database* ResponseCache::database() {
  if (!database_ && is_usable_) {
    try {
      database_ = open_or_make_anew(place_);
      database_->set_durability(Durability::normal);
    } catch (const Error& error) {
      give_up(error.what());
    }
  }
  return database_.get();
}

void ResponseCache::give_up(const std::string& reason) {
  log_warn("answers are not cached: " + reason);
  is_usable_ = false;
  database_.reset();
  pending_.clear();
}

std::optional<std::string> ResponseCache::find(const std::string& key) {
  if (const auto waiting = pending_.find(key); waiting != pending_.end()) {
    return waiting->second.value;
  }
  auto* database = this->database();
  if (database == nullptr) {
    return std::nullopt;
  }
  try {
    Query query(*database, "SELECT value FROM responses WHERE key = ?");
    return query.bind(key).next() ? std::optional(query.text()) : std::nullopt;
  } catch (const Error& error) {
    give_up(error.what());
    return std::nullopt;
  }
}

void ResponseCache::put(const std::string& key, std::string value, Timestamp now) {
  if (!is_usable_) {
    return;
  }
  pending_.insert_or_assign(key, Entry{std::move(value), now});
  if (pending_.size() >= k_most_pending) {
    flush();
  }
}

void ResponseCache::flush() {
  if (pending_.empty()) {
    return;
  }
  try {
    write_pending();
  } catch (const Error& error) {
    give_up(error.what());
  }
}

void ResponseCache::write_pending() {
  auto* database = this->database();
  if (database == nullptr) {
    return;
  }
  database->transaction([&] {
    Query query(*database,
                "INSERT INTO responses (key, value, created_at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
                "value = excluded.value, created_at = excluded.created_at");
    for (const auto& [key, entry] : pending_) {
      query.bind(key).bind(entry.value).bind(entry.created_at).run();
    }
  });
  pending_.clear();
}

CacheStatistics ResponseCache::statistics(const Home& home) {
  const auto database = Database::find(Home(folder(home)), k_cache_migrations);
  CacheStatistics statistics;
  if (database) {
    Query query(*database,
                "SELECT count(*), coalesce(sum(length(key) + length(CAST(value AS BLOB))), 0), min(created_at), "
                "max(created_at) FROM responses");
    query.next();
    statistics.entries = query.count();
    statistics.size_bytes = query.count();
    statistics.oldest = query.maybe_time();
    statistics.newest = query.maybe_time();
  }
  return statistics;
}

std::uint64_t ResponseCache::clear(const Home& home) {
  const Home place(folder(home));
  if (!Database::find(place, k_cache_migrations)) {
    return 0;
  }
  const auto database = open_or_make_anew(place);
  const auto removed = Query(*database, "DELETE FROM responses").run();
  Query(*database, "VACUUM").run();
  return static_cast<std::uint64_t>(removed);
}

}  // namespace lumi::store
