#include "core/tabular/json_columns.hpp"

#include "base/text.hpp"
#include "core/tabular/columns.hpp"
#include "core/tabular/json_text.hpp"

#include <utility>

namespace lumi::tabular {

/// Where the quote before a string is.
std::size_t JsonColumns::quote_before(std::string_view string) const { return offset_of(string.data()) - 1; }

/// The key's text, valid until the next call. It is not decoded in place: messages need the line as it was.
std::string_view JsonColumns::key_of(const JsonMember& member) {
  if (!member.is_key_escaped) {
    return member.key;
  }
  decoded_key_ = member.key;
  std::string_view key = decoded_key_;
  decode_in_place(key);
  return key;
}

bool JsonColumns::take_from(const std::vector<JsonMember>& members, const char* object) {
  const auto at = offset_of(object);
  if (members.empty()) {
    input_.report(at, {.message = "the first object has no members, so there are no columns"});
    return false;
  }
  for (const auto& member : members) {
    const auto key = key_of(member);
    if (!columns_.emplace(std::string(key), keys_.size()).second) {
      input_.report(quote_before(member.key),
                    {.field = std::string(key), .message = "the key " + quote_short(key) + " is there twice"});
      return false;
    }
    keys_.emplace_back(key);
  }
  auto named = name_columns(keys_);
  for (auto& note : named.notes) {
    input_.add_note(std::move(note));
  }
  names_ = std::move(named.names);
  last_row_.assign(names_.size(), 0);
  if (auto problem = rename_columns(names_, input_.options().renames)) {
    input_.report(at, std::move(*problem));
  }
  return true;
}

std::optional<std::size_t> JsonColumns::find_column(std::string_view key, std::size_t likely) const {
  if (likely < keys_.size() && keys_[likely] == key) {
    return likely;
  }
  const auto found = columns_.find(key);
  return found == columns_.end() ? std::nullopt : std::optional(found->second);
}

void JsonColumns::report_unknown(const JsonMember& member, std::string_view key) {
  auto hint = suggest_column(key, keys_);
  input_.report(quote_before(member.key),
                {.field = std::string(key),
                 .message = "the key " + quote_short(key) + " is not in the first object",
                 .hint = hint.empty() ? "the first object names the columns: give it all keys" : std::move(hint)});
}

bool JsonColumns::is_cell_too_large(const JsonMember& member) const {
  const auto limit = input_.options().max_cell_bytes;
  return member.value.size() > limit && (!member.is_value_escaped || decoded_size(member.value) > limit);
}

/// The column of `member`, which is the one at `index` in its object; nothing if it was reported.
std::optional<std::size_t> JsonColumns::place(const JsonMember& member, std::size_t index) {
  const auto key = key_of(member);
  const auto column = find_column(key, index);
  if (!column) {
    report_unknown(member, key);
    return std::nullopt;
  }
  if (std::exchange(last_row_[*column], rows_) == rows_) {
    input_.report(quote_before(member.key),
                  {.field = names_[*column], .message = "the key " + quote_short(key) + " is there twice"});
    return std::nullopt;
  }
  if (is_cell_too_large(member)) {
    input_.report(offset_of(member.value.data()) - (member.kind == JsonKind::string ? 1 : 0),
                  {.code = ErrorCode::too_large,
                   .field = names_[*column],
                   .message = "a text is longer than " + human_size(input_.options().max_cell_bytes)});
    return std::nullopt;
  }
  return column;
}

bool JsonColumns::fill(Row& row, std::vector<JsonMember>& members) {
  // To say where each problem is costs a look at the object so far.
  constexpr std::size_t k_most_problems = 10;
  ++rows_;
  std::size_t problems = 0;
  member_columns_.clear();
  for (std::size_t i = 0; i < members.size() && problems < k_most_problems; ++i) {
    const auto column = place(members[i], i);
    problems += column ? 0U : 1U;
    member_columns_.push_back(column.value_or(0));
  }
  if (problems > 0) {
    return false;
  }
  row.fields.assign(names_.size(), {});
  for (std::size_t i = 0; i < members.size(); ++i) {
    auto& member = members[i];
    if (member.is_value_escaped) {
      decode_in_place(member.value);
    } else if (member.kind == JsonKind::nested) {
      compact_in_place(member.value);
    }
    row.fields[member_columns_[i]] = member.value;
  }
  return true;
}

}  // namespace lumi::tabular
