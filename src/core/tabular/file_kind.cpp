#include "core/tabular/file_kind.hpp"

#include <array>

namespace lumi::tabular {

namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  FileKind kind;
};

constexpr auto k_save_as_utf8 = "save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")";
constexpr auto k_unpack = "unpack it first";

// UTF-32 (little-endian) starts as UTF-16 does, so it comes first.
constexpr std::array<Signature, 16> k_signatures{{
    {"\xFF\xFE\x00\x00"sv, {"UTF-32", k_save_as_utf8}},
    {"\x00\x00\xFE\xFF"sv, {"UTF-32", k_save_as_utf8}},
    {"\xFF\xFE"sv, {"UTF-16", k_save_as_utf8}},
    {"\xFE\xFF"sv, {"UTF-16", k_save_as_utf8}},
    {"PK\x03\x04"sv, {"a zip file or a spreadsheet", "unpack it first; of a spreadsheet, save a sheet as CSV (UTF-8)"}},
    {"\xD0\xCF\x11\xE0"sv, {"an old Excel or Word file", "save the sheet as CSV (UTF-8)"}},
    {"\x1F\x8B"sv, {"a gzip file", k_unpack}},
    {"\x28\xB5\x2F\xFD"sv, {"a zstd file", k_unpack}},
    {"\xFD"
     "7zXZ\x00"sv,
     {"an xz file", k_unpack}},
    {"BZh91AY&SY"sv, {"a bzip2 file", k_unpack}},
    {"PAR1\x15"sv, {"a Parquet file", "save it as CSV or JSON Lines"}},
    {"ARROW1\x00\x00"sv, {"an Arrow file", "save it as CSV or JSON Lines"}},
    {"SQLite format 3\x00"sv, {"an SQLite database", "save a table of it as CSV"}},
    {"%PDF-1."sv, {"a PDF file", "save its table as CSV (UTF-8)"}},
    {"\x7F"
     "ELF"sv,
     {"a program", ""}},
    {"\x89PNG"sv, {"a picture", ""}},
}};

/// Whether the first characters are ASCII in UTF-16 without a byte order mark.
bool looks_like_utf16(std::string_view bytes) {
  constexpr std::size_t k_looked_at = 8;
  if (bytes.size() < k_looked_at) {
    return false;
  }
  const bool is_big_endian = bytes[0] == '\0';
  for (std::size_t i = 0; i < k_looked_at; ++i) {
    if ((bytes[i] == '\0') != ((i % 2 == 0) == is_big_endian)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<FileKind> find_file_kind(std::string_view bytes) {
  for (const auto& signature : k_signatures) {
    if (bytes.starts_with(signature.bytes)) {
      return signature.kind;
    }
  }
  if (looks_like_utf16(bytes)) {
    return FileKind{"UTF-16", k_save_as_utf8};
  }
  return std::nullopt;
}

}  // namespace lumi::tabular
