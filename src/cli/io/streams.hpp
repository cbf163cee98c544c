#pragma once
#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::cli {

/// Whether the other end is a person at a terminal.
enum class Terminal { no, yes };

/// When colour is used: on a terminal (unless NO_COLOR or TERM=dumb says otherwise), always, or never.
enum class ColorMode { automatic, always, never };

/// How much is said on stderr besides errors.
enum class Verbosity { quiet, normal, verbose, debug };

/// A style of text on a terminal.
enum class Style { plain, bold, dim, red, green, yellow, cyan };

/// How messages are written.
struct StreamSettings {
  bool json = false;  ///< every line on stderr is a JSON object
  ColorMode color = ColorMode::automatic;
  Verbosity verbosity = Verbosity::normal;
  bool progress = true;
};

class CapturedStreams;

/// The only way to the terminal: data to stdout, everything else to stderr. A reader that went away stops the output,
/// never the work.
class Streams {
public:
  /// The process's own standard streams.
  static std::unique_ptr<Streams> standard();

  /// Streams that keep what is written, for tests. `input` is what standard input holds.
  static std::unique_ptr<CapturedStreams> captured(Terminal terminal, int width = 80, std::string input = {});

  virtual ~Streams() = default;

  void configure(const StreamSettings& settings) { settings_ = settings; }
  const StreamSettings& settings() const { return settings_; }

  /// Standard output. Throws system_error if it cannot be written (a full disk); a closed pipe is silent.
  virtual ByteSink& out() = 0;
  virtual ByteSink& err() = 0;
  virtual std::unique_ptr<ByteSource> open_input() = 0;

  virtual Terminal in_terminal() const = 0;
  virtual Terminal out_terminal() const = 0;
  virtual Terminal err_terminal() const = 0;

  /// The width of the terminal in columns; 80 where it is not known.
  virtual int width() const = 0;

  /// One line read from a terminal for a question; nothing at the end of input.
  virtual std::optional<std::string> read_line() = 0;

  /// The same without showing what is typed. `question` is written once nothing is shown any more.
  virtual std::optional<std::string> read_secret(const std::string& question) = 0;

  /// Writes out whatever is buffered on stdout. Throws as `out`.
  virtual void flush() = 0;

  /// A line for people on stderr; nothing with -q. In JSON mode: {"log":{"message":...}}.
  void message(std::string_view text);

  /// "lumi: warning: ..."; in JSON mode {"warning":{"message":...}}.
  void warning(std::string_view text);

  /// The error as the contract shapes it, for people or as JSON. The context follows with -v.
  void error(const Error& error);

  /// One object {"key": json} on stderr (JSON mode only).
  void json_line(std::string_view key, std::string_view json);

  /// `text` in a style, if the stream shows colours.
  std::string styled_out(std::string_view text, Style style) const;
  std::string styled_err(std::string_view text, Style style) const;
  bool out_has_color() const { return has_color(out_terminal()); }

private:
  bool has_color(Terminal terminal) const;

  StreamSettings settings_;
};

/// Streams that keep what is written.
class CapturedStreams : public Streams {
public:
  virtual const std::string& out_text() const = 0;
  virtual const std::string& err_text() const = 0;
};

/// Makes text from datasets and models harmless on a terminal: control characters and bidirectional overrides are shown
/// as \x1b or \u202e.
std::string printable(std::string_view text);

/// The columns that `text` takes on a terminal: combining marks take none, wide characters two, escape codes none.
int display_width(std::string_view text);

/// `text` cut to `width` columns, the last being "…" where something was cut off.
std::string truncated(std::string_view text, int width);

}  // namespace lumi::cli
