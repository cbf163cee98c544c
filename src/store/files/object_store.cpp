#include "store/files/object_store.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"

namespace lumi::store {

namespace {

void read_whole(ObjectStore& store, WholeObject& object) {
  const auto source = store.open(object.key);
  std::string content(k_largest_whole + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const auto count = source->read(content.data() + size, content.size() - size);
    if (count == 0) {
      break;
    }
    size += count;
  }
  if (size > k_largest_whole) {
    throw Error(ErrorCode::too_large, "object " + quote(object.key) + " is not read as a whole");
  }
  object.content.assign(content, 0, size);
}

void write_whole(ObjectStore& store, const WholeObject& object) {
  const auto writer = store.create(object.key, object.how);
  writer->write(object.content);
  writer->commit();
}

template <class Work>
void for_each_alone(std::vector<WholeObject>& objects, Work work) {
  for (auto& object : objects) {
    try {
      work(object);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::interrupted) {
        throw;
      }
      object.error = error;
    }
  }
}

}  // namespace

void ObjectWriter::write_from(ByteSource& source) {
  constexpr std::size_t k_block = 256 * 1024;
  std::vector<char> block(k_block);
  while (const auto count = source.read(block.data(), block.size())) {
    throw_if_interrupted();
    write({block.data(), count});
  }
}

void ObjectStore::read_many(std::vector<WholeObject>& objects) {
  for_each_alone(objects, [&](WholeObject& object) { read_whole(*this, object); });
}

void ObjectStore::write_many(std::vector<WholeObject>& objects) {
  for_each_alone(objects, [&](const WholeObject& object) { write_whole(*this, object); });
}

std::vector<std::optional<ObjectInfo>> ObjectStore::find_many(const std::vector<std::string>& keys) {
  std::vector<std::optional<ObjectInfo>> found;
  found.reserve(keys.size());
  for (const auto& key : keys) {
    found.push_back(find(key));
  }
  return found;
}

std::vector<std::optional<Error>> ObjectStore::remove_many(const std::vector<std::string>& keys) {
  std::vector<WholeObject> objects;
  objects.reserve(keys.size());
  for (const auto& key : keys) {
    objects.push_back({key});
  }
  for_each_alone(objects, [&](const WholeObject& object) { remove(object.key); });
  std::vector<std::optional<Error>> errors;
  errors.reserve(objects.size());
  for (auto& object : objects) {
    errors.push_back(std::move(object.error));
  }
  return errors;
}

void ObjectStore::list_unfinished(const std::string& /*prefix*/,
                                  const std::function<void(const UnfinishedObject&)>& /*visit*/) {}

bool ObjectStore::remove_unfinished(const UnfinishedObject& /*object*/) { return false; }

Error object_not_found(const std::string& key, const std::string& url) {
  return {
      ErrorCode::not_found, "object " + quote(key) + " not found in " + quote(url), "look into it with 'lumi doctor'"};
}

Error object_exists(const std::string& key) {
  return {ErrorCode::conflict, "cannot write the object " + quote(key) + ": there is one already"};
}

}  // namespace lumi::store
