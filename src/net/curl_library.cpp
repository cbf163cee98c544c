#include "net/curl_library.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <array>
#include <string>

#include <dlfcn.h>

namespace lumi::net {

namespace {

Error cannot_load(const std::string& why) {
  return {ErrorCode::failure, "cannot load libcurl: " + why, "install it: apt-get install libcurl4"};
}

/// The library under the first of its names that is there. Never closed: it has threads and handlers at exit.
void* open_library() {
  std::string why;
  for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
    if (void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
      return library;
    }
    const char* reason = ::dlerror();
    if (why.empty() && reason != nullptr) {
      why = reason;
    }
  }
  throw cannot_load(why);
}

template <class Function>
void find(void* library, const char* name, Function& function) {
  void* address = ::dlsym(library, name);
  if (address == nullptr) {
    throw cannot_load("it has no function " + quote(name) + ", it may be too old");
  }
  function = reinterpret_cast<Function>(address);
}

CurlLibrary load() {
  void* library = open_library();
  CurlLibrary curl{};
  find(library, "curl_easy_init", curl.easy_init);
  find(library, "curl_easy_reset", curl.easy_reset);
  find(library, "curl_easy_cleanup", curl.easy_cleanup);
  find(library, "curl_easy_setopt", curl.easy_setopt);
  find(library, "curl_easy_getinfo", curl.easy_getinfo);
  find(library, "curl_easy_strerror", curl.easy_strerror);
  find(library, "curl_slist_append", curl.slist_append);
  find(library, "curl_slist_free_all", curl.slist_free_all);
  find(library, "curl_multi_init", curl.multi_init);
  find(library, "curl_multi_cleanup", curl.multi_cleanup);
  find(library, "curl_multi_setopt", curl.multi_setopt);
  find(library, "curl_multi_add_handle", curl.multi_add_handle);
  find(library, "curl_multi_remove_handle", curl.multi_remove_handle);
  find(library, "curl_multi_socket_action", curl.multi_socket_action);
  find(library, "curl_multi_info_read", curl.multi_info_read);
  find(library, "curl_multi_strerror", curl.multi_strerror);
  decltype(&::curl_global_init) global_init = nullptr;
  find(library, "curl_global_init", global_init);
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    throw cannot_load("it does not start");
  }
  return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
  static const CurlLibrary library = load();
  return library;
}

}  // namespace lumi::net
