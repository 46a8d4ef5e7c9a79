// The settings of a session while the statements of a migration go by.
#pragma once

#include "hazards/step.hpp"

#include <map>
#include <string>

namespace changelog::hazards {

class Settings {
  public:
    /// SET, SET LOCAL, RESET, SELECT set_config(...).
    void read(const Step& step, bool in_transaction);
    void end_transaction() { local_.clear(); }
    /// By lower-case names; a value that was reset is empty.
    std::map<std::string, std::string> all() const;

  private:
    void set_by_function(const Node& select, bool in_transaction);

    std::map<std::string, std::string> session_, local_;
};

/// A time zone in which timestamp and timestamptz are stored alike.
bool is_utc(const std::string& zone);

}  // namespace changelog::hazards
