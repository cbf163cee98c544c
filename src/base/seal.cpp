#include "base/seal.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <openssl/evp.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <cstdint>
#include <memory>

#include <dlfcn.h>
#include <string.h>  // explicit_bzero
#include <sys/random.h>

namespace lumi {

namespace {

constexpr std::size_t k_nonce_size = 12;
constexpr std::size_t k_tag_size = 16;
constexpr std::size_t k_block_size = 16;  // of CBC, and of its initialisation vector

/// The functions of libcrypto that are called here. Linking them would cost every command 1.3 ms (docs/adr/0003).
struct CryptoLibrary {
  decltype(&::EVP_CIPHER_CTX_new) context_new;
  decltype(&::EVP_CIPHER_CTX_free) context_free;
  decltype(&::EVP_CIPHER_CTX_ctrl) context_ctrl;
  decltype(&::EVP_aes_256_gcm) aes_256_gcm;
  decltype(&::EVP_aes_256_cbc) aes_256_cbc;
  decltype(&::EVP_EncryptInit_ex) encrypt_init;
  decltype(&::EVP_EncryptUpdate) encrypt_update;
  decltype(&::EVP_EncryptFinal_ex) encrypt_final;
  decltype(&::EVP_DecryptInit_ex) decrypt_init;
  decltype(&::EVP_DecryptUpdate) decrypt_update;
  decltype(&::EVP_DecryptFinal_ex) decrypt_final;
  decltype(&::EVP_PBE_scrypt) scrypt;
};

Error cannot_load(const std::string& why) {
  return {ErrorCode::failure, "cannot load libcrypto: " + why, "install it: apt-get install libssl3"};
}

template <class Function>
void find(void* library, const char* name, Function& function) {
  void* address = ::dlsym(library, name);
  if (address == nullptr) {
    throw cannot_load("it has no function " + quote(name));
  }
  function = reinterpret_cast<Function>(address);
}

CryptoLibrary load() {
  void* library = nullptr;
  std::string why;
  for (const char* name : {"libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"}) {
    library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);  // never closed: it has handlers at exit
    if (library != nullptr) {
      break;
    }
    const char* reason = ::dlerror();
    why = why.empty() && reason != nullptr ? reason : why;
  }
  if (library == nullptr) {
    throw cannot_load(why);
  }
  CryptoLibrary crypto{};
  find(library, "EVP_CIPHER_CTX_new", crypto.context_new);
  find(library, "EVP_CIPHER_CTX_free", crypto.context_free);
  find(library, "EVP_CIPHER_CTX_ctrl", crypto.context_ctrl);
  find(library, "EVP_aes_256_gcm", crypto.aes_256_gcm);
  find(library, "EVP_aes_256_cbc", crypto.aes_256_cbc);
  find(library, "EVP_EncryptInit_ex", crypto.encrypt_init);
  find(library, "EVP_EncryptUpdate", crypto.encrypt_update);
  find(library, "EVP_EncryptFinal_ex", crypto.encrypt_final);
  find(library, "EVP_DecryptInit_ex", crypto.decrypt_init);
  find(library, "EVP_DecryptUpdate", crypto.decrypt_update);
  find(library, "EVP_DecryptFinal_ex", crypto.decrypt_final);
  find(library, "EVP_PBE_scrypt", crypto.scrypt);
  return crypto;
}

const CryptoLibrary& crypto() {
  static const CryptoLibrary library = load();
  return library;
}

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&::EVP_CIPHER_CTX_free)>;

Context make_context() { return {crypto().context_new(), crypto().context_free}; }

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int size_of(std::string_view text) { return static_cast<int>(text.size()); }

void check(bool worked) {
  if (!worked) {
    throw Error(ErrorCode::failure, "libcrypto cannot encrypt");
  }
}

}  // namespace

std::string random_bytes(std::size_t size) {
  std::string random(size, '\0');
  if (::getrandom(random.data(), size, 0) != static_cast<ssize_t>(size)) {
    throw system_error(errno, "cannot get random numbers");
  }
  return random;
}

void wipe(std::string& text) {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

std::string scrypt(std::string_view passphrase, std::string_view salt, const ScryptCost& cost) {
  const auto rounds = std::uint64_t{1} << cost.log2_n;
  const auto memory = 128 * std::uint64_t{cost.block_size} * (rounds + cost.parallel + 2);
  std::string key(k_sealing_key_size, '\0');
  if (crypto().scrypt(passphrase.data(),
                      passphrase.size(),
                      bytes(salt),
                      salt.size(),
                      rounds,
                      cost.block_size,
                      cost.parallel,
                      memory,
                      bytes(key),
                      key.size()) != 1) {
    throw Error(ErrorCode::failure,
                "cannot make a key of the passphrase: that takes " + std::to_string(memory >> 20U) + " MiB of memory");
  }
  return key;
}

std::string seal(std::string_view key, std::string_view label, std::string_view plain) {
  assert(key.size() == k_sealing_key_size);
  const auto& library = crypto();
  const auto context = make_context();
  const auto nonce = random_bytes(k_nonce_size);
  std::string text(plain.size(), '\0');
  std::string tag(k_tag_size, '\0');
  int size = 0;
  check(context && library.encrypt_init(context.get(), library.aes_256_gcm(), nullptr, bytes(key), bytes(nonce)) == 1);
  check(library.encrypt_update(context.get(), nullptr, &size, bytes(label), size_of(label)) == 1);
  check(library.encrypt_update(context.get(), bytes(text), &size, bytes(plain), size_of(plain)) == 1);
  check(library.encrypt_final(context.get(), bytes(text) + size, &size) == 1);
  check(library.context_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, size_of(tag), tag.data()) == 1);
  return nonce + text + tag;
}

std::optional<std::string> open_sealed(std::string_view key, std::string_view label, std::string_view sealed) {
  assert(key.size() == k_sealing_key_size);
  if (sealed.size() < k_nonce_size + k_tag_size) {
    return std::nullopt;
  }
  const auto& library = crypto();
  const auto context = make_context();
  const auto nonce = sealed.substr(0, k_nonce_size);
  const auto text = sealed.substr(k_nonce_size, sealed.size() - k_nonce_size - k_tag_size);
  std::string tag(sealed.substr(sealed.size() - k_tag_size));
  std::string plain(text.size(), '\0');
  int size = 0;
  check(context && library.decrypt_init(context.get(), library.aes_256_gcm(), nullptr, bytes(key), bytes(nonce)) == 1);
  check(library.decrypt_update(context.get(), nullptr, &size, bytes(label), size_of(label)) == 1);
  check(library.decrypt_update(context.get(), bytes(plain), &size, bytes(text), size_of(text)) == 1);
  check(library.context_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, size_of(tag), tag.data()) == 1);
  if (library.decrypt_final(context.get(), bytes(plain) + size, &size) != 1) {
    wipe(plain);
    return std::nullopt;
  }
  return plain;
}

std::optional<std::string> open_cbc(std::string_view key, std::string_view encrypted) {
  assert(key.size() == k_sealing_key_size);
  if (encrypted.size() < 2 * k_block_size || encrypted.size() % k_block_size != 0) {
    return std::nullopt;
  }
  const auto& library = crypto();
  const auto context = make_context();
  const auto text = encrypted.substr(k_block_size);
  std::string plain(text.size() + k_block_size, '\0');
  int size = 0;
  int rest = 0;
  check(context &&
        library.decrypt_init(context.get(), library.aes_256_cbc(), nullptr, bytes(key), bytes(encrypted)) == 1);
  check(library.decrypt_update(context.get(), bytes(plain), &size, bytes(text), size_of(text)) == 1);
  if (library.decrypt_final(context.get(), bytes(plain) + size, &rest) != 1) {
    wipe(plain);
    return std::nullopt;
  }
  plain.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
  return plain;
}

}  // namespace lumi
