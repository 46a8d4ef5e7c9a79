// alterSequence: changes options, under SHARE ROW EXCLUSIVE on the sequence: nextval() waits for the end of
// the transaction. Undone by setting each option that is given here back to what it was.
#include "changelog/codes.hpp"

#include "operations/lookup.hpp"
#include "operations/sequence.hpp"

namespace changelog::operations {

extern const OperationType alter_sequence_type;

namespace {

std::string back_to(std::string_view words, const std::optional<std::string>& value,
                    std::string_view otherwise) {
    return value ? fmt::format(" {} {}", words, *value) : fmt::format(" {}", otherwise);
}

struct AlterSequence final : Operation {
    std::string schema, sequence, ignored_catalog;
    SequenceFields options;

    const OperationType& type() const override { return alter_sequence_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("sequenceName", "Name of the sequence."), sequence);
        visitor.text(schema_name(), schema);
        options.describe(visitor, false);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void check(Diagnostics& diagnostics) const override {
        options.check(diagnostics, at);
        if (options.clauses(" NO CYCLE").empty())
            diagnostics.error(codes::missing_key, at, "alterSequence changes nothing: no option is given");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(Naming(context).ref(ObjectKind::sequence, schema, sequence));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(alter(context, options.clauses(" NO CYCLE")));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const auto* known = find_in(context.before->sequences, naming.stored_object(schema, sequence));
        if (known == nullptr) return not_known(context, naming.ref(ObjectKind::sequence, schema, sequence));
        return undo(alter(context, former(known->options)));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        auto* known = find_in(catalog.sequences, Naming(context).stored_object(schema, sequence));
        if (known != nullptr) known->options = options.over(known->options);
    }

  private:
    std::string alter(const RenderContext& context, const std::string& clauses) const {
        return fmt::format("ALTER SEQUENCE {}{}", Naming(context).object(schema, sequence), clauses);
    }

    std::string former(const catalog::SequenceOptions& before) const {
        std::string text = options.data_type.empty() ? "" : " AS " + before.type;
        if (options.increment) text += back_to("INCREMENT BY", before.increment, "INCREMENT BY 1");
        // A limit that is the type's own moves with the type, and one that only happens to be it does, too.
        const bool retyped = !options.data_type.empty();
        if (options.minimum || (retyped && before.minimum))
            text += back_to("MINVALUE", before.minimum, "NO MINVALUE");
        if (options.maximum || (retyped && before.maximum))
            text += back_to("MAXVALUE", before.maximum, "NO MAXVALUE");
        if (options.has_cache()) text += back_to("CACHE", before.cache, "CACHE 1");
        if (options.cycle) text += before.cycle ? " CYCLE" : " NO CYCLE";
        return text;
    }
};

}  // namespace

const OperationType alter_sequence_type = {
    "alterSequence", "Changes options of a sequence.", "sequence",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AlterSequence>(); }};

}  // namespace changelog::operations
