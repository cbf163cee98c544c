#include "base/redaction.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace lumi;

TEST_CASE("a secret is known in every form in which it travels") {
  const auto forms = forms_of_secret("a/b\"+c");
  for (const char* form : {"a/b\"+c", "a%2Fb%22%2Bc", "YS9iIitj", "a/b\\\"+c"}) {
    CAPTURE(form);
    CHECK(std::ranges::count(forms, form) == 1);
  }
  CHECK(std::ranges::count(forms_of_secret("ab"), "YWI=") == 1);
  CHECK(std::ranges::count(forms_of_secret("a"), "YQ==") == 1);
}

TEST_CASE("credentials are masked by their place, even where nobody knows them") {
  const auto is_masked = [](const char* text, const char* masked) {
    CAPTURE(text);
    CHECK(mask_credentials(text) == masked);
  };
  is_masked("Authorization: Bearer abc def", "Authorization: <REDACTED>");
  is_masked("> authorization:Basic YTpi\r\n> Accept: */*", "> authorization:<REDACTED>\r\n> Accept: */*");
  is_masked("x-api-key: k1\nX-API-KEY: k2\n", "x-api-key: <REDACTED>\nX-API-KEY: <REDACTED>\n");
  is_masked(R"({"headers":{"api-key": "a\"b","Cookie":"c"},"n":1})",
            R"({"headers":{"api-key": "<REDACTED>","Cookie":"<REDACTED>"},"n":1})");
  is_masked("GET /b?X-Amz-Signature=ab12&x=1&X-Amz-Credential=AK%2F20 HTTP/1.1",
            "GET /b?X-Amz-Signature=<REDACTED>&x=1&X-Amz-Credential=<REDACTED> HTTP/1.1");
  is_masked("https://user:pass@host/x http://token@other", "https://<REDACTED>@host/x http://<REDACTED>@other");
  is_masked("https://user:p@ss@host", "https://<REDACTED>@host");
  is_masked("the key \"Bearer sk-123456789\" is wrong", "the key \"Bearer <REDACTED>\" is wrong");
}

TEST_CASE("what is no credential stays") {
  for (const char* text : {"",
                           "a bearer of news",
                           "the cookie was fine",
                           "Authorization",
                           "authorization:",
                           "max-api-key-length: 3",
                           "https://host/a@b?c=d@e",
                           "mail someone@host"}) {
    CAPTURE(text);
    CHECK(mask_credentials(text) == text);
  }
}
