#include "cli/io/streams.hpp"

#include "base/environment.hpp"
#include "base/file.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "cli/io/reader.hpp"

#include <cerrno>
#include <cstdlib>

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace lumi::cli {

namespace {

Terminal terminal_at(int fd) { return ::isatty(fd) == 1 ? Terminal::yes : Terminal::no; }

/// Writes to a standard descriptor; once the reader is gone, everything further is dropped.
class DescriptorSink final : public ByteSink {
public:
  DescriptorSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  void write(std::string_view bytes) override {
    while (!bytes.empty() && !closed_) {
      const auto count = ::write(fd_, bytes.data(), bytes.size());
      if (count >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno == EPIPE || errno == EBADF) {
        closed_ = true;
      } else if (errno != EINTR) {
        const int error_number = errno;
        closed_ = true;
        throw system_error(error_number, "cannot write " + name_);
      }
    }
  }

  bool is_closed() const { return closed_; }

private:
  int fd_;
  std::string name_;
  bool closed_ = false;
};

/// While it lives, the terminal does not show what is typed.
class Unseen {
public:
  Unseen() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (is_terminal_) {
      struct termios quiet = before_;
      quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
  }
  ~Unseen() {
    if (is_terminal_) {
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

private:
  struct termios before_ {};
  bool is_terminal_;
};

class StandardStreams final : public Streams {
public:
  ByteSink& out() override { return out_; }
  ByteSink& err() override {
    if (out_terminal() == Terminal::yes) {  // both end on the same screen, and must come in the order they were written
      out_.flush();
    }
    return err_sink_;
  }
  std::unique_ptr<ByteSource> open_input() override {
    return std::make_unique<FileSource>(UniqueFd(::dup(STDIN_FILENO)), "standard input");
  }
  Terminal in_terminal() const override { return terminal_at(STDIN_FILENO); }
  Terminal out_terminal() const override { return terminal_at(STDOUT_FILENO); }
  Terminal err_terminal() const override { return terminal_at(STDERR_FILENO); }

  int width() const override {
    struct winsize size {};
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
      if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
      }
    }
    return 80;
  }

  std::optional<std::string> read_line() override {
    std::string line;
    for (char c = 0; ::read(STDIN_FILENO, &c, 1) == 1;) {
      if (c == '\n') {
        return line;
      }
      line += c;
    }
    return line.empty() ? std::nullopt : std::optional(line);
  }

  std::optional<std::string> read_secret(const std::string& question) override {
    const Unseen unseen;
    err().write(question);
    auto line = read_line();
    err_sink_.write("\n");
    return line;
  }

  bool out_is_closed() const { return out_sink_.is_closed(); }

  void flush() override { out_.flush(); }

private:
  DescriptorSink out_sink_{STDOUT_FILENO, "standard output"};
  DescriptorSink err_sink_{STDERR_FILENO, "standard error"};
  BufferedSink out_{out_sink_, 64 * 1024};
};

class TextStreams final : public CapturedStreams {
public:
  TextStreams(Terminal terminal, int width, std::string input)
      : terminal_(terminal), width_(width), input_(std::move(input)) {}

  ByteSink& out() override { return out_; }
  ByteSink& err() override { return err_; }
  std::unique_ptr<ByteSource> open_input() override { return std::make_unique<TextSource>(input_); }
  Terminal in_terminal() const override { return terminal_; }
  Terminal out_terminal() const override { return terminal_; }
  Terminal err_terminal() const override { return terminal_; }
  int width() const override { return width_; }

  std::optional<std::string> read_line() override {
    const auto end = input_.find('\n', read_);
    if (end == std::string::npos) {
      return std::nullopt;
    }
    auto line = input_.substr(read_, end - read_);
    read_ = end + 1;
    return line;
  }

  std::optional<std::string> read_secret(const std::string& question) override {
    err_.write(question);
    return read_line();
  }

  void flush() override {}
  const std::string& out_text() const override { return out_.text(); }
  const std::string& err_text() const override { return err_.text(); }

private:
  Terminal terminal_;
  int width_;
  std::string input_;
  std::size_t read_ = 0;
  TextSink out_;
  TextSink err_;
};

std::string_view escape_code(Style style) {
  switch (style) {
  case Style::plain:
    return "";
  case Style::bold:
    return "\x1b[1m";
  case Style::dim:
    return "\x1b[2m";
  case Style::red:
    return "\x1b[31m";
  case Style::green:
    return "\x1b[32m";
  case Style::yellow:
    return "\x1b[33m";
  case Style::cyan:
    return "\x1b[36m";
  }
  return "";
}

std::string styled(std::string_view text, Style style) {
  return std::string(escape_code(style)) + std::string(text) + (style == Style::plain ? "" : "\x1b[0m");
}

std::string as_json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

}  // namespace

bool has_reader(const Streams& streams) {
  const auto* standard = dynamic_cast<const StandardStreams*>(&streams);
  return standard == nullptr || !standard->out_is_closed();
}

std::unique_ptr<Streams> Streams::standard() { return std::make_unique<StandardStreams>(); }

std::unique_ptr<CapturedStreams> Streams::captured(Terminal terminal, int width, std::string input) {
  return std::make_unique<TextStreams>(terminal, width, std::move(input));
}

bool Streams::has_color(Terminal terminal) const {
  if (settings_.color != ColorMode::automatic) {
    return settings_.color == ColorMode::always;
  }
  if (environment("NO_COLOR")) {
    return false;
  }
  if (environment("CLICOLOR_FORCE").value_or("0") != "0") {
    return true;
  }
  return terminal == Terminal::yes && environment("TERM").value_or("") != "dumb";
}

std::string Streams::styled_out(std::string_view text, Style style) const {
  return has_color(out_terminal()) ? styled(text, style) : std::string(text);
}

std::string Streams::styled_err(std::string_view text, Style style) const {
  return has_color(err_terminal()) ? styled(text, style) : std::string(text);
}

void Streams::json_line(std::string_view key, std::string_view json) {
  err().write("{" + as_json_string(key) + ":" + std::string(json) + "}\n");
}

void Streams::message(std::string_view text) {
  if (settings_.verbosity == Verbosity::quiet) {
    return;
  }
  if (settings_.json) {
    json_line("log", "{\"message\":" + as_json_string(text) + "}");
  } else {
    err().write(std::string(text) + "\n");
  }
}

void Streams::warning(std::string_view text) {
  if (settings_.json) {
    json_line("warning", "{\"message\":" + as_json_string(text) + "}");
  } else {
    err().write("lumi: " + styled_err("warning:", Style::yellow) + " " + std::string(text) + "\n");
  }
}

void Streams::error(const Error& error) {
  if (settings_.json) {
    TextSink json;
    JsonWriter writer(json);
    writer.begin_object();
    writer.member("code", name_of(error.code()));
    writer.member("message", std::string_view(error.what()));
    writer.member("hint", error.hint());
    writer.member("exit_code", static_cast<int>(exit_code_of(error.code())));
    writer.end_object();
    json_line("error", json.text());
    return;
  }
  std::string text = "lumi: " + styled_err("error:", Style::red) + " " + error.what() + "\n";
  if (!error.hint().empty()) {
    text += styled_err("hint:", Style::cyan) + " " + error.hint() + "\n";
  }
  if (settings_.verbosity >= Verbosity::verbose) {
    for (const auto& doing : error.context()) {
      text += "  while " + doing + "\n";
    }
  }
  err().write(text);
}

}  // namespace lumi::cli
