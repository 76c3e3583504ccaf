// Values of parameters as lictor.toml has them. Only bundle_config.cc includes this.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>

#include "compiler/schema.h"

namespace lictor {

/// The node as a value of the type, or nothing where it does not fit: another kind, out of its range, an enum's map that
/// is not complete. Never rounds.
std::optional<Datum> toml_value(const Schema& schema, TypeId type, const toml::node& node);

/// What to do about a node that is no value of the type, where that can be said; else "".
std::string toml_hint(const Schema& schema, TypeId type, const toml::node& node);

}  // namespace lictor
