#include "core/secrets/user_key.hpp"

#include "base/base64.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/seal.hpp"
#include "base/text.hpp"

#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lumi::secrets {

namespace {

namespace fs = std::filesystem;

constexpr const char* k_filename = "lumi.key";
constexpr const char* k_new_suffix = ".new";

void check_private(const fs::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (!fd.is_open() || ::fstat(fd.get(), &info) != 0) {
    throw system_error(errno, "cannot read " + quote(file.string()));
  }
  if ((info.st_mode & 077U) != 0 || (info.st_uid != ::geteuid() && info.st_uid != 0)) {
    throw Error(ErrorCode::credentials,
                "the key file " + quote(file.string()) + " is not only its owner's",
                "chmod 600 " + file.string());
  }
}

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

void write_key(const fs::path& file, const std::string& key, Overwrite overwrite) {
  make_private_folder(file.parent_path());
  auto text = base64_encode(key) + "\n";
  write_file(file, text, overwrite, Durable::yes, Readers::owner);
  wipe(text);
}

fs::path beside(const fs::path& file) { return file.string() + k_new_suffix; }

}  // namespace

UserKey UserKeys::parse(std::string text, std::string origin) {
  auto bytes = base64_decode(trim(text));
  wipe(text);
  if (!bytes || bytes->size() != k_sealing_key_size) {
    throw Error(
        ErrorCode::credentials, origin + " holds no key: 32 bytes in Base64", "'openssl rand -base64 32' makes one");
  }
  protect_memory();
  return {*std::move(bytes), std::move(origin), {}};
}

UserKey UserKeys::read(const fs::path& file) {
  check_private(file);
  auto key = parse(read_file(file), "the file " + quote(file.string()));
  key.file = file;
  return key;
}

std::optional<UserKey> UserKeys::find() const {
  if (const auto file = environment("LUMI_SECRET_KEY_FILE")) {
    return read(*file);
  }
  if (const auto command = environment("LUMI_SECRET_KEY_COMMAND")) {
    return parse(output_of_command(*command), "LUMI_SECRET_KEY_COMMAND");
  }
  if (auto text = secret_environment("LUMI_SECRET_KEY")) {
    return parse(*std::move(text), "LUMI_SECRET_KEY");
  }
  const auto file = folder_ / k_filename;
  return is_there(file) ? std::optional(read(file)) : std::nullopt;
}

UserKey UserKeys::get_or_create() const {
  if (auto key = find()) {
    return *std::move(key);
  }
  const auto file = folder_ / k_filename;
  try {
    write_key(file, random_bytes(k_sealing_key_size), Overwrite::no);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict) {  // another process was faster: its key counts
      throw;
    }
  }
  return read(file);
}

UserKeys::Replacement::Replacement(fs::path file) : file_(std::move(file)) {
  write_key(beside(file_), random_bytes(k_sealing_key_size), Overwrite::yes);
  key_ = read(beside(file_));
}

void UserKeys::Replacement::commit() { UserKeys::commit(key_, {"", "", file_}); }

std::optional<UserKey> UserKeys::find_uncommitted(const UserKey& key) {
  return !key.file.empty() && is_there(beside(key.file)) ? std::optional(read(beside(key.file))) : std::nullopt;
}

void UserKeys::commit(const UserKey& uncommitted, const UserKey& old) {
  std::error_code failure;
  fs::rename(uncommitted.file, old.file, failure);
  if (failure) {
    throw system_error(failure.value(), "cannot write " + quote(old.file.string()));
  }
  sync_folder(old.file.parent_path());
}

}  // namespace lumi::secrets
