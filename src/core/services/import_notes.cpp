#include "core/services/import_notes.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace lumi::services {

namespace {

constexpr std::size_t k_most_names = 3;

}  // namespace

void ImportNotes::add(const std::string& reason, const std::string& name) {
  auto note = std::find_if(notes_.begin(), notes_.end(), [&](const Note& known) { return known.reason == reason; });
  if (note == notes_.end()) {
    note = notes_.insert(notes_.end(), {reason});
  }
  ++note->count;
  if (note->names.size() < k_most_names) {
    note->names.push_back(quote(name));
  }
}

std::vector<std::string> ImportNotes::texts() const {
  std::vector<std::string> texts;
  for (const auto& note : notes_) {
    texts.push_back(note.reason + " (" + std::to_string(note.count) + "): " + join(note.names, ", ") +
                    (note.count > note.names.size() ? ", …" : ""));
  }
  return texts;
}

}  // namespace lumi::services
