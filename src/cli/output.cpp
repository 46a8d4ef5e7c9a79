#include "cli/output.hpp"

#include "changelog/codes.hpp"

#include "cli/file_writer.hpp"
#include "report/diagnostics.hpp"
#include "report/visible.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace changelog::cli {

namespace {

bool colour_wanted(const Arguments& arguments, bool terminal) {
    if (arguments.has("--no-color")) return false;
    if (arguments.has("--color")) return true;
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    return terminal && (no_color == nullptr || *no_color == '\0') &&
           (term == nullptr || std::strcmp(term, "dumb") != 0);
}

std::size_t terminal_width() {
    winsize size{};
    return isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool write(std::FILE* stream, std::string_view text) {
    return text.empty() || std::fwrite(text.data(), 1, text.size(), stream) == text.size();
}

}  // namespace

Output::Output(const Arguments& arguments)
    : format_name_(arguments.value("--format").value_or("text")),
      format_(format_name_ == "text"   ? Format::text
              : format_name_ == "json" ? Format::json
                                       : Format::other),
      quiet_(arguments.has("--quiet")),
      terminal_err_(isatty(STDERR_FILENO) != 0),
      width_(terminal_width()),
      file_(arguments.value("--output-file").value_or("")) {
    colour_out_ = file_.empty() && colour_wanted(arguments, isatty(STDOUT_FILENO) != 0);
    colour_err_ = colour_wanted(arguments, terminal_err_);
}

void Output::data(std::string_view text) {
    if (!file_.empty())
        held_ += text;
    else if (write_error_ == 0 && !write(stdout, text))
        write_error_ = errno == 0 ? EIO : errno;
}

/// Keeps the order where both streams go to one place. A failed flush empties the buffer, so a later one
/// would succeed.
void Output::flush_stdout() {
    if (write_error_ == 0 && std::fflush(stdout) != 0) write_error_ = errno == 0 ? EIO : errno;
}

void Output::say(std::string_view line) {
    if (!quiet_) warn(line);
}

void Output::warn(std::string_view line) {
    flush_stdout();
    write(stderr, report::visible(line, report::Lines::many) + '\n');
}

void Output::report(const Diagnostics& diagnostics) {
    flush_stdout();
    write(stderr, report::diagnostics_text(diagnostics, colour_err_));
}

void Output::fail(std::string_view command, const Diagnostics& diagnostics) {
    if (format_ == Format::json)
        data(report::diagnostics_json(command, diagnostics));
    else
        report(diagnostics);
}

void Output::script(std::string_view command, std::string_view sql, const Diagnostics& diagnostics) {
    const std::string_view shown = diagnostics.has_errors() ? std::string_view() : sql;
    if (format_ == Format::json) return data(report::script_json(command, shown, diagnostics));
    data(shown);
    report(diagnostics);
}

bool Output::finish() {
    if (!file_.empty()) {
        Diagnostics diagnostics;
        const bool written = write_file(file_, held_, IfExists::replace, diagnostics);
        report(diagnostics);
        return written;
    }
    flush_stdout();
    if (write_error_ == 0 && std::ferror(stdout) != 0) write_error_ = EIO;
    if (write_error_ == 0 || write_error_ == EPIPE) return true;  // EPIPE: the reader has seen enough
    Diagnostics diagnostics;
    diagnostics.add(Severity::error, codes::cannot_write_file, {},
                    fmt::format("cannot write to stdout: {}", std::strerror(write_error_)));
    report(diagnostics);
    return false;
}

}  // namespace changelog::cli
