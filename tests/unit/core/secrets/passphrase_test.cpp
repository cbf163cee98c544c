#include "core/secrets/passphrase.hpp"
#include "support/environment.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lumi::secrets;
using lumi::ErrorCode;
using lumi::test::code_of;
using lumi::test::EnvironmentVariable;

namespace {

/// Cheap enough for a test.
Stretching stretching(char salt) { return {{10, 8, 1}, std::string(16, salt)}; }

struct Typist {
  std::vector<std::string> questions;
  std::optional<std::string> answer = "what is typed";
  Passphrase passphrase{[this](const std::string& question) {
    questions.push_back(question);
    return answer;
  }};
};

}  // namespace

TEST_CASE("how a passphrase was stretched is kept in 19 bytes") {
  const auto made = Stretching::make();
  CHECK(made.cost.log2_n == 17);
  CHECK(made.salt != Stretching::make().salt);
  const auto bytes = made.encode();
  REQUIRE(bytes.size() == Stretching::k_size);
  const auto read = Stretching::decode(bytes + "and more");
  REQUIRE(read);
  CHECK(read->encode() == bytes);
  CHECK_FALSE(Stretching::decode(bytes.substr(1)));
  for (const auto& head : {std::string("\x15\x08\x01"),     // 2^21 rounds
                           std::string("\x11\x09\x01"),     // larger blocks
                           std::string("\x11\x08\x02"),     // twice
                           std::string("\x11\x00\x01", 3),  // no block
                           std::string("\x09\x08\x01")}) {  // too cheap to be ours
    CHECK_FALSE(Stretching::decode(head + bytes.substr(3)));
  }
  CHECK(Stretching::decode("\x14\x08\x01" + bytes.substr(3)));
}

TEST_CASE("a passphrase is asked for once, and gives another key with another salt") {
  Typist typist;
  const auto key = typist.passphrase.key(stretching('a'));
  CHECK(key.bytes.size() == lumi::k_sealing_key_size);
  CHECK(key.file.empty());
  CHECK(key.stretching->salt == std::string(16, 'a'));
  CHECK(typist.passphrase.key(stretching('a')).bytes == key.bytes);
  CHECK(typist.passphrase.key(stretching('b')).bytes != key.bytes);
  CHECK(typist.questions.size() == 1);
  Typist same;
  CHECK(same.passphrase.key(stretching('a')).bytes == key.bytes);
  Typist other;
  other.answer = "what is typed ";
  CHECK(other.passphrase.key(stretching('a')).bytes != key.bytes);
}

TEST_CASE("where a passphrase comes from: a command, a variable, a person") {
  Typist typist;
  const auto typed = typist.passphrase.key(stretching('a'));
  CHECK_FALSE(Passphrase::is_in_environment());
  Typist unasked;
  {
    const EnvironmentVariable variable("LUMI_SECRET_PASSPHRASE", "what is typed");
    CHECK(Passphrase::is_in_environment());
    CHECK(unasked.passphrase.key(stretching('a')).bytes == typed.bytes);
    CHECK(unasked.passphrase.key(stretching('a')).origin == "LUMI_SECRET_PASSPHRASE");
    const EnvironmentVariable command("LUMI_SECRET_PASSPHRASE_COMMAND", "echo printed; echo");
    Typist printed;
    CHECK(printed.passphrase.key(stretching('a')).bytes == lumi::scrypt("printed", std::string(16, 'a'), {10, 8, 1}));
    CHECK(printed.questions.empty());
  }
  CHECK(unasked.questions.empty());
  Typist nobody;
  for (const auto& answer : {std::optional<std::string>(), std::optional<std::string>("")}) {
    nobody.answer = answer;
    CHECK(code_of([&] { nobody.passphrase.key(stretching('a')); }) == ErrorCode::credentials);
  }
}

TEST_CASE("a new passphrase is not too short, and takes the place of the one before") {
  Typist typist;
  const auto before = typist.passphrase.key(stretching('a'));
  CHECK(code_of([&] { typist.passphrase.replace("sevenés"); }) == ErrorCode::invalid_input);
  CHECK(typist.passphrase.key(stretching('a')).bytes == before.bytes);
  typist.passphrase.replace("eightées\r\n");
  CHECK(typist.passphrase.key(stretching('a')).bytes == lumi::scrypt("eightées", std::string(16, 'a'), {10, 8, 1}));
  CHECK(typist.questions.size() == 1);
}
