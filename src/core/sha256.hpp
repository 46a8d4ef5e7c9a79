#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace changelog {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view data);

/// The same over data that comes in pieces.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void update(std::string_view piece);
    std::string hex();  ///< ends it; call once

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace changelog
