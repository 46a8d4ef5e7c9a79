// Runs the program as a user does, in a folder of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace changelog::test {

struct Result {
    int code = 0;  ///< 128 + N if signal N ended it
    std::string out, err;
};

/// A working directory that is removed with the test.
class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& name, const std::string& text) const;
    std::string read(const std::string& name) const;
    bool has(const std::string& name) const;
    std::vector<std::string> files(const std::string& folder) const;
    /// A line of shell in which $changelog is the program. Nothing of the caller's environment that names a
    /// database or a configuration reaches it.
    Result run(const std::string& command) const;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace changelog::test
