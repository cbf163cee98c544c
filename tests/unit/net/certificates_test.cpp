#include "net/certificates.hpp"
#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace lumi::net;
using lumi::test::ChildProcess;

namespace {

/// Whether `holds` is true of what is found with these variables set, in a process of its own.
template <class Holds>
bool found_with(std::initializer_list<std::pair<const char*, std::string>> variables, Holds holds) {
  ChildProcess child([&] {
    for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_CA_BUNDLE"}) {
      ::unsetenv(name);
    }
    for (const auto& [name, value] : variables) {
      ::setenv(name, value.c_str(), 1);
    }
    return holds(find_certificates()) ? 0 : 1;
  });
  return child.wait().exit_code == 0;
}

}  // namespace

TEST_CASE("certificates are where the environment says, the most specific name first") {
  const lumi::test::TempDir folder;
  CHECK(found_with({{"SSL_CERT_FILE", "/a/file"}, {"SSL_CERT_DIR", folder.path()}, {"AWS_CA_BUNDLE", "/b"}},
                   [](const Certificates& found) { return found.file == "/a/file" && found.folder.empty(); }));
  CHECK(found_with({{"SSL_CERT_DIR", folder.path()}},
                   [&](const Certificates& found) { return found.folder == folder.path() && found.file.empty(); }));
  CHECK(found_with({{"AWS_CA_BUNDLE", "/b"}}, [](const Certificates& found) { return found.file == "/b"; }));
  CHECK(found_with({{"AWS_CA_BUNDLE", folder.path()}},
                   [&](const Certificates& found) { return found.folder == folder.path(); }));
}

TEST_CASE("without a word from the environment there is one place, never both") {
  CHECK(found_with({}, [](const Certificates& found) { return found.file.empty() || found.folder.empty(); }));
}
