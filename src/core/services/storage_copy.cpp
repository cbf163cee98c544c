#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/sha256.hpp"
#include "core/services/beside_others.hpp"
#include "core/services/garbage.hpp"
#include "core/services/storage_copy_batch.hpp"
#include "store/files/object_stores.hpp"
#include "store/folder_lock.hpp"
#include "store/repositories/garbage_repository.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace lumi::services {

namespace {

using store::Existing;
using store::ObjectReference;
using store::WholeObject;

constexpr std::size_t k_most_in_batch = 256;
constexpr std::uint64_t k_most_bytes_in_batch = 4 * 1024 * 1024;
// What an object whose size no row tells is counted as.
constexpr std::uint64_t k_unknown_size = 64 * 1024;

std::uint64_t counted_size(const ObjectReference& reference) {
  return reference.size_bytes > 0 ? reference.size_bytes : k_unknown_size;
}

/// The number of references from `first` on that make a batch: from one storage, small ones together.
std::size_t batch_size(const std::vector<ObjectReference>& references, std::size_t first) {
  std::size_t count = 1;
  auto bytes = counted_size(references[first]);
  while (first + count < references.size() && count < k_most_in_batch &&
         references[first + count].storage_url == references[first].storage_url) {
    bytes += counted_size(references[first + count]);
    if (bytes > k_most_bytes_in_batch) {
      break;
    }
    ++count;
  }
  return count;
}

}  // namespace

std::vector<ObjectReference> StorageCopyService::references_elsewhere(const std::string& to, CopySummary& summary) {
  std::vector<ObjectReference> references;
  if (auto* database = with_.databases.find()) {
    store::GarbageRepository(*database).visit_references([&](const ObjectReference& reference) {
      if (reference.storage_url == to) {
        ++summary.in_place;
      } else {
        references.push_back(reference);
      }
    });
  }
  std::ranges::stable_sort(references, {}, &ObjectReference::storage_url);
  summary.to = to;
  summary.objects = references.size();
  return references;
}

CopySummary StorageCopyService::plan(const std::string& to) {
  CopySummary summary;
  for (const auto& reference : references_elsewhere(to, summary)) {
    summary.size_bytes += reference.size_bytes;
  }
  return summary;
}

CopySummary StorageCopyService::copy(const std::string& to, ReadBack read_back, const Progress& progress) {
  CopySummary summary;
  std::optional<store::FolderLock> lock;
  if (with_.databases.find() != nullptr) {
    lock.emplace(store::lock_moving(with_.databases.home()));
  }
  const auto references = references_elsewhere(to, summary);
  auto& target = with_.objects.at(to);
  for (std::size_t first = 0; first < references.size();) {
    throw_if_interrupted();
    const auto end = first + batch_size(references, first);
    Batch batch{with_.objects.at(references[first].storage_url),
                target,
                to,
                read_back,
                {references.begin() + static_cast<std::ptrdiff_t>(first),
                 references.begin() + static_cast<std::ptrdiff_t>(end)},
                summary};
    copy_batch(batch);
    first = end;
    if (progress) {
      progress(first, references.size());
    }
  }
  return summary;
}

/// Notes the objects of the batch, and says how each is written: what an earlier call has left is replaced.
void StorageCopyService::announce(Batch& batch) {
  store::GarbageRepository garbage(with_.databases.get());
  const auto mark = batch.to.new_mark();
  std::vector<std::string> doubtful;
  for (const auto& reference : batch.references) {
    const auto& key = reference.object_key;
    const auto note = garbage.find(batch.to_url, key);
    const bool is_ours = batch.to_url == store::k_home_storage || (note && note->mark.empty());
    batch.how[key] = {is_ours ? Existing::replace : Existing::keep, note ? note->mark : mark};
    if (note) {
      batch.how[key].upload_id = note->upload_id;
    }
    // Where there are no marks, what is there before the note is somebody else's.
    if (!is_ours && (note || mark.empty())) {
      doubtful.push_back(key);
    }
  }
  const auto of_others = batch.look_at(doubtful);
  std::vector<Announcement> announced;
  for (const auto& [key, how] : batch.how) {
    if (!of_others.contains(key)) {
      announced.push_back({key, how.mark});
    }
  }
  announce_objects(with_.databases, batch.to_url, announced, with_.clock.now());
}

/// For an object that was not written because there is one: why it cannot be used instead, or nothing.
std::optional<Error>
StorageCopyService::judge_existing(const Batch& batch, const ObjectReference& reference, const std::string& sha256) {
  // First of all, or gc would remove what is not ours, also where it cannot be read.
  store::GarbageRepository(with_.databases.get()).remove(batch.to_url, reference.object_key);
  try {
    const bool is_same = sha256_of_object(batch.to, reference.object_key) == sha256;
    return is_same ? std::nullopt : std::optional(other_content(reference.object_key, batch.to_url));
  } catch (const Error& error) {
    return error;
  }
}

void StorageCopyService::copy_batch(Batch& batch) {
  const auto lock = store::lock_objects_for_writing(with_.databases.home());
  announce(batch);
  std::vector<ObjectReference> small;
  std::vector<ObjectReference> large;
  for (const auto& reference : batch.references) {
    (reference.size_bytes <= store::k_largest_whole ? small : large).push_back(reference);
  }
  std::vector<WholeObject> objects;
  objects.reserve(small.size());
  for (const auto& reference : small) {
    objects.push_back({.key = reference.object_key, .how = batch.how.at(reference.object_key)});
  }
  batch.from.read_many(objects);
  std::vector<WholeObject> good;
  std::vector<ObjectReference> good_references;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (objects[i].error && objects[i].error->code() == ErrorCode::too_large) {
      large.push_back(small[i]);
    } else if (objects[i].error) {
      batch.fail(*objects[i].error);
    } else if (!is_content_of(small[i], sha256_hex(objects[i].content))) {
      batch.fail(damaged_object(small[i]));
    } else {
      good.push_back(std::move(objects[i]));
      good_references.push_back(small[i]);
    }
  }
  write_small(batch, good, good_references);
  for (const auto& reference : large) {
    copy_large(batch, reference);
  }
}

void StorageCopyService::write_small(const Batch& batch,
                                     std::vector<WholeObject>& objects,
                                     const std::vector<ObjectReference>& references) {
  batch.to.write_many(objects);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    auto& object = objects[i];
    if (object.error && object.error->code() == ErrorCode::conflict && object.how.existing == Existing::keep) {
      object.error = judge_existing(batch, references[i], sha256_hex(object.content));
    }
  }
  std::vector<WholeObject> again;
  again.reserve(objects.size());
  for (const auto& object : objects) {
    again.push_back({object.key});
  }
  if (batch.read_back == ReadBack::yes) {
    batch.to.read_many(again);
  }
  std::vector<ObjectReference> written;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto& error = objects[i].error ? objects[i].error : again[i].error;
    const bool is_same = batch.read_back == ReadBack::no || again[i].content == objects[i].content;
    if (!error && is_same) {
      written.push_back(references[i]);
      batch.summary.size_bytes += objects[i].content.size();
    }
  }
  // Before what went wrong may end all: the next call need not copy these again.
  point_rows(written, batch.to_url);
  batch.summary.copied += written.size();
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (const auto& error = objects[i].error ? objects[i].error : again[i].error) {
      batch.fail(*error);
    } else if (batch.read_back == ReadBack::yes && again[i].content != objects[i].content) {
      batch.fail(damaged_object(at(references[i], batch.to_url)));
    }
  }
}

void StorageCopyService::point_rows(const std::vector<ObjectReference>& references, const std::string& to) {
  auto& database = with_.databases.get();
  database.transaction([&] {
    store::GarbageRepository garbage(database);
    for (const auto& reference : references) {
      // Where the row is gone meanwhile, the copy stays noted as garbage.
      if (garbage.move(reference, to)) {
        garbage.remove(to, reference.object_key);
        garbage.insert({reference.storage_url, reference.object_key, with_.clock.now(), store::k_kept_source, ""});
      } else if (to == store::k_home_storage) {
        garbage.insert({to, reference.object_key, with_.clock.now(), 0, ""});
      }
    }
  });
}

}  // namespace lumi::services
