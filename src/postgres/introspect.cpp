#include "postgres/introspect.hpp"

namespace changelog::postgres {

catalog::Catalog introspect(Connection& /*connection*/, const IntrospectOptions& /*options*/) { return {}; }

}  // namespace changelog::postgres
