#include "execute/observer.hpp"

#include "catalog/difference.hpp"
#include "core/text.hpp"
#include "execute/commands.hpp"
#include "execute/own_rows.hpp"
#include "execute/row_deletes.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::execute {

namespace {

/// Everything that has an oid of its own in a name space, by whatever name.
constexpr std::string_view kAllObjects =
    "SELECT oid FROM pg_catalog.pg_class UNION ALL SELECT oid FROM pg_catalog.pg_type UNION ALL SELECT oid "
    "FROM pg_catalog.pg_proc";

void name_all(const catalog::Catalog& catalog, std::vector<ObjectRef>& out) {
    for (const auto& [name, table] : catalog.tables) out.push_back({ObjectKind::table, name, {}});
    for (const auto& [name, view] : catalog.views) out.push_back({ObjectKind::table, name, {}});
    for (const auto& [name, sequence] : catalog.sequences) out.push_back({ObjectKind::sequence, name, {}});
    for (const auto& [name, type] : catalog.types) out.push_back({ObjectKind::type, name, {}});
    for (const auto& [name, function] : catalog.functions) out.push_back({ObjectKind::function, name, {}});
}

void append(Undo& more, Undo& out) {
    std::move(more.statements.begin(), more.statements.end(), std::back_inserter(out.statements));
    std::move(more.losses.begin(), more.losses.end(), std::back_inserter(out.losses));
    std::move(more.since.begin(), more.since.end(), std::back_inserter(out.since));
}

}  // namespace

Observer::Observer(postgres::Connection& connection, const Footprint& footprint,
                   postgres::IntrospectOptions scope, bool in_transaction)
    : connection_(connection), scope_(std::move(scope)) {
    changes_rows_ = footprint.barrier;
    for (const Touch& touch : footprint.touches) {
        if (touch.object.kind == ObjectKind::rows && touch.access != Access::require) changes_rows_ = true;
        if (!footprint.barrier) scope_.only.push_back(touch.object);
    }
    before_ = postgres::introspect(connection_, scope_);
    const postgres::Rows oids = connection_.execute(std::string(kAllObjects));
    for (std::size_t i = 0; i < oids.rows.size(); ++i) there_before_.insert(std::stoull(oids.text(i, 0)));
    if (in_transaction) rows_.emplace(connection_, there_before_);
}

void Observer::before_statement(const std::string& sql) {
    const std::string word = lower(first_word(sql));
    const bool inserts = word == "insert" || word == "copy";
    if (!rows_ || inserts == watches_inserts_) return;
    finish_rows();
    watches_inserts_ = inserts;
    rows_.emplace(connection_, there_before_);
}

void Observer::finish_rows() {
    effects_.push_back(rows_->finish());
    exchanged_.insert(rows_->exchanged().begin(), rows_->exchanged().end());
}

Undo Observer::undo() {
    Undo out;
    if (rows_) {
        finish_rows();
        std::vector<const RowKeys*> inserted;
        for (auto effects = effects_.rbegin(); effects != effects_.rend(); ++effects) {
            for (const RowKeys& keys : effects->inserted) inserted.push_back(&keys);
            std::move(effects->losses.begin(), effects->losses.end(), std::back_inserter(out.losses));
        }
        out.statements = delete_rows(connection_, inserted);
    } else if (changes_rows_) {
        return Undo::because(
            "it ran outside a transaction, where nobody sees which rows it changes: it needs a rollback "
            "block");
    }
    if (!scope_.only.empty()) name_all(before_, scope_.only);
    catalog::Catalog after = postgres::introspect(connection_, scope_);
    leave_out_what_only_came_along(after);
    if (rows_) leave_out_what_others_did(after);
    Undo schema = catalog::migration(after, before_);
    if (schema.impossible) return Undo::because(*schema.impossible);
    note_emptied_tables(after, out);
    append(schema, out);
    return out;
}

/// A new foreign key makes its target reachable; that does not make the target new.
void Observer::leave_out_what_only_came_along(catalog::Catalog& after) const {
    if (scope_.only.empty()) return;
    std::set<std::uint64_t> looked_at;
    const auto note = [&](const auto& objects) {
        for (const auto& [name, object] : objects) looked_at.insert(object.id.value);
    };
    note(before_.tables), note(before_.views), note(before_.sequences);
    note(before_.types), note(before_.functions);
    const auto clean = [&](auto& objects) {
        std::erase_if(objects, [&](const auto& entry) {
            const std::uint64_t id = entry.second.id.value;
            return there_before_.contains(id) && !looked_at.contains(id);
        });
    };
    clean(after.tables), clean(after.views), clean(after.sequences), clean(after.types),
        clean(after.functions);
    std::erase_if(after.others, [&](const auto& entry) {
        const ObjectName& on = entry.second.on.name;
        return !on.name.empty() && !after.tables.contains(on) && !after.views.contains(on) &&
               !after.types.contains(on);
    });
}

/// Other sessions go on meanwhile. What this transaction made or changed carries its id in the catalog; what
/// it dropped or altered it has locked.
void Observer::leave_out_what_others_did(catalog::Catalog& after) {
    const std::set<std::uint64_t> own = own_objects();
    const auto reconcile = [&](auto& was, auto& now) {
        auto is_foreign = [&](const auto& entry) { return !own.contains(entry.second.id.value); };
        std::erase_if(now, [&](const auto& entry) {  // made by somebody else
            return !was.contains(entry.first) && is_foreign(entry) &&
                   !there_before_.contains(entry.second.id.value);
        });
        std::erase_if(was, [&](const auto& entry) {  // dropped or renamed by somebody else
            return !now.contains(entry.first) && is_foreign(entry);
        });
        for (auto& [name, object] : now)  // changed by somebody else
            if (const auto before = was.find(name); before != was.end() && !own.contains(object.id.value) &&
                                                    before->second.id.value == object.id.value)
                object = before->second;
    };
    reconcile(before_.tables, after.tables);
    reconcile(before_.views, after.views);
    reconcile(before_.sequences, after.sequences);
}

std::set<std::uint64_t> Observer::own_objects() {
    const std::string own = is_own_row("x", "pg_catalog.pg_current_xact_id()::xid");
    std::string query =
        "SELECT relation FROM pg_catalog.pg_locks WHERE locktype = 'relation' AND pid = "
        "pg_catalog.pg_backend_pid() AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')";
    for (const auto& [table, column] : {std::pair{"pg_class", "oid"},
                                        {"pg_attribute", "attrelid"},
                                        {"pg_description", "objoid"},
                                        {"pg_constraint", "conrelid"},
                                        {"pg_trigger", "tgrelid"},
                                        {"pg_policy", "polrelid"},
                                        {"pg_attrdef", "adrelid"},
                                        {"pg_index", "indrelid"},
                                        {"pg_rewrite", "ev_class"}})
        query += fmt::format(" UNION SELECT x.{} FROM pg_catalog.{} x WHERE {}", column, table, own);
    std::set<std::uint64_t> out;
    for (const auto& row : connection_.execute(query).rows) out.insert(std::stoull(row.at(0).value_or("0")));
    return out;
}

/// TRUNCATE counts no rows; but it exchanges the storage of a table that is otherwise as it was.
void Observer::note_emptied_tables(const catalog::Catalog& after, Undo& undo) const {
    if (!rows_) return;
    for (const auto& [name, table] : after.tables) {
        const catalog::Table* was = before_.table(name);
        if (was == nullptr) continue;
        if (was->id.value == table.id.value && *was == table && exchanged_.contains(table.id.value))
            undo.losses.push_back("rows of " + sql::qualified(name) + " from before it was emptied");
        if (was->id.value == table.id.value && exchanged_.contains(table.id.value))
            for (const catalog::Column& column : table.columns)
                if (const catalog::Column* before = was->column(column.name);
                    before != nullptr && before->type != column.type)
                    undo.losses.push_back(fmt::format("what values of {}.{} lost when they became {}",
                                                      sql::qualified(name), column.name, column.type));
        if (was->id.value == table.id.value || was->columns != table.columns) continue;
        // Made anew just as it was: what is in it now came later.
        undo.statements.push_back({"DELETE FROM ONLY " + sql::qualified(name)});
        undo.since.push_back("rows of " + sql::qualified(name) + " written since");
    }
}

}  // namespace changelog::execute
