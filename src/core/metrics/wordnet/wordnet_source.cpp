#include "core/metrics/wordnet/wordnet_source.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "core/metrics/wordnet/wordnet_compiler.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <sys/stat.h>

namespace lumi::metrics {

namespace {

using wordnet_format::k_parts;

/// Longer names than this are none: they would not fit the compiled form.
constexpr std::size_t k_longest_name = 1000;

/// The fields of a line, separated by spaces.
class Fields {
public:
  explicit Fields(std::string_view line) : rest_(line) {}

  /// The next field, empty at the end.
  std::string_view next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    const auto field = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(field.size());
    return field;
  }

  /// The next field as a number; nothing if it is none.
  std::optional<std::uint64_t> next_number(int base = 10) {
    const auto field = next();
    std::uint64_t value = 0;
    const auto result = std::from_chars(field.data(), field.data() + field.size(), value, base);
    if (field.empty() || result.ec != std::errc() || result.ptr != field.data() + field.size()) {
      return std::nullopt;
    }
    return value;
  }

private:
  std::string_view rest_;
};

/// How much of a file is kept in memory while it is read.
constexpr std::size_t k_window_bytes = 256 * 1024;

/// Calls `take(line, offset)` with each line of `file` but the licence, whose lines start with a space. Throws what
/// `damaged(line number)` gives when `take` returns false.
template <class Take, class Damaged>
void for_each_line(const MappedFile& file, Take take, Damaged damaged) {
  const auto text = file.bytes();
  std::size_t number = 0;
  std::size_t kept_from = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    auto line = text.substr(begin, end - begin);
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    ++number;
    if (!line.empty() && line.front() != ' ' && !take(line, begin)) {
      throw damaged(number);
    }
    begin = end + 1;
    if (begin - kept_from > k_window_bytes || begin >= text.size()) {
      file.forget(kept_from, begin);
      kept_from = begin;
    }
  }
}

std::string_view without_mark(std::string_view name) {
  return !name.empty() && name.back() == ')' ? name.substr(0, name.find('(')) : name;
}

/// "lemma pos synset_cnt p_cnt [symbol...] sense_cnt tagsense_cnt offset..."
bool read_index_line(std::string_view line, std::string_view& lemma, std::vector<std::uint64_t>& offsets) {
  Fields fields(line);
  lemma = fields.next();
  fields.next();
  const auto synsets = fields.next_number();
  const auto pointers = fields.next_number();
  if (!synsets || !pointers || lemma.size() > k_longest_name || *synsets > line.size() || *pointers > line.size()) {
    return false;
  }
  for (std::uint64_t i = 0; i < *pointers + 2; ++i) {
    fields.next();
  }
  offsets.clear();
  for (std::uint64_t i = 0; i < *synsets; ++i) {
    const auto offset = fields.next_number();
    if (!offset) {
      return false;
    }
    offsets.push_back(*offset);
  }
  return true;
}

/// "offset lex_filenum ss_type w_cnt word lex_id [word lex_id...] ..."
bool read_synset_line(std::string_view line, std::size_t at, std::vector<std::string_view>& names) {
  Fields fields(line);
  const auto offset = fields.next_number();
  fields.next();
  fields.next();
  const auto count = fields.next_number(16);
  if (offset != at || !count) {
    return false;
  }
  names.clear();
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto name = without_mark(fields.next());
    if (name.empty() || name.size() > k_longest_name || fields.next().empty()) {
      return false;
    }
    names.push_back(name);
  }
  return true;
}

}  // namespace

std::array<std::string, 3> wordnet_files(unsigned part) {
  const std::string name(k_parts[part]);
  return {"index." + name, "data." + name, name + ".exc"};
}

bool is_wordnet_folder(const std::filesystem::path& folder) {
  for (unsigned part = 0; part < k_parts.size(); ++part) {
    for (const auto& file : wordnet_files(part)) {
      std::error_code ignored;
      if (!std::filesystem::is_regular_file(folder / file, ignored)) {
        return false;
      }
    }
  }
  return true;
}

std::uint64_t wordnet_identity(const std::filesystem::path& folder) {
  std::error_code ignored;
  const auto whole = std::filesystem::absolute(folder, ignored);
  std::string facts = (whole.empty() ? folder : whole).lexically_normal().string();
  for (unsigned part = 0; part < k_parts.size(); ++part) {
    for (const auto& file : wordnet_files(part)) {
      struct stat info {};
      const auto path = folder / file;
      if (::stat(path.c_str(), &info) != 0) {
        throw system_error(errno, "cannot read " + quote(path.string()));
      }
      for (const auto number : {info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec}) {
        facts += ' ' + std::to_string(number);
      }
    }
  }
  return checksum(facts);
}

WordNetSource::WordNetSource(const std::filesystem::path& folder) : folder_(folder) {
  for (unsigned part = 0; part < k_parts.size(); ++part) {
    const auto names = wordnet_files(part);
    files_[part] = {std::make_unique<MappedFile>(folder / names[0]),
                    std::make_unique<MappedFile>(folder / names[1]),
                    std::make_unique<MappedFile>(folder / names[2])};
  }
}

Error WordNetSource::damaged(std::string_view kind, unsigned part, const std::string& why) const {
  const auto names = wordnet_files(part);
  const auto& name = kind == "index" ? names[0] : kind == "data" ? names[1] : names[2];
  return Error(ErrorCode::invalid_input,
               "WordNet file " + quote((folder_ / name).string()) + " is damaged: " + why,
               "sudo apt-get install --reinstall wordnet-base");
}

std::size_t WordNetSource::index_bytes() const {
  std::size_t bytes = 0;
  for (const auto& files : files_) {
    bytes += files.index->bytes().size();
  }
  return bytes;
}

void WordNetSource::for_each_index_line(unsigned part, const TakeIndexLine& take) const {
  std::string_view lemma;
  std::vector<std::uint64_t> offsets;
  for_each_line(
      *files_[part].index,
      [&](std::string_view line, std::size_t) {
        const bool is_good = read_index_line(line, lemma, offsets);
        if (is_good) {
          take(lemma, offsets);
        }
        return is_good;
      },
      [&](std::size_t number) { return damaged("index", part, "line " + std::to_string(number)); });
}

void WordNetSource::for_each_synset(unsigned part, const TakeSynset& take) const {
  std::vector<std::string_view> names;
  for_each_line(
      *files_[part].data,
      [&](std::string_view line, std::size_t at) {
        const bool is_good = read_synset_line(line, at, names);
        if (is_good) {
          take(at, names);
        }
        return is_good;
      },
      [&](std::size_t number) { return damaged("data", part, "line " + std::to_string(number)); });
}

void WordNetSource::for_each_exception(unsigned part, const TakeException& take) const {
  std::vector<std::string_view> bases;
  for_each_line(
      *files_[part].exceptions,
      [&](std::string_view line, std::size_t) {
        Fields fields(line);
        const auto word = fields.next();
        bases.clear();
        for (auto base = fields.next(); !base.empty(); base = fields.next()) {
          bases.push_back(base);
        }
        const bool is_good = !word.empty() && word.size() <= k_longest_name;
        if (is_good) {
          take(word, bases);
        }
        return is_good;
      },
      [&](std::size_t number) { return damaged("exc", part, "line " + std::to_string(number)); });
}

}  // namespace lumi::metrics
