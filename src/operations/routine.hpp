// What the operations on functions and procedures share.
#pragma once

#include "operations/common.hpp"

#include <string>

namespace changelog::operations {

/// "FUNCTION public.total(integer)"
std::string routine_words(const catalog::Function& function);

/// Makes a routine again: definition, comment, grants.
std::vector<Statement> create_routine_statements(const catalog::Function& function);

/// Footprint, undo and effect of a text that makes a function or procedure.
void touch_routine(const std::string& text, const RenderContext& context, Footprint& out);
Undo undo_routine(const std::string& text, const RenderContext& context);
void apply_routine(const std::string& text, const RenderContext& context, catalog::Catalog& catalog);

/// The undo of dropping the only routine of that name, or the one with those arguments.
Undo recreate_routine(const RenderContext& context, const ObjectName& name, const std::string& arguments);

/// Takes the routine out of the catalog; with no arguments given, all of that name.
void erase_routine(catalog::Catalog& catalog, const ObjectName& name, const std::string& arguments);

}  // namespace changelog::operations
