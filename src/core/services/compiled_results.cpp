#include "core/services/compiled_results.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace lumi::services {

namespace {

constexpr std::array<std::string_view, 4> k_sections{"metrics", "parameters", "artifacts", "lumi"};
constexpr std::size_t k_block = 64 * 1024;
constexpr std::size_t k_longest_key = 4096;

/// A member of one of the objects in a results file, and where its value stands.
struct Member {
  std::string section;
  std::string key;  ///< as it is written between its quotes
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool is_null = false;
};

/// Finds the members of the objects in the outermost object. It reads what lumi itself has written and whose hash was
/// compared: the grammar is not checked beyond what finding them takes.
class MemberScanner {
public:
  void take(std::string_view bytes) {
    for (const char c : bytes) {
      if (in_text_) {
        take_in_text(c);
      } else {
        take(c);
      }
      ++offset_;
    }
  }

  std::vector<Member> finish(const std::string& name) {
    if (depth_ != 0 || members_.empty()) {
      throw Error(ErrorCode::storage, quote(name) + " is no results file", "'lumi doctor' checks the store");
    }
    return std::move(members_);
  }

private:
  static constexpr int k_depth_of_members = 2;

  void take(char c) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      return;
    }
    if (is_value_next_) {
      member_.begin = offset_;
      member_.is_null = c == 'n';
      is_value_next_ = false;
      is_open_ = true;
    }
    if (c == '"') {
      in_text_ = true;
      text_.clear();
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (c == '}' || c == ']') {
      close_member();
      --depth_;
    } else if (c == ',') {
      close_member();
    } else if (c == ':' && depth_ <= k_depth_of_members) {
      take_key();
    }
  }

  void take_in_text(char c) {
    if (c == '"' && !is_escaped_) {
      in_text_ = false;
      return;
    }
    is_escaped_ = c == '\\' && !is_escaped_;
    if (depth_ <= k_depth_of_members && text_.size() < k_longest_key) {
      text_ += c;
    }
  }

  void take_key() {
    if (depth_ < k_depth_of_members) {
      member_.section = text_;
    } else {
      member_.key = text_;
      is_value_next_ = true;
    }
  }

  void close_member() {
    if (is_open_ && depth_ == k_depth_of_members) {
      member_.end = offset_;
      members_.push_back(member_);
      is_open_ = false;
    }
  }

  std::vector<Member> members_;
  Member member_;
  std::string text_;
  std::uint64_t offset_ = 0;
  int depth_ = 0;
  bool in_text_ = false;
  bool is_escaped_ = false;
  bool is_value_next_ = false;
  bool is_open_ = false;
};

/// One of the two files, and what is in it.
class Part {
public:
  explicit Part(const ResultsFile& file) : file_(file) {
    const auto source = file.open(0);
    MemberScanner scanner;
    std::vector<char> block(k_block);
    for (auto count = source->read(block.data(), block.size()); count > 0;
         count = source->read(block.data(), block.size())) {
      scanner.take({block.data(), count});
    }
    members_ = scanner.finish(file.name);
  }

  const std::vector<Member>& members() const { return members_; }

  const Member* find(std::string_view section, std::string_view key) const {
    const auto found = std::find_if(members_.begin(), members_.end(), [&](const Member& member) {
      return member.section == section && member.key == key;
    });
    return found == members_.end() ? nullptr : &*found;
  }

  void copy(ByteSink& sink, const Member& member) const {
    const auto source = file_.open(member.begin);
    std::vector<char> block(k_block);
    for (auto left = member.end - member.begin; left > 0;) {
      const auto count = source->read(block.data(), std::min<std::uint64_t>(left, block.size()));
      if (count == 0) {
        throw Error(ErrorCode::storage, quote(file_.name) + " changed while it was read");
      }
      sink.write({block.data(), count});
      left -= count;
    }
  }

  std::string text_of(const Member& member) const {
    TextSink sink;
    copy(sink, member);
    return sink.text();
  }

private:
  const ResultsFile& file_;
  std::vector<Member> members_;
};

// `{"a":1}` and `{"b":2}` as one object.
std::string joined_objects(const std::string& first, const std::string& second) {
  const auto inside = [](const std::string& object) { return object.substr(1, object.size() - 2); };
  const bool both = first.size() > 2 && second.size() > 2;
  return "{" + inside(first) + (both ? "," : "") + inside(second) + "}";
}

/// Writes one section of both files as one.
class SectionWriter {
public:
  SectionWriter(ByteSink& sink, std::string_view section) : sink_(sink), section_(section) {}

  void write(const Part& evaluation, const Part& inference) {
    sink_.write("{");
    for (const auto& member : evaluation.members()) {
      if (member.section == section_) {
        begin(member);
        write_value(evaluation, member, inference);
      }
    }
    for (const auto& member : inference.members()) {
      if (member.section == section_ && evaluation.find(section_, member.key) == nullptr) {
        begin(member);
        inference.copy(sink_, member);
      }
    }
    sink_.write("}");
  }

private:
  void begin(const Member& member) {
    sink_.write((is_first_ ? "\"" : ",\"") + member.key + "\":");
    is_first_ = false;
  }

  void write_value(const Part& evaluation, const Member& member, const Part& inference) {
    const auto* other = inference.find(section_, member.key);
    if (other == nullptr || other->is_null) {
      evaluation.copy(sink_, member);
    } else if (member.key == "durations") {
      sink_.write(joined_objects(evaluation.text_of(member), inference.text_of(*other)));
    } else {
      inference.copy(sink_, *other);
    }
  }

  ByteSink& sink_;
  std::string_view section_;
  bool is_first_ = true;
};

}  // namespace

std::string compiled_key(const std::string& workflow_id) {
  return "workflows/results/" + workflow_id + "/compiled.json";
}

void compile_results(ByteSink& sink, const ResultsFile& evaluation, const ResultsFile& inference) {
  const Part scores(evaluation);
  const Part answers(inference);
  bool is_first = true;
  for (const auto section : k_sections) {
    sink.write((is_first ? "{\"" : ",\"") + std::string(section) + "\":");
    SectionWriter(sink, section).write(scores, answers);
    is_first = false;
  }
  sink.write("}");
}

}  // namespace lumi::services
