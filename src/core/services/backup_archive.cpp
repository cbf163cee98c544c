#include "core/services/backup_archive.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/version.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace lumi::services {

namespace {

using Json = nlohmann::json;

constexpr std::string_view k_start = "lumi-backup.json";
constexpr std::string_view k_backup_manifest = "manifest.json";
constexpr std::int64_t k_backup_format = 1;
constexpr std::size_t k_copy_size = 256 * 1024;

std::string start_json(Timestamp created_at) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("lumi_backup", k_backup_format);
  json.member("created_at", to_rfc3339(created_at));
  json.member("lumi_version", k_version);
  json.end_object();
  return sink.text();
}

std::string manifest_json(const std::map<std::string, BackupFile>& files) {
  TextSink sink;
  JsonWriter json(sink, JsonStyle::indented(1));
  json.begin_object();
  json.key("files");
  json.begin_array();
  for (const auto& [name, file] : files) {
    json.begin_object();
    json.member("name", name);
    json.member("size_bytes", file.size_bytes);
    json.member("sha256", file.sha256);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return sink.text();
}

}  // namespace

// --- BackupWriter ---

BackupWriter::BackupWriter(ByteSink& sink, Timestamp created_at) : tar_(sink, created_at) {
  tar_.add(k_start, start_json(created_at));
}

BackupFile BackupWriter::add(const std::string& name, ByteSource& source, std::uint64_t size_bytes) {
  tar_.begin(name, size_bytes);
  auto file = copy(source, size_bytes);
  files_[name] = file;
  return file;
}

BackupFile BackupWriter::copy(ByteSource& source, std::uint64_t size_bytes) {
  Sha256 hash;
  std::vector<char> buffer(k_copy_size);
  for (std::uint64_t left = size_bytes; left > 0;) {
    throw_if_interrupted();
    const auto count = source.read(buffer.data(), static_cast<std::size_t>(std::min<std::uint64_t>(left, k_copy_size)));
    if (count == 0) {
      break;  // TarWriter says so
    }
    hash.update({buffer.data(), count});
    tar_.write({buffer.data(), count});
    left -= count;
    done_bytes_ += count;
    if (on_progress) {
      on_progress(done_bytes_);
    }
  }
  return {size_bytes, hash.hex_digest()};
}

void BackupWriter::finish() {
  tar_.add(k_backup_manifest, manifest_json(files_));
  tar_.finish();
}

// --- BackupReader ---

BackupReader::BackupReader(ByteSource& source, std::string name) : name_(std::move(name)), tar_(source, name_) {
  read_start();
}

void BackupReader::refuse(std::string_view what) const {
  throw Error(ErrorCode::invalid_input, quote(name_) + " is no whole backup of lumi: " + std::string(what));
}

void BackupReader::read_start() {
  const auto entry = tar_.next();
  if (!entry || entry->name != k_start || entry->size_bytes > k_copy_size) {
    refuse("it does not start with " + std::string(k_start));
  }
  current_ = entry->name;
  TextSink text;
  read(text);
  files_.clear();
  try {
    const auto start = Json::parse(text.text());
    created_at_ = start.at("created_at").get<std::string>();
    if (start.at("lumi_backup").get<std::int64_t>() > k_backup_format) {
      throw Error(ErrorCode::invalid_input, quote(name_) + " was made by a newer lumi", "upgrade lumi");
    }
  } catch (const Json::exception&) {
    refuse(std::string(k_start) + " cannot be read");
  }
}

std::optional<std::string> BackupReader::next() {
  const auto entry = tar_.next();
  if (!entry) {
    refuse("it has no manifest");
  }
  if (files_.contains(entry->name)) {
    refuse("it holds " + quote(entry->name) + " twice");
  }
  current_ = entry->name;
  if (entry->name != k_backup_manifest) {
    return entry->name;
  }
  TextSink text;
  read(text);
  files_.erase(std::string(k_backup_manifest));
  check_manifest(text.text());
  if (tar_.next()) {
    refuse("something follows the manifest");
  }
  return std::nullopt;
}

void BackupReader::read(ByteSink& sink) {
  Sha256 hash;
  std::uint64_t size = 0;
  std::vector<char> buffer(k_copy_size);
  while (const auto count = tar_.read(buffer.data(), buffer.size())) {
    throw_if_interrupted();
    hash.update({buffer.data(), count});
    sink.write({buffer.data(), count});
    size += count;
  }
  files_[current_] = {size, hash.hex_digest()};
}

void BackupReader::check_manifest(const std::string& text) {
  try {
    const auto manifest = Json::parse(text);
    for (const auto& file : manifest.at("files")) {
      const auto name = file.at("name").get<std::string>();
      const auto found = files_.find(name);
      if (found == files_.end()) {
        refuse(quote(name) + " is not in it");
      }
      if (found->second.size_bytes != file.at("size_bytes").get<std::uint64_t>() ||
          found->second.sha256 != file.at("sha256").get<std::string>()) {
        refuse(quote(name) + " is damaged");
      }
    }
    if (manifest.at("files").size() != files_.size()) {
      refuse("the manifest does not name all of its files");
    }
  } catch (const Json::exception&) {
    refuse("the manifest cannot be read");
  }
}

}  // namespace lumi::services
