#include "base/tar.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace lumi {

namespace {

constexpr std::size_t k_block = 512;
constexpr std::size_t k_longest_name = 100;
constexpr std::uint64_t k_largest_size = 077777777777;  // what 11 octal digits hold
constexpr std::uint64_t k_largest_extended = 64 * 1024;
constexpr char k_file = '0';
constexpr char k_extended = 'x';

// Places in a ustar header: POSIX.1-2001, pax, "ustar Interchange Format".
constexpr std::size_t k_mode_at = 100;
constexpr std::size_t k_user_at = 108;
constexpr std::size_t k_group_at = 116;
constexpr std::size_t k_size_at = 124;
constexpr std::size_t k_time_at = 136;
constexpr std::size_t k_sum_at = 148;
constexpr std::size_t k_type_at = 156;
constexpr std::size_t k_magic_at = 257;
constexpr std::size_t k_prefix_at = 345;

std::uint64_t sum_of(const std::array<char, k_block>& block) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < k_block; ++i) {
    const bool in_sum = i >= k_sum_at && i < k_sum_at + 8;
    sum += in_sum ? std::uint64_t{' '} : static_cast<unsigned char>(block[i]);
  }
  return sum;
}

void put_octal(std::array<char, k_block>& block, std::size_t at, int digits, std::uint64_t number) {
  auto place = at + static_cast<std::size_t>(digits);
  block[place] = '\0';
  for (; place > at; number >>= 3) {
    block[--place] = static_cast<char>('0' + (number & 7));
  }
}

bool is_plain(std::string_view name) {
  return name.size() <= k_longest_name &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// "LENGTH key=value\n", where LENGTH counts itself too.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::string rest = " " + std::string(key) + "=" + std::string(value) + "\n";
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) {
    length = std::to_string(length).size() + rest.size();
  }
  return std::to_string(length) + rest;
}

std::uint64_t padding_of(std::uint64_t size) { return (k_block - size % k_block) % k_block; }

}  // namespace

// --- TarWriter ---

void TarWriter::begin(std::string_view name, std::uint64_t size_bytes) {
  end_file();
  std::string extended;
  if (!is_plain(name)) {
    extended += pax_record("path", name);
  }
  if (size_bytes > k_largest_size) {
    extended += pax_record("size", std::to_string(size_bytes));
  }
  if (!extended.empty()) {
    write_header(k_extended, "pax", extended.size());
    sink_.write(extended);
    sink_.write(std::string(padding_of(extended.size()), '\0'));
  }
  write_header(k_file, is_plain(name) ? name : "pax", std::min(size_bytes, k_largest_size));
  name_ = std::string(name);
  written_ = 0;
  expected_ = size_bytes;
}

void TarWriter::write(std::string_view bytes) {
  if (bytes.size() > expected_ - written_) {
    throw Error(ErrorCode::failure, quote(name_) + " grew while it was archived");
  }
  sink_.write(bytes);
  written_ += bytes.size();
}

void TarWriter::add(std::string_view name, std::string_view content) {
  begin(name, content.size());
  write(content);
}

void TarWriter::end_file() {
  if (written_ != expected_) {
    throw Error(ErrorCode::failure, quote(name_) + " shrank while it was archived");
  }
  sink_.write(std::string(padding_of(expected_), '\0'));
  written_ = 0;
  expected_ = 0;
}

void TarWriter::finish() {
  end_file();
  sink_.write(std::string(2 * k_block, '\0'));
}

void TarWriter::write_header(char type, std::string_view name, std::uint64_t size_bytes) {
  std::array<char, k_block> block{};
  std::copy(name.begin(), name.end(), block.begin());
  put_octal(block, k_mode_at, 7, 0600);
  put_octal(block, k_user_at, 7, 0);
  put_octal(block, k_group_at, 7, 0);
  put_octal(block, k_size_at, 11, size_bytes);
  put_octal(block,
            k_time_at,
            11,
            static_cast<std::uint64_t>(std::max<std::int64_t>(0, modified_at_.microseconds / 1'000'000)));
  block[k_type_at] = type;
  std::memcpy(&block[k_magic_at],
              "ustar\0"
              "00",
              8);
  put_octal(block, k_sum_at, 6, sum_of(block));
  block[k_sum_at + 7] = ' ';
  sink_.write({block.data(), block.size()});
}

// --- TarReader ---

void TarReader::refuse(std::string_view what) const {
  throw Error(ErrorCode::invalid_input, quote(name_) + " cannot be read as an archive: " + std::string(what));
}

std::size_t TarReader::read_fully(char* buffer, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const auto count = source_.read(buffer + done, size - done);
    if (count == 0) {
      break;
    }
    done += count;
  }
  return done;
}

void TarReader::skip_rest() {
  std::array<char, 16 * k_block> buffer{};
  while (read(buffer.data(), buffer.size()) > 0) {
  }
  const auto padding = static_cast<std::size_t>(padding_);
  if (read_fully(buffer.data(), padding) != padding) {
    refuse("it ends early");
  }
  padding_ = 0;
}

bool TarReader::read_block(Block& block) {
  const auto count = read_fully(block.data(), block.size());
  if (count != block.size()) {
    refuse("it ends early");
  }
  return std::any_of(block.begin(), block.end(), [](char c) { return c != '\0'; });
}

void TarReader::check_sum(const Block& block) const {
  if (std::string_view(&block[k_magic_at], 5) != "ustar" || number(block, k_sum_at, 7) != sum_of(block)) {
    refuse("a header is wrong");
  }
}

std::uint64_t TarReader::number(const Block& block, std::size_t at, std::size_t size) const {
  std::uint64_t value = 0;
  for (const char c : std::string_view(&block[at], size)) {
    if (c == '\0' || c == ' ') {
      break;
    }
    if (c < '0' || c > '7') {
      refuse("a header is wrong");
    }
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::optional<TarEntry> TarReader::next() {
  skip_rest();
  Extended extended;
  for (Block block{}; read_block(block);) {
    check_sum(block);
    const char type = block[k_type_at];
    const auto size = number(block, k_size_at, 12);
    if (type == k_extended) {
      extended = read_extended(size);
      continue;
    }
    if (type != k_file || block[k_prefix_at] != '\0') {
      refuse("it holds something that is no file");
    }
    const std::string_view name(block.data(), k_longest_name);
    TarEntry entry{extended.path.value_or(std::string(name.substr(0, name.find('\0')))),
                   extended.size_bytes.value_or(size)};
    left_ = entry.size_bytes;
    padding_ = padding_of(entry.size_bytes);
    return entry;
  }
  return std::nullopt;
}

TarReader::Extended TarReader::read_extended(std::uint64_t size_bytes) {
  if (size_bytes > k_largest_extended) {
    refuse("a header is too long");
  }
  const auto padded = static_cast<std::size_t>(size_bytes + padding_of(size_bytes));
  std::string text(padded, '\0');
  if (read_fully(text.data(), padded) != padded) {
    refuse("it ends early");
  }
  text.resize(static_cast<std::size_t>(size_bytes));
  Extended extended;
  for (std::string_view rest = text; !rest.empty();) {
    const auto length = parse_integer(rest.substr(0, rest.find(' ')));
    if (!length || *length <= 0 || static_cast<std::uint64_t>(*length) > rest.size()) {
      refuse("a header is wrong");
    }
    take_record(rest.substr(0, static_cast<std::size_t>(*length)), extended);
    rest.remove_prefix(static_cast<std::size_t>(*length));
  }
  return extended;
}

void TarReader::take_record(std::string_view record, Extended& extended) const {
  const auto space = record.find(' ');
  const auto equals = record.find('=');
  if (space == std::string_view::npos || equals == std::string_view::npos || equals < space || record.back() != '\n') {
    refuse("a header is wrong");
  }
  const auto key = record.substr(space + 1, equals - space - 1);
  const auto value = record.substr(equals + 1, record.size() - equals - 2);
  if (key == "path") {
    extended.path = std::string(value);
  } else if (key == "size") {
    const auto size = parse_integer(value);
    if (!size || *size < 0) {
      refuse("a header is wrong");
    }
    extended.size_bytes = static_cast<std::uint64_t>(*size);
  }
}

std::size_t TarReader::read(char* buffer, std::size_t capacity) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, capacity));
  if (wanted == 0) {
    return 0;
  }
  const auto count = source_.read(buffer, wanted);
  if (count == 0) {
    refuse("it ends early");
  }
  left_ -= count;
  return count;
}

}  // namespace lumi
