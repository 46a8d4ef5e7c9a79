// Whether an object can stay, perhaps altered, or has to be made anew.
#pragma once

#include "changelog/catalog.hpp"

#include <string>
#include <vector>

namespace changelog::catalog {

// Equal but for what ALTER can change: comments, options, marks, validity of what is not valid yet, ...
bool can_stay(const Constraint& now, const Constraint& to);
bool can_stay(const Index& now, const Index& to);
bool can_stay(const Table& now, const Table& to);
bool can_stay(const Trigger& now, const Trigger& to);
bool can_stay(const Policy& now, const Policy& to);
bool can_stay(const Other& now, const Other& to);

/// Whether the view is as it is to be, as far as its query goes.
bool same_query(const View& now, const View& to);
/// Whether CREATE OR REPLACE VIEW can lead from one to the other: the same view has at most columns more.
bool can_replace(const View& now, const View& to);

/// Whether CREATE OR REPLACE can: only what follows the arguments and the result differs.
bool can_replace(const Function& now, const Function& to);

/// A column of the table whose type, or collation, is another.
bool is_retyped(const Column& now, const Column& to);
/// A column that ALTER cannot change into the wanted one: it is dropped and added.
bool must_be_remade(const Column& now, const Column& to);

/// Whether a value of the first type survives a cast to the second as it is.
bool keeps_values(const std::string& from, const std::string& to);

/// Whether a cast takes every value, if perhaps not as it is.
bool can_become(const std::string& from, const std::string& to);

/// Those of `labels` that are to have another name: pairs of before and after.
std::vector<std::pair<std::string, std::string>> renamed_labels(const std::vector<std::string>& now,
                                                                const std::vector<std::string>& to);
/// Whether `now` has nothing that `to` has not, in the same order.
bool only_adds(const std::vector<std::string>& now, const std::vector<std::string>& to);

}  // namespace changelog::catalog
