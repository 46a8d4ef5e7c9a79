#include "changelog/statement.hpp"

namespace changelog {

std::string_view to_string(Grade grade) {
    switch (grade) {
        case Grade::exact:
            return "exact";
        case Grade::loses_since:
            return "loses what was written since";
        case Grade::lossy:
            return "lossy";
        case Grade::impossible:
            return "impossible";
    }
    return "";
}

}  // namespace changelog
