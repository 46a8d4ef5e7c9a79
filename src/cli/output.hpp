// The two streams: data on stdout, everything else on stderr.
#pragma once

#include "changelog/diagnostics.hpp"

#include "cli/arguments.hpp"

#include <string>
#include <string_view>

namespace changelog::cli {

enum class Format : std::uint8_t { text, json, other };

class Output {
  public:
    /// Colour is used on terminals only, and not with NO_COLOR, TERM=dumb or --no-color.
    explicit Output(const Arguments& arguments);

    /// What the command was asked for. With --output-file it is kept until `finish`.
    void data(std::string_view text);
    /// News for people; not with --quiet.
    void say(std::string_view line);
    /// News for people that --quiet does not hold back.
    void warn(std::string_view line);
    /// Diagnostics on stderr, in text.
    void report(const Diagnostics& diagnostics);
    /// Ends a command that has no data: diagnostics on stderr, or, where JSON was asked for, as JSON on
    /// stdout.
    void fail(std::string_view command, const Diagnostics& diagnostics);
    /// The answer of --dry-run; with errors there is no script.
    void script(std::string_view command, std::string_view sql, const Diagnostics& diagnostics);
    /// Writes out what is held back. False if the data could not be written; that has been said.
    bool finish();

    Format format() const { return format_; }
    const std::string& format_name() const { return format_name_; }
    bool quiet() const { return quiet_; }
    bool colour_on_stdout() const { return colour_out_; }
    bool stderr_is_terminal() const { return terminal_err_; }
    std::size_t width() const { return width_; }  ///< of the terminal on stdout; 0: no terminal, so no limit

  private:
    void flush_stdout();

    std::string format_name_ = "text";
    Format format_ = Format::text;
    bool quiet_ = false, colour_out_ = false, colour_err_ = false, terminal_err_ = false;
    int write_error_ = 0;  ///< errno of the first write to stdout that failed
    std::size_t width_ = 0;
    std::string file_, held_;
};

}  // namespace changelog::cli
