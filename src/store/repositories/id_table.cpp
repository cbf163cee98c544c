#include "store/repositories/id_table.hpp"

#include "store/query.hpp"

#include <algorithm>
#include <cstdint>

namespace lumi::store {

namespace {

std::vector<std::string> all_texts(Query& query) {
  std::vector<std::string> texts;
  while (query.next()) {
    texts.push_back(query.text());
  }
  return texts;
}

}  // namespace

std::vector<std::string>
find_ids_by_prefix(Database& database, const IdTable& table, const std::string& prefix, std::size_t limit) {
  Query query(database, table.by_prefix);
  // Ids are ASCII: everything that starts with the prefix is below it followed by a byte that no id has.
  query.bind(prefix).bind(prefix + '\x7F').bind(static_cast<std::int64_t>(limit));
  return all_texts(query);
}

std::vector<std::string> find_near_ids(Database& database, const IdTable& table, const std::string& id) {
  // One slip of the finger leaves one half of what was typed as it was, be it a whole id or the start of one.
  const auto length = std::min<std::size_t>(id.size(), 8) / 2;
  const auto end_at = id.size() - length;
  Query query(database, table.near);
  query.bind(id.substr(0, length))
      .bind(id.substr(end_at))
      .bind(static_cast<std::uint64_t>(length))
      .bind(static_cast<std::uint64_t>(end_at + 1));
  return all_texts(query);
}

}  // namespace lumi::store
