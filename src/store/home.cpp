#include "store/home.hpp"

#include "base/file.hpp"

namespace lumi::store {

void Home::create() const { make_durable_folder(path_); }

}  // namespace lumi::store
