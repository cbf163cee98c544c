#include "base/base64.hpp"
#include "base/seal.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace lumi;

namespace {

std::string from_hex_digits(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace

TEST_CASE("Base64 as in RFC 4648, and back") {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : cases) {
    CHECK(base64_encode(plain) == encoded);
    CHECK(base64_decode(encoded) == std::string(plain));
  }
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    all += static_cast<char>(byte);
  }
  CHECK(base64_decode(base64_encode(all)) == all);
  for (const char* bad : {"Z", "Zg=", "Zg", "Zh==", "Z===", "====", "Zm9v\n", "Zm-v", "Zg==Zg=="}) {
    CAPTURE(bad);
    CHECK_FALSE(base64_decode(bad));
  }
}

TEST_CASE("what was sealed is opened with the same key and label alone") {
  const auto key = random_bytes(k_sealing_key_size);
  for (const std::string& plain : {std::string(), std::string("a"), std::string(1024, 'x'), std::string("\0\xff", 2)}) {
    const auto sealed = seal(key, "label", plain);
    CHECK(open_sealed(key, "label", sealed) == plain);
    CHECK_FALSE(open_sealed(key, "labem", sealed));
    CHECK_FALSE(open_sealed(random_bytes(k_sealing_key_size), "label", sealed));
    CHECK_FALSE(open_sealed(key, "label", sealed.substr(1)));
    CHECK_FALSE(open_sealed(key, "label", sealed + "x"));
    CHECK_FALSE(open_sealed(key, "label", ""));
  }
}

TEST_CASE("no bit of what was sealed can be changed") {
  const auto key = random_bytes(k_sealing_key_size);
  const auto sealed = seal(key, "label", "a secret");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    CHECK_FALSE(open_sealed(key, "label", changed));
  }
}

TEST_CASE("the same text is never sealed alike") {
  const auto key = random_bytes(k_sealing_key_size);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    CHECK(seen.insert(seal(key, "", "x").substr(0, 12)).second);
  }
}

TEST_CASE("a test vector of AES-256-GCM opens") {
  // NIST's GCM vectors (gcmDecrypt256, keylen 256, IV 96, PT 128, AAD 128, tag 128), made with another implementation.
  const auto key = from_hex_digits("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const auto label = from_hex_digits("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const auto plain = from_hex_digits(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16a"
      "edf5aa0de657ba637b39");
  const auto sealed = from_hex_digits(
      "cafebabefacedbaddecaf888522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590"
      "dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
  CHECK(open_sealed(key, label, sealed) == plain);
}

TEST_CASE("scrypt as in RFC 7914") {
  CHECK(scrypt("password", "NaCl", {10, 8, 16}) ==
        from_hex_digits("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"));
  CHECK(scrypt("pleaseletmein", "SodiumChloride", {14, 8, 1}) ==
        from_hex_digits("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"));
  CHECK(scrypt("", "", {1, 1, 1}).size() == k_sealing_key_size);
}

TEST_CASE("a wiped text is gone") {
  std::string text(100, 's');
  const char* where = text.data();
  wipe(text);
  CHECK(text.empty());
  CHECK(where[0] == '\0');
}

TEST_CASE("CBC as Lumigator uses it is opened with its key alone") {
  std::string key;
  std::string vector;
  for (char byte = 0; byte < 32; ++byte) {
    key += byte;
    vector += byte < 16 ? std::string(1, byte) : "";
  }
  // openssl enc -aes-256-cbc -K 000102…1f -iv 000102…0f
  const auto text = vector + std::string("\x13\x34\x44\x6d\x67\x57\x6a\x34\x1f\x5f\xbc\xa2\x53\x73\x1b\x43", 16);
  CHECK(open_cbc(key, text) == "sk-k\xC3\xA9y");
  CHECK(open_cbc(std::string(32, 'x'), text) != "sk-k\xC3\xA9y");
  for (const auto& bad : {std::string(), vector, text.substr(1), text + "x"}) {
    CHECK_FALSE(open_cbc(key, bad));
  }
}
