#include "store/database_provider.hpp"

namespace lumi::store {

Database* DatabaseProvider::find() {
  if (writer_) {
    return writer_.get();
  }
  if (!reader_) {
    reader_ = Database::find(home_);
  }
  return reader_.get();
}

Database& DatabaseProvider::get() {
  if (!writer_) {
    reader_.reset();  // where the writer must be alone, this process would wait for itself
    writer_ = Database::open(home_);
  }
  return *writer_;
}

}  // namespace lumi::store
