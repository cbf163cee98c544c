#include "core/services/beside_others.hpp"

#include "base/interrupt.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "store/files/object_stores.hpp"
#include "store/repositories/garbage_repository.hpp"

namespace lumi::services {

std::string sha256_of_object(store::ObjectStore& objects, const std::string& key) {
  constexpr std::size_t k_buffer_bytes = 256 * 1024;
  const auto source = objects.open(key);
  Sha256 hash;
  std::string buffer(k_buffer_bytes, '\0');
  while (const auto count = source->read(buffer.data(), buffer.size())) {
    throw_if_interrupted();
    hash.update({buffer.data(), count});
  }
  return hash.hex_digest();
}

Error other_content(const std::string& key, const std::string& storage_url) {
  return {ErrorCode::conflict,
          "object " + quote(key) + " is in " + quote(storage_url) +
              " already, with other content, which is left as it is"};
}

store::Existing existing_at(const std::string& storage_url) {
  return storage_url == store::k_home_storage ? store::Existing::replace : store::Existing::keep;
}

store::StoredObject commit_beside_others(const SharedPlace& place,
                                         store::ObjectWriter& writer,
                                         const std::function<std::string()>& sha256) {
  try {
    return writer.commit();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict || existing_at(place.storage_url) == store::Existing::replace) {
      throw;
    }
  }
  const auto info = place.objects.find(place.key);
  if (!info || info->mark.empty() || info->mark != writer.mark()) {
    // First of all, or gc would remove what is not ours, also where it cannot be read.
    store::GarbageRepository(place.databases.get()).remove(place.storage_url, place.key);
  }
  const auto expected = sha256();
  if (sha256_of_object(place.objects, place.key) != expected) {
    throw other_content(place.key, place.storage_url);
  }
  return {place.key, info ? info->size_bytes : 0, expected};
}

}  // namespace lumi::services
