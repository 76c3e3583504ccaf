// Variables: where they are found, bound, counted and missed.
#include "compiler/checker.h"

#include <algorithm>

namespace lictor {

Checker::Checker(CheckContext& context, uint32_t module)
    : reader{context, module, {}}, cx_(context), module_(module), errors_before_(context.diagnostics->error_count()) {}

void Checker::set_request(std::string_view name, uint32_t request, Span span) {
  request_span_ = span;
  request_name_ = name;
  reader.request = name;
  request_ = request;
  note_request(span);
}

/// A use of the request, or its declaration.
void Checker::note_request(Span span) {
  if (cx_.references != nullptr) cx_.note(span, request_span_, RefKind::kVariable, cx_.types().request_type(request_));
}

/// A use of the variable in a slot, or the place that binds it. A hole that was bound knows the type that is wanted.
void Checker::note_variable(uint32_t slot, Span span) {
  const Variable& variable = frame.variables[slot];
  cx_.note(span, variable.span, RefKind::kVariable, variable.type);
  if (cx_.is_hole(variable.name)) cx_.references->expect(span, variable.type);
}

uint32_t Checker::add_variable(std::string_view name, TypeId type, Span span) {
  uint32_t slot = new_slot(name, type, span);
  counts_[slot] = 2;
  root_.locals[name] = {slot, true};
  note_variable(slot, span);
  return slot;
}

void Checker::used_outside(const NameList& names) {
  for (std::string_view name : names) ++root_.uses[name];
}

void Checker::only_constants(bool strings_are_ids) {
  constants_ = true;
  strings_are_ids_ = strings_are_ids;
}

Level::Local* Checker::find(std::string_view name) {
  for (Level* level = level_; level != nullptr; level = level->parent) {
    if (auto it = level->locals.find(name); it != level->locals.end()) return &it->second;
  }
  return nullptr;
}

bool Checker::is_bound(std::string_view name) {
  const Level::Local* local = find(name);
  return local != nullptr && local->bound;
}

uint32_t Checker::new_slot(std::string_view name, TypeId type, Span span) {
  frame.variables.push_back({std::string(name), type, span});
  counts_.push_back(0);
  return static_cast<uint32_t>(frame.variables.size() - 1);
}

uint32_t Checker::bind(std::string_view name, TypeId type, Span span) {
  Level::Local* known = find(name);
  uint32_t slot = 0;
  if (known != nullptr && !known->bound) {
    // An export: its slot exists, each alternative may add to its type.
    slot = known->slot;
    known->bound = true;
    TypeId& shared = frame.variables[slot].type;
    if (same_base(cx_.types(), shared, type)) {
      shared = join_types(cx_.types(), shared, type);
    } else {
      cx_.report(Diag::kTypeMismatch, span)
          .arg("`" + type_name(cx_.schema(), shared) + "` as in the other alternatives")
          .arg("`" + type_name(cx_.schema(), type) + "`");
    }
  } else {
    slot = new_slot(name, type, span);
    level_->locals[name] = {slot, true};
  }
  ++counts_[slot];
  note_variable(slot, span);
  return slot;
}

uint32_t Checker::invent(TypeId type, Span span) {
  uint32_t slot = new_slot("$" + std::to_string(frame.variables.size()), type, span);
  counts_[slot] = 2;
  return slot;
}

Expr Checker::slot_expr(uint32_t slot, Span span) {
  Expr out;
  out.op = Op::kSlot;
  out.n = slot;
  out.type = frame.variables[slot].type;
  out.span = span;
  return out;
}

Expr Checker::error(Span span) {
  Datum nothing;
  return constant(std::move(nothing), span);
}

/// Does the name stand anywhere but in this literal of the current level?
bool Checker::outside(std::string_view name, const LiteralNames& literal) {
  const LiteralNames* current = &literal;
  for (Level* level = level_; level != nullptr; level = level->parent) {
    auto it = level->uses.find(name);
    uint32_t all = it == level->uses.end() ? 0 : it->second;
    if (all > (current == nullptr ? 0 : current->count(name))) return true;
    current = level->parent == nullptr ? nullptr : level->parent->current;
  }
  return false;
}

void Checker::report_unbound(std::string_view name, Span span) {
  if (!cx_.names.is_missing(module_, name)) {
    auto report = cx_.report(constants_ ? Diag::kNotConstant : Diag::kUnbound, span);
    report.arg(name);
    std::vector<std::string> known;
    for (const Level* level = cx_.names.can_suggest() ? level_ : nullptr; level != nullptr; level = level->parent) {
      for (const auto& [text, local] : level->locals) known.emplace_back(text);
    }
    if (!request_name_.empty()) known.emplace_back(request_name_);
    std::string hint = cx_.names.suggest(name, known);
    if (hint.empty()) hint = cx_.names.suggest(module_, name);
    if (!hint.empty()) report.hint(hint);
  }
  // One mistake, one diagnostic: from here on the name is known, of a type that fits everywhere.
  uint32_t slot = new_slot(name, kErrorType, span);
  counts_[slot] = 2;
  root_.locals[name] = {slot, true};
}

void Checker::finish() {
  // What stands in a part with a mistake was not counted.
  bool mistaken = cx_.diagnostics->error_count() > errors_before_;
  for (uint32_t slot = 0; slot < frame.variables.size(); ++slot) {
    const Variable& variable = frame.variables[slot];
    // Without a type it has a mistake already.
    if (counts_[slot] != 1 || variable.name.front() == '_' || variable.type == kErrorType) continue;
    if (mistaken && written_.contains(variable.name)) continue;
    auto report = cx_.report(Diag::kSingleVariable, variable.span);
    report.arg(variable.name);
    std::vector<std::string> known;
    for (uint32_t other = 0; cx_.names.can_suggest() && other < frame.variables.size(); ++other) {
      if (other != slot && frame.variables[other].name.front() != '$') known.push_back(frame.variables[other].name);
    }
    std::string hint = cx_.names.suggest(variable.name, known);
    if (hint.empty()) hint = cx_.names.suggest(module_, variable.name);
    if (!hint.empty()) report.hint(hint);
  }
}

}  // namespace lictor
