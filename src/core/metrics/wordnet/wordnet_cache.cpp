#include "core/metrics/wordnet/wordnet_cache.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "core/metrics/nltk_data.hpp"
#include "core/metrics/wordnet/wordnet_compiler.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::metrics {

namespace {

constexpr const char* k_install = "sudo apt-get install wordnet-base";

/// Keeps the bytes that a WordNet reads, from a file or from memory.
struct OpenWordNet {
  std::unique_ptr<MappedFile> file;
  std::string bytes;
  std::optional<WordNet> wordnet;
};

std::shared_ptr<const WordNet> share(std::shared_ptr<OpenWordNet> open) {
  const auto* wordnet = &*open->wordnet;
  return {std::move(open), wordnet};
}

/// What the cache file holds, or null if it is not there or not right.
std::shared_ptr<OpenWordNet> open_cached(const std::filesystem::path& path, std::uint64_t identity) {
  try {
    auto open = std::make_shared<OpenWordNet>();
    open->file = std::make_unique<MappedFile>(path);
    open->wordnet.emplace(open->file->bytes(), identity);
    return open;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) {
      log_info("making " + quote(path.string()) + " again: " + error.what());
    }
    return nullptr;
  }
}

void save(const std::filesystem::path& path, std::string_view bytes) {
  try {
    make_private_folder(path.parent_path());
    write_file(path, bytes, Overwrite::yes, Durable::no);
  } catch (const Error& error) {
    log_info(std::string("going on without a WordNet cache: ") + error.what());
  }
}

}  // namespace

std::filesystem::path find_wordnet(const Resources& resources) {
  if (!resources.wordnet_dir.empty()) {
    if (is_wordnet_folder(resources.wordnet_dir)) {
      return resources.wordnet_dir;
    }
    throw Error(ErrorCode::usage,
                "no WordNet database in " + quote(resources.wordnet_dir.string()),
                std::string("name a folder with index.noun, data.noun, noun.exc and so on, or install one: ") +
                    k_install);
  }
  std::vector<std::filesystem::path> folders;
  if (const auto chosen = environment("WNSEARCHDIR")) {
    folders.emplace_back(*chosen);
  }
  folders.emplace_back("/usr/share/wordnet");
  for (const auto& folder : nltk_data_folders(resources)) {
    folders.push_back(folder / "corpora" / "wordnet");
  }
  for (const auto& folder : folders) {
    if (is_wordnet_folder(folder)) {
      return folder;
    }
  }
  throw Error(ErrorCode::usage,
              "METEOR needs the WordNet database, which is not installed",
              std::string(k_install) + ", or score without synonyms: meteor(wordnet=false)");
}

std::shared_ptr<const WordNet> open_wordnet(const Resources& resources) {
  const auto folder = find_wordnet(resources);
  const auto identity = wordnet_identity(folder);
  const auto path =
      resources.cache_dir / ("wordnet-" + std::to_string(wordnet_format::k_version) + "-" + to_hex(identity) + ".bin");
  if (!resources.cache_dir.empty()) {
    if (auto open = open_cached(path, identity)) {
      return share(std::move(open));
    }
  }
  auto open = std::make_shared<OpenWordNet>();
  open->bytes = compile_wordnet(folder, identity);
  open->wordnet.emplace(open->bytes, identity);
  if (!resources.cache_dir.empty()) {
    save(path, open->bytes);
  }
  return share(std::move(open));
}

}  // namespace lumi::metrics
