// How StorageCopyService copies an object that is too large for memory.
#include "base/error.hpp"
#include "base/log.hpp"
#include "core/services/beside_others.hpp"
#include "core/services/storage_copy_batch.hpp"
#include "store/repositories/garbage_repository.hpp"

#include <utility>

namespace lumi::services {

using store::Existing;
using store::ObjectReference;

/// Uses what is there already, if it is the same.
store::StoredObject StorageCopyService::take_existing(const Batch& batch, const ObjectReference& reference) {
  const auto& key = reference.object_key;
  give_up_upload(batch, key);
  const auto sha256 = reference.sha256.empty() ? sha256_of_object(batch.from, key) : reference.sha256;
  if (const auto error = judge_existing(batch, reference, sha256)) {
    throw Error(*error);
  }
  const auto info = batch.to.find(key);
  return {key, info ? info->size_bytes : 0, sha256};
}

store::StoredObject StorageCopyService::write_large(const Batch& batch, const ObjectReference& reference) {
  const auto& key = reference.object_key;
  auto how = batch.how.at(key);
  how.on_upload = [&](const std::string& id) {
    store::GarbageRepository(with_.databases.get()).note_upload(batch.to_url, key, id);
  };
  // So that nothing large is sent in vain; whether it is still so, the commit finds out.
  if (how.existing == Existing::keep && batch.to.find(key)) {
    return take_existing(batch, reference);
  }
  const auto source = batch.from.open(key);
  const auto writer = batch.to.create(key, how);
  writer->write_from(*source);
  try {
    return writer->commit();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict || how.existing == Existing::replace) {
      throw;
    }
    return take_existing(batch, reference);
  }
}

void StorageCopyService::copy_large(const Batch& batch, const ObjectReference& reference) {
  try {
    // No row names it yet, and the note of announce_objects takes care of it.
    const auto stored = write_large(batch, reference);
    if (!is_content_of(reference, stored.sha256)) {
      throw damaged_object(reference);
    }
    check_copy(batch, reference, stored);
    point_rows({reference}, batch.to_url);
    ++batch.summary.copied;
    batch.summary.size_bytes += stored.size_bytes;
  } catch (const Error& error) {
    if (!stops_all(error)) {
      give_up_upload(batch, reference.object_key);
    }
    batch.fail(error);
  }
}

/// Removes what was sent of an object that the next call is not to go on with.
void StorageCopyService::give_up_upload(const Batch& batch, const std::string& key) {
  store::GarbageRepository garbage(with_.databases.get());
  const auto note = garbage.find(batch.to_url, key);
  if (!note || note->upload_id.empty()) {
    return;
  }
  try {
    batch.to.remove_unfinished({key, note->upload_id, {}});
  } catch (const Error& error) {
    log_warn("a part of an upload is left in the storage; 'lumi gc' removes it: " + std::string(error.what()));
  }
  garbage.note_upload(batch.to_url, key, "");
}

void StorageCopyService::check_copy(const Batch& batch,
                                    const ObjectReference& reference,
                                    const store::StoredObject& stored) {
  const auto info = batch.to.find(reference.object_key);
  if (!info || info->size_bytes != stored.size_bytes) {
    throw damaged_object(at(reference, batch.to_url));
  }
  if (batch.read_back == ReadBack::yes) {
    if (sha256_of_object(batch.to, reference.object_key) != stored.sha256) {
      throw damaged_object(at(reference, batch.to_url));
    }
  }
}

}  // namespace lumi::services
