// How a conflict is put into words.
#pragma once

#include "changelog/names.hpp"

#include "review/conflicts_uses.hpp"

#include <string>

namespace changelog::review {

/// One of the two changesets of a conflict, and what it does to the object.
struct Party {
    std::string id;
    Use use;
    bool renames = false;  ///< what it drops may have another name behind it
};

/// "both create table public.orders", "'a' drops column public.orders.note, which 'b' uses".
std::string words(const ObjectRef& object, const Party& ours, const Party& theirs);

}  // namespace changelog::review
