#include "base/file.hpp"
#include "core/metrics/wordnet/wordnet_cache.hpp"
#include "core/metrics/wordnet/wordnet_compiler.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

using namespace lumi;
using metrics::open_wordnet;
using metrics::Resources;
namespace fs = std::filesystem;

constexpr const char* k_licence = "  1 This is a licence.\n";

/// A WordNet of two nouns, and a folder for its cache.
struct TinyWordNet {
  TinyWordNet() {
    fs::create_directory(source);
    for (const std::string part : {"noun", "verb", "adj", "adv"}) {
      write("index." + part, k_licence);
      write("data." + part, k_licence);
      write(part + ".exc", "");
    }
    write_nouns("hound");
    write("noun.exc", "dogge dog nosuchword\ndoggies dog\n");
  }

  void write(const std::string& name, const std::string& text) const {
    write_file(source / name, text, Overwrite::yes, Durable::no);
  }

  void write_nouns(const std::string& synonym) const {
    const std::string head = k_licence;
    const auto offset = std::to_string(head.size());
    const std::string padded = std::string(8 - offset.size(), '0') + offset;
    write("data.noun", head + padded + " 05 n 04 dog 0 " + synonym + "(a) 0 Fido 0 guide_dog 0 000 | a beast  \n");
    write("index.noun", head + "dog n 1 2 @ ~ 1 1 " + padded + "  \n" + synonym + " n 1 0 1 0 " + padded + "  \n");
  }

  std::vector<fs::path> cache_files() const {
    std::vector<fs::path> files;
    if (fs::exists(resources.cache_dir)) {
      for (const auto& entry : fs::directory_iterator(resources.cache_dir)) {
        files.push_back(entry.path());
      }
    }
    return files;
  }

  test::TempDir folder;
  fs::path source = folder / "wordnet";
  Resources resources = {source, {}, folder / "deep" / "cache"};
};

std::vector<std::string> synonyms(const metrics::WordNet& wordnet, const std::string& word) {
  metrics::SynonymFinder finder(wordnet);
  std::vector<std::string> names;
  for (const auto id : finder.find(word)) {
    names.emplace_back(wordnet.name(id));
  }
  std::sort(names.begin(), names.end());
  return names;
}

const std::vector<std::string> k_dogs{"Fido", "dog", "hound"};

/// Sets an environment variable for a while.
struct Environment {
  Environment(const char* name_, const std::string& value) : name(name_) { ::setenv(name_, value.c_str(), 1); }
  ~Environment() { ::unsetenv(name); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  const char* name;
};

}  // namespace

TEST_CASE("a WordNet is compiled once and then opened") {
  const TinyWordNet tiny;
  const auto first = open_wordnet(tiny.resources);
  CHECK(synonyms(*first, "dog") == k_dogs);
  CHECK(synonyms(*first, "dogs") == k_dogs);
  CHECK(synonyms(*first, "dogge") == k_dogs);
  CHECK(synonyms(*first, "cat").empty());
  const auto files = tiny.cache_files();
  REQUIRE(files.size() == 1);
  const auto written = fs::last_write_time(files[0]);
  const auto second = open_wordnet(tiny.resources);
  CHECK(synonyms(*second, "doggies") == k_dogs);
  CHECK(fs::last_write_time(files[0]) == written);
  CHECK(second->content_checksum() == first->content_checksum());
}

TEST_CASE("a WordNet cache of other files is not used") {
  const TinyWordNet tiny;
  CHECK(synonyms(*open_wordnet(tiny.resources), "dog") == k_dogs);
  tiny.write_nouns("mutt");
  CHECK(synonyms(*open_wordnet(tiny.resources), "dog") == std::vector<std::string>{"Fido", "dog", "mutt"});
  CHECK(tiny.cache_files().size() == 2);
}

TEST_CASE("a damaged WordNet cache is made again, whatever is wrong with it") {
  const TinyWordNet tiny;
  open_wordnet(tiny.resources);
  const auto file = tiny.cache_files().at(0);
  const auto good = read_file(file);
  const auto check_repair = [&](const std::string& bad) {
    write_file(file, bad, Overwrite::yes, Durable::no);
    CHECK(synonyms(*open_wordnet(tiny.resources), "dogs") == k_dogs);
    CHECK(read_file(file) == good);
  };
  for (std::size_t at = 0; at < good.size(); at += at < 64 ? 1 : 37) {
    CAPTURE(at);
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    check_repair(bad);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{64}, good.size() - 1}) {
    CAPTURE(size);
    check_repair(good.substr(0, size));
  }
  check_repair(good + "x");
  fs::remove(file);
  fs::create_directory(file);
  CHECK(synonyms(*open_wordnet(tiny.resources), "dogs") == k_dogs);
}

TEST_CASE("without a cache folder a WordNet is used from memory") {
  TinyWordNet tiny;
  tiny.resources.cache_dir = tiny.source / "index.noun" / "no-folder";
  CHECK(synonyms(*open_wordnet(tiny.resources), "dog") == k_dogs);
  tiny.resources.cache_dir.clear();
  CHECK(synonyms(*open_wordnet(tiny.resources), "dog") == k_dogs);
  if (::geteuid() != 0) {
    tiny.resources.cache_dir = tiny.folder / "locked";
    fs::create_directory(tiny.resources.cache_dir);
    fs::permissions(tiny.resources.cache_dir, fs::perms::owner_read | fs::perms::owner_exec);
    CHECK(synonyms(*open_wordnet(tiny.resources), "dog") == k_dogs);
    fs::permissions(tiny.resources.cache_dir, fs::perms::owner_all);
  }
}

TEST_CASE("many make the cache of a WordNet at once") {
  const TinyWordNet tiny;
  std::vector<std::vector<std::string>> results(16);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&] { result = synonyms(*open_wordnet(tiny.resources), "dogs"); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (const auto& result : results) {
    CHECK(result == k_dogs);
  }
  CHECK(tiny.cache_files().size() == 1);
}

TEST_CASE("a damaged WordNet is refused with the place of the damage") {
  const TinyWordNet tiny;
  const auto complaint = [&](const std::string& name, const std::string& text) {
    const auto before = read_file(tiny.source / name);
    tiny.write(name, text);
    const auto error = test::error_of([&] { open_wordnet(tiny.resources); });
    tiny.write(name, before);
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::invalid_input);
    CHECK(error->hint() == "sudo apt-get install --reinstall wordnet-base");
    return std::string(error->what()).substr(std::string("WordNet file \"").size() + tiny.source.string().size());
  };
  CHECK(complaint("index.noun", "dog n 1 0 1 0\n") == "/index.noun\" is damaged: line 1");
  CHECK(complaint("index.noun", "  1 x\ndog n x 0 1 0 1\n") == "/index.noun\" is damaged: line 2");
  CHECK(complaint("index.verb", "go v 99999999999 0 1 0 1\n") == "/index.verb\" is damaged: line 1");
  CHECK(complaint("index.noun", "dog n 1 0 1 0 7\n") ==
        "/index.noun\" is damaged: it names a synset at 7 that does not exist");
  CHECK(complaint("data.noun", "00000001 05 n 01 dog 0 000 | x\n") == "/data.noun\" is damaged: line 1");
  CHECK(complaint("data.noun", "00000000 05 n 02 dog 0\n") == "/data.noun\" is damaged: line 1");
  CHECK(complaint("noun.exc", "x " + std::string(2000, 'x') + "\n" + std::string(2000, 'y') + " x\n") ==
        "/noun.exc\" is damaged: line 2");
}

TEST_CASE("a WordNet is looked for in the usual places") {
  const TinyWordNet tiny;
  const test::TempDir nowhere;
  CHECK(metrics::find_wordnet(tiny.resources) == tiny.source);
  {
    const Environment environment("WNSEARCHDIR", tiny.source);
    CHECK(metrics::find_wordnet({}) == tiny.source);
  }
  const auto named = test::error_of([&] { metrics::find_wordnet({nowhere.path(), {}, {}}); });
  REQUIRE(named);
  CHECK(named->code() == ErrorCode::usage);
  CHECK(named->what() == "no WordNet database in \"" + nowhere.path().string() + "\"");
  CHECK(named->hint().find("sudo apt-get install wordnet-base") != std::string::npos);
  fs::remove(tiny.source / "adv.exc");
  CHECK(test::code_of([&] { metrics::find_wordnet(tiny.resources); }) == ErrorCode::usage);
}
