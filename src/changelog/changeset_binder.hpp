// Binds one changeSet. The class is spread over changeset.cpp (its keys), changes.cpp and rollback.cpp.
#pragma once

#include "changelog/changeset_keys.hpp"
#include "changelog/loading.hpp"

#include <memory>
#include <string>
#include <vector>

namespace changelog {

class ChangeSetBinder {
  public:
    ChangeSetBinder(Loading& loading, const FileScope& scope, const Attribute& entry, std::string pointer);

    /// Adds the changeset to the changelog.
    void bind();

  private:
    // changeset.cpp
    void read_keys(const std::vector<Attribute>& attributes);
    void take_over(ChangeSetKeys& keys);
    void check_retain_of(const Attribute& attribute, const std::string& text);
    void accept_invalid(std::size_t first_problem);
    void check_identity_scalars(const std::vector<Attribute>& attributes);
    void read_structural(const Attribute& attribute);
    void read_depends_on(const Attribute& attribute);
    void read_suppressions(const Attribute& attribute);
    void complete();
    bool is_for_postgresql() const;
    void drop_irrelevant_problems(std::size_t first) const;

    // changes.cpp
    using Operations = std::vector<std::unique_ptr<Operation>>;
    void read_changes(const yaml::Node& value, const ReadSettings& settings);
    void read_change_map(const yaml::Node& map, const ReadSettings& settings);
    void read_change_item(const Attribute& attribute, const std::vector<Attribute>& siblings,
                          const ReadSettings& settings);
    void read_operation(const OperationType& type, const Attribute& attribute, const ReadSettings& settings,
                        Operations& out);
    void report_unknown_change(const Attribute& attribute, const std::vector<Attribute>& siblings,
                               bool in_changeset, const ReadSettings& settings);

    // rollback.cpp
    void read_rollback(const Attribute& attribute, const ReadSettings& settings);
    void read_rollback_text(const yaml::Node& text, const ReadSettings& settings);
    void read_rollback_items(const yaml::Node& value, const ReadSettings& settings);
    void read_rollback_reference(const std::vector<Attribute>& attributes, const ReadSettings& settings);

    ReadSettings settings(std::string_view key) const {
        ReadSettings below = settings_;
        below.pointer += "/" + std::string(key);
        return below;
    }

    Loading& loading_;
    const FileScope& scope_;
    const Attribute& entry_;
    ReadSettings settings_;
    std::string what_;  ///< "changeSet 'add-note'"
    ChangeSet set_;
};

}  // namespace changelog
