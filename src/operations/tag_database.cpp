// tagDatabase: names the state that is reached with this changeset, so that a rollback can go back to it. The
// tag is a column of the changeset's row in the history; no SQL of its own, and nothing to undo beyond that
// row.
#include "changelog/codes.hpp"

#include "operations/nothing.hpp"

namespace changelog::operations {

extern const OperationType tag_database_type;

namespace {

struct TagDatabase final : WithoutSql {
    std::optional<std::string> name;
    bool keep_on_rollback = false;

    const OperationType& type() const override { return tag_database_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(optional("tag", "The tag.").short_form(), name);
        visitor.flag(optional("keepTagOnRollback", "Read and ignored: the history keeps every tag.")
                         .ignored()
                         .cosmetic(),
                     keep_on_rollback);
    }

    void check(Diagnostics& diagnostics) const override {
        if (name && !name->empty()) return;
        Diagnostic& found =
            diagnostics.warning(codes::missing_key, at, "tagDatabase without a tag sets none");
        found.next.emplace_back("write the tag below it: tagDatabase: {tag: v1}");
    }

    std::optional<std::string> tag() const override { return name && !name->empty() ? name : std::nullopt; }
};

}  // namespace

const OperationType tag_database_type = {
    "tagDatabase", "Tags the state of the database.", "other",
    []() -> std::unique_ptr<Operation> { return std::make_unique<TagDatabase>(); }};

}  // namespace changelog::operations
