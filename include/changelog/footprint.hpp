// What a changeset touches: all that the dependency graph ever sees of it.
#pragma once

#include "changelog/names.hpp"

#include <string>
#include <vector>

namespace changelog {

enum class Access : std::uint8_t {
    create,   ///< did not exist before, exists after
    require,  ///< must exist and is not changed
    alter,    ///< must exist and is changed
    drop,     ///< must exist before, does not after
};

struct Touch {
    Access access = Access::require;
    ObjectRef object;
    bool tentative = false;  ///< IF [NOT] EXISTS and the like: says nothing about what was there before
};

/// A barrier is something that cannot be seen through (a DO block, dynamic SQL, a shell command): it is
/// ordered after all before it and before all after it, unless the changeset declares `dependsOn`/`provides`.
struct Footprint {
    std::vector<Touch> touches;
    bool barrier = false;
    std::string barrier_reason;

    void create(ObjectRef object) { touches.push_back({Access::create, std::move(object), false}); }
    void require(ObjectRef object) { touches.push_back({Access::require, std::move(object), false}); }
    void alter(ObjectRef object) { touches.push_back({Access::alter, std::move(object), false}); }
    void drop(ObjectRef object) { touches.push_back({Access::drop, std::move(object), false}); }
    void block(std::string reason) {
        barrier = true;
        if (barrier_reason.empty()) barrier_reason = std::move(reason);
    }
};

}  // namespace changelog
