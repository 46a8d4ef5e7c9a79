// Raw SQL, read once: what it does to a catalog, and what it touches.
#pragma once

#include "operations/raw_ddl.hpp"
#include "operations/raw_statement.hpp"

#include <memory>
#include <string>
#include <vector>

namespace changelog::operations {

class RawText {
  public:
    explicit RawText(const std::string& sql);
    RawText(const RawText&) = delete;
    RawText& operator=(const RawText&) = delete;

    /// Applies each statement to the scope's catalog; what it finds is added to `result`.
    void follow(RawScope& scope, FollowResult& result) const;
    /// Adds the objects that the statements name. Only the settings of the scope are changed.
    void add_objects(RawScope& scope, std::vector<ObjectRef>& objects) const;

    /// Adds what its statements do besides DDL: they change rows, or run code.
    void find_effects(RawScope& scope, FollowResult& result) const;
    /// Whether all that it changes is what it names.
    bool is_local() const;

  private:
    void follow_statement(std::size_t index, RawScope& scope, FollowResult& result) const;

    std::string sql_;
    sql::ParseTree tree_;
    sql::DdlText text_;
};

/// The pieces of one text.
std::vector<std::unique_ptr<RawText>> read_pieces(const std::vector<std::string>& pieces);

/// These objects, with the partitions and children of the tables.
catalog::Catalog named_objects(const catalog::Catalog& catalog, const std::vector<ObjectRef>& objects);

/// The settings of a session that are followed: SET search_path, and set_config() of it. True if it was one
/// of these.
bool follow_setting(const std::string& kind, const sql::Node& node, RawScope& scope);

}  // namespace changelog::operations
