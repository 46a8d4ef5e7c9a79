// Where something stands in a changelog file.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

namespace changelog {

/// One file as it was read. Positions point into it, so it lives as long as its `Sources`.
struct SourceFile {
    std::string name;  ///< the path as the user would write it, for messages
    std::string text;  ///< the content, UTF-8
};

/// Owns the files of one changelog; addresses stay valid for its whole life.
class Sources {
  public:
    const SourceFile& add(std::string name, std::string text) {
        return files_.emplace_back(SourceFile{std::move(name), std::move(text)});
    }
    const std::deque<SourceFile>& files() const { return files_; }

  private:
    std::deque<SourceFile> files_;
};

/// A place in a file. Line and column count from 1; 0 means that the place is not known.
struct Position {
    const SourceFile* file = nullptr;
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    explicit operator bool() const { return file != nullptr && line != 0; }
};

}  // namespace changelog
