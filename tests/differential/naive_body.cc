// Bodies and rules of the naive evaluator: every literal calls `then` once per way to make it hold.
#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "tests/differential/naive.h"

namespace lictor::testing {

void Naive::solve(const Body& body, size_t from, Scope& scope, const Then& then) {
  if (from == body.literals.size()) return then();
  literal(body.literals[from], scope, [&] { solve(body, from + 1, scope, then); });
}

bool Naive::holds(const Body& body, Scope& scope) {
  bool found = false;
  solve(body, 0, scope, [&] { found = true; });
  return found;
}

bool Naive::holds_for_all(const Literal& literal, Scope& scope) {
  bool all = true;
  solve(literal.bodies[0], 0, scope, [&] { all = holds(literal.bodies[1], scope) && all; });
  return all;
}

void Naive::match(const std::vector<Arg>& args, const std::vector<Datum>& row, Scope& scope, const Then& then) {
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].mode == Arg::Mode::kBind) {
      scope.slots[args[i].slot] = row[i];
    } else if (args[i].mode == Arg::Mode::kMatch) {
      auto wanted = eval(args[i].expr, scope);
      if (!wanted || !same(*wanted, row[i])) return;
    }
  }
  then();
}

void Naive::literal(const Literal& l, Scope& scope, const Then& then) {
  switch (l.kind) {
    case Literal::Kind::kAtom: {
      if (is_request_time(l.relation)) scope.reached->insert(l.relation);
      for (const Arg& arg : l.args) {  // an error in an argument counts even where the relation is empty
        if (arg.mode != Arg::Mode::kMatch || !errs(arg.expr)) continue;
        if (!eval(arg.expr, scope)) return;
      }
      std::vector<std::vector<Datum>> rows;  // a copy: a recursive rule adds rows while it reads them
      for (const auto& [k, row] : relations_[l.relation]) rows.push_back(row);
      for (const auto& row : rows) match(l.args, row, scope, then);
      return;
    }
    case Literal::Kind::kInstance:
      for (const auto& [id, fact] : entities_[l.relation]) {
        Datum entity;
        entity.type = const_cast<Schema&>(schema_).types.entity_type(l.relation);
        entity.text = id;
        match(l.args, {entity}, scope, then);
      }
      return;
    case Literal::Kind::kTest: {
      auto value = eval(l.expr, scope);
      if (value && value->n) then();
      return;
    }
    case Literal::Kind::kLet:
    case Literal::Kind::kSome: {
      auto value = eval(l.expr, scope);
      if (!value || (l.kind == Literal::Kind::kSome && value->none)) return;
      scope.slots[l.slot] = *value;
      then();
      return;
    }
    case Literal::Kind::kMember:
      return member(l, scope, then);
    case Literal::Kind::kHierarchy:
      return hierarchy(l, scope, then);
    case Literal::Kind::kNot:
      if (!holds(l.bodies[0], scope)) then();
      return;
    case Literal::Kind::kExists:
      if (holds(l.bodies[0], scope)) then();
      return;
    case Literal::Kind::kForall:
      if (holds_for_all(l, scope)) then();
      return;
    case Literal::Kind::kOr:
      if (l.exports.empty()) {
        bool any = false;
        for (const Body& body : l.bodies) any = holds(body, scope) || any;
        if (any) then();
      } else {
        for (const Body& body : l.bodies) solve(body, 0, scope, then);
      }
      return;
    case Literal::Kind::kAggregate:
      return aggregate(l, scope, then);
  }
}

void Naive::member(const Literal& l, Scope& scope, const Then& then) {
  auto collection = eval(l.expr, scope);
  if (!collection) return;
  TypeKind kind = schema_.types.kind(l.expr.type);
  const std::vector<Datum> items = collection->items;
  if (kind == TypeKind::kMap) {
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (l.args.size() == 1)
        match(l.args, {items[i]}, scope, then);
      else
        match(l.args, {items[i], items[i + 1]}, scope, then);
    }
    return;
  }
  for (size_t i = 0; i < items.size(); ++i) {
    if (l.args.size() == 1) {
      match(l.args, {items[i]}, scope, then);
    } else {
      Datum index;
      index.type = kIntType;
      index.n = static_cast<int64_t>(i);
      match(l.args, {index, items[i]}, scope, then);
    }
  }
}

void Naive::hierarchy(const Literal& l, Scope& scope, const Then& then) {
  bool members = l.args[0].mode == Arg::Mode::kBind;  // x in G: x is looked for
  const Arg& bound = l.args[members ? 1 : 0];
  const Arg& free = l.args[members ? 0 : 1];
  auto value = eval(bound.expr, scope);
  if (!value || value->none) return;
  TypeId type = scope.frame->variables[free.slot].type;
  for (const auto& [id, fact] : entities_[schema_.types[type].decl]) {
    Datum entity;
    entity.type = type;
    entity.text = id;
    if (members ? in_entity(entity, *value) : in_entity(*value, entity)) match({free}, {entity}, scope, then);
  }
}

namespace {

__extension__ typedef __int128 Wide;

Wide half_even_div(Wide a, Wide b) {  // b > 0
  Wide q = a / b, r = a % b;
  if (r < 0) {
    r += b;
    --q;
  }
  return q + ((2 * r > b || (2 * r == b && (q & 1))) ? 1 : 0);
}

}  // namespace

void Naive::aggregate(const Literal& l, Scope& scope, const Then& then) {
  std::map<std::string, std::vector<Datum>> tuples;
  solve(l.bodies[0], 0, scope, [&] {
    std::vector<Datum> tuple;
    for (const Expr& expr : l.tuple) {
      auto value = eval(expr, scope);
      if (!value) return;
      tuple.push_back(*value);
    }
    tuples.emplace(key_of(schema_, tuple), tuple);
  });
  std::vector<Datum> values;
  for (auto& [k, tuple] : tuples) values.push_back(tuple[0]);
  std::sort(values.begin(), values.end(), [&](const Datum& a, const Datum& b) { return less(a, b); });
  Datum result;
  result.type = l.result;
  Wide total = 0;
  for (const Datum& value : values) total += value.n;
  bool checked = false;
  bool summed = l.aggregate == Aggregate::kSum || l.aggregate == Aggregate::kAvg;
  if (summed && schema_.types.kind(l.tuple[0].type) == TypeKind::kFloat) {
    if (values.empty() && l.aggregate == Aggregate::kAvg) return;
    double sum = 0;
    for (const Datum& value : values) sum += std::bit_cast<double>(value.n);  // least first
    if (l.aggregate == Aggregate::kAvg) sum /= static_cast<double>(values.size());
    if (!std::isfinite(sum)) return void(fail(l.expr, "overflow", scope));
    result.n = std::bit_cast<int64_t>(sum + 0.0);
    return match(l.args, {result}, scope, then);
  }
  switch (l.aggregate) {
    case Aggregate::kCount:
      result.n = static_cast<int64_t>(values.size());
      break;
    case Aggregate::kSum:
      checked = true;
      break;
    case Aggregate::kMin:
    case Aggregate::kMax:
    case Aggregate::kPercentile: {
      if (values.empty()) return;
      size_t n = values.size(), at = 0;
      if (l.aggregate == Aggregate::kMax) at = n - 1;
      if (l.aggregate == Aggregate::kPercentile) {
        Wide rank = (static_cast<Wide>(l.percentile) * n + kDecimalScale - 1) / kDecimalScale;
        at = static_cast<size_t>(std::max<Wide>(rank, 1) - 1);
      }
      result = values[std::min(at, n - 1)];
      break;
    }
    case Aggregate::kAvg:
      if (values.empty()) return;
      if (schema_.types.kind(l.tuple[0].type) == TypeKind::kInt) total *= kDecimalScale;
      total = half_even_div(total, static_cast<Wide>(values.size()));
      checked = true;
      break;
    case Aggregate::kCollect: {
      values.erase(
          std::unique(values.begin(), values.end(), [&](const Datum& a, const Datum& b) { return same(a, b); }),
          values.end());
      result.items = values;
      break;
    }
  }
  if (checked) {
    if (total > INT64_MAX || total < INT64_MIN) {
      fail(l.expr, "overflow", scope);
      return;
    }
    result.n = static_cast<int64_t>(total);
  }
  match(l.args, {result}, scope, then);
}

}  // namespace lictor::testing
