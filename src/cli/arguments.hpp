// What stood on the command line, after it was matched with the table of options.
#pragma once

#include "changelog/diagnostics.hpp"

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::cli {

/// The command line or the configuration is wrong, so nothing was begun. Caught by `run`, which prints it.
class UsageError : public std::runtime_error {
  public:
    explicit UsageError(Diagnostics found) : std::runtime_error("usage"), diagnostics(std::move(found)) {}
    /// A CL0001 of this title, with what was probably meant.
    explicit UsageError(std::string title, std::string did_you_mean = {}, std::string why = {});

    Diagnostics diagnostics;
};

/// Options by their long names ("--count"), positional words by theirs ("TAG").
class Arguments {
  public:
    void set(const std::string& name, std::vector<std::string> values) { values_[name] = std::move(values); }

    bool has(const std::string& name) const { return values_.contains(name); }
    /// The last value that was given.
    std::optional<std::string> value(const std::string& name) const;
    std::vector<std::string> values(const std::string& name) const;
    /// A whole number of at least `minimum`; throws UsageError if it is none.
    std::optional<std::size_t> number(const std::string& name, std::size_t minimum = 0) const;
    std::size_t times(const std::string& name) const { return values(name).size(); }

  private:
    std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace changelog::cli
