#include "cli/test_property.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <set>

#include "cli/test_compare.h"
#include "compiler/calendar.h"
#include "compiler/check.h"
#include "compiler/checked_text.h"
#include "compiler/core_walk.h"
#include "compiler/ip_text.h"
#include "compiler/ranges.h"
#include "runtime/values.h"

namespace lictor::cli {
namespace {

constexpr size_t kMostValues = 1000;     // of one type
constexpr uint64_t kSmallRange = 16;     // ranges of that many numbers are tried whole
constexpr uint64_t kExhaustive = 10;     // so many times more requests than wanted may be tried, where that is all
constexpr uint64_t kTriesForOne = 50;    // for one request that fulfils the condition
constexpr uint64_t kShrinkSteps = 2000;  // judgements while looking for a simpler request

Datum number(TypeId type, int64_t n) {
  Datum out;
  out.type = type;
  out.n = n;
  return out;
}

uint64_t magnitude(int64_t n) { return n < 0 ? 0 - static_cast<uint64_t>(n) : static_cast<uint64_t>(n); }

}  // namespace

// ---- Where values come from -------------------------------------------------------------------------------------------

RequestMaker::RequestMaker(const Program& program, uint32_t request, const Engine& engine, uint64_t seed)
    : schema_(program.schema), request_(program.schema.requests[request]), random_(seed) {
  known_.resize(schema_.entities.size());
  collect(program);
  collect(engine.facts());
  for (const FieldDecl& field : request_.fields) {
    Domain domain = domain_of(field.type);
    if (field.default_value && !field.default_value->none) {
      std::erase(domain.values, *field.default_value);
      domain.values.insert(domain.values.begin(), *field.default_value);
    }
    domains_.push_back(std::move(domain));
  }
}

void RequestMaker::collect(const Program& program) {
  auto constants = [&](const Expr& expr) {
    each_node(expr, [&](const Expr& node) {
      if (node.constant) collect(*node.constant);
    });
  };
  auto clauses = [&](const std::vector<Decision>& decisions) {
    for (const Decision& decision : decisions) {
      for (const Clause& clause : decision.clauses) each_root_in(clause.body, constants);
    }
  };
  for (const Rule& rule : program.rules) each_root_in(rule.body, constants);
  clauses(program.decisions);
  clauses(program.probes);
}

void RequestMaker::collect(const FactSet& facts) {
  for (size_t entity = 0; entity < facts.entities.size(); ++entity) {
    for (const EntityFact& fact : facts.entities[entity]) {
      known_[entity].insert(fact.id);
      for (const Datum& value : fact.attributes) collect(value);
    }
  }
  for (const auto& rows : facts.rows) {
    for (const auto& row : rows) {
      for (const Datum& value : row) collect(value);
    }
  }
}

void RequestMaker::collect(const Datum& value) {
  if (value.none) return;
  const Type& type = schema_.types[base_type(schema_, value.type)];
  bool text = type.kind == TypeKind::kString || is_checked_text(type.kind);
  if (text && texts_[type.kind].size() < kMostValues) texts_[type.kind].insert(value.text);
  if (uint32_t entity = entity_of(schema_, value); entity != kNoIndex && !schema_.entities[entity].closed)
    known_[entity].insert(value.text);
  std::set<int64_t>& numbers = numbers_[type.kind];
  if (numbers.size() < kMostValues) numbers.insert(value.n);
  for (const Datum& item : value.items) collect(item);
}

Domain RequestMaker::domain_of(TypeId id) {
  const Type& type = schema_.types[id];
  if (type.kind == TypeKind::kOptional) {
    Domain domain = domain_of(type.elem);
    for (Datum& value : domain.values) value.type = id;
    Datum none;
    none.type = id;
    none.none = true;
    domain.values.insert(domain.values.begin(), std::move(none));
    return domain;
  }
  Domain out;
  switch (type.kind) {
    case TypeKind::kBool:
      out.values = {number(id, 0), number(id, 1)};
      out.complete = true;
      break;
    case TypeKind::kEnum:
      for (size_t i = 0; i < schema_.enums[type.decl].members.size(); ++i) {
        out.values.push_back(number(id, static_cast<int64_t>(i)));
      }
      out.complete = true;
      break;
    case TypeKind::kEntity:
      instances(type, id, out);
      break;
    case TypeKind::kUnion:
      union_members(type.members, id, out);
      break;
    case TypeKind::kRecord:
      records(type.decl, id, out);
      break;
    case TypeKind::kString:
    case TypeKind::kIp:
    case TypeKind::kGlob:
    case TypeKind::kRegex:
    case TypeKind::kDigest:
      texts(type.kind, id, out);
      break;
    case TypeKind::kSet:
    case TypeKind::kList:
    case TypeKind::kMap:
      collections(type, id, out);
      break;
    default:
      numbers(type, id, out);
      break;
  }
  return out;
}

void RequestMaker::instances(const Type& type, TypeId id, Domain& out) {
  auto add = [&](const std::string& text) {
    Datum value;
    value.type = id;
    value.text = text;
    out.values.push_back(std::move(value));
  };
  for (const std::string& text : known_[type.decl]) add(text);
  const EntityDecl& decl = schema_.entities[type.decl];
  // Attributes that come with a request are not made up, so there are more requests than those here.
  out.complete = decl.closed && std::none_of(decl.attributes.begin(), decl.attributes.end(),
                                             [](const FieldDecl& attribute) { return attribute.from_request; });
  if (!decl.closed) add("unknown");
}

void RequestMaker::union_members(const std::vector<TypeId>& members, TypeId id, Domain& out) {
  out.complete = true;
  for (TypeId member : members) {
    Domain one = domain_of(member);
    out.complete = out.complete && one.complete;
    for (Datum& value : one.values) out.values.push_back(as_type(schema_, std::move(value), id));
  }
}

/// All of them where they are few, else the simplest one and some by chance.
void RequestMaker::records(uint32_t decl, TypeId id, Domain& out) {
  constexpr uint64_t kMost = 64;
  std::vector<Domain> fields;
  uint64_t count = 1;
  out.complete = true;
  for (const FieldDecl& field : schema_.records[decl].fields) {
    fields.push_back(domain_of(field.type));
    if (fields.back().values.empty()) return;
    out.complete = out.complete && fields.back().complete;
    count = std::min(kMost + 1, count * fields.back().values.size());
  }
  out.complete = out.complete && count <= kMost && !schema_.records[decl].open;
  for (uint64_t i = 0; i < std::min(count, kMost); ++i) {
    Datum value;
    value.type = id;
    uint64_t rest = i;
    for (const Domain& field : fields) {
      uint64_t at = count <= kMost ? rest : (i == 0 ? 0 : below(field.values.size()));
      value.items.push_back(field.values[at % field.values.size()]);
      rest /= field.values.size();
    }
    out.values.push_back(std::move(value));
  }
}

namespace {

/// Values that the policy hardly names, so that something is there, and something else than it names.
std::set<std::string> strangers(TypeKind kind, const std::set<std::string>& known) {
  switch (kind) {
    case TypeKind::kIp: {
      std::set<std::string> out{"192.0.2.1", "2001:db8::1"};
      for (const std::string& text : known) {  // of a range its first address too
        std::optional<IpRange> range = parse_ip(text);
        if (!range) continue;
        range->length = range->longest();
        out.insert(show_ip(*range));
      }
      return out;
    }
    case TypeKind::kGlob:
      return {"*", "other"};
    case TypeKind::kRegex:
      return {".*", "^other$"};
    case TypeKind::kDigest:
      return {"sha256:" + std::string(64, '0')};
    default:
      return {"", "other"};
  }
}

}  // namespace

void RequestMaker::texts(TypeKind kind, TypeId id, Domain& out) {
  std::set<std::string> all = texts_[kind];
  all.merge(strangers(kind, texts_[kind]));
  for (const std::string& text : all) {
    Datum value;
    value.type = id;
    value.text = text;
    out.values.push_back(std::move(value));
  }
  std::stable_sort(out.values.begin(), out.values.end(),
                   [](const Datum& a, const Datum& b) { return a.text.size() < b.text.size(); });
}

/// Numbers that the policy compares with, their neighbours, the ends of the range, and small ones.
void RequestMaker::numbers(const Type& type, TypeId id, Domain& out) {
  if (type.kind == TypeKind::kFloat) {
    std::set<int64_t> values = numbers_[type.kind];
    for (double value : {0.0, 1.0, -1.0, 0.5, 1e9}) values.insert(std::bit_cast<int64_t>(value));
    for (int64_t bits : values) out.values.push_back(number(id, bits));
    return;
  }
  std::set<int64_t> values;
  auto [lo, hi] = type_interval(schema_, id);
  auto add = [&](int64_t n) {
    if (n != kNoneWord && lo <= n && n <= hi) values.insert(n);
  };
  uint64_t size = type.ranged ? static_cast<uint64_t>(type.hi) - static_cast<uint64_t>(type.lo) : UINT64_MAX;
  out.complete = size < kSmallRange && type.lo != kNoneWord;
  for (uint64_t i = 0; out.complete && i <= size; ++i) add(type.lo + static_cast<int64_t>(i));
  if (!out.complete) {
    int64_t unit = type.kind == TypeKind::kDate ? kDay : 1;  // a date is a midnight
    int64_t step = type.kind == TypeKind::kDecimal ? kDecimalScale : unit;
    for (int64_t n : {int64_t{0}, step, -step, lo, hi}) add(n);
    for (int64_t n : numbers_[type.kind]) {
      add(n);
      if (n >= INT64_MIN + 1 + unit) add(n - unit);
      if (n <= INT64_MAX - unit) add(n + unit);
    }
  }
  for (int64_t n : values) out.values.push_back(number(id, n));
  std::stable_sort(out.values.begin(), out.values.end(),
                   [](const Datum& a, const Datum& b) { return magnitude(a.n) < magnitude(b.n); });
}

/// The empty one, one of each element, and some by chance.
void RequestMaker::collections(const Type& type, TypeId id, Domain& out) {
  bool enum_map = type.kind == TypeKind::kMap && schema_.types.kind(type.key) == TypeKind::kEnum;
  Domain items = domain_of(type.elem), keys;
  if (type.kind == TypeKind::kMap) keys = domain_of(type.key);
  if (items.values.empty()) return;
  auto made = [&](size_t count) {
    Datum value;
    value.type = id;
    if (enum_map) count = keys.values.size();
    for (size_t i = 0; i < count; ++i) {
      if (type.kind == TypeKind::kMap) value.items.push_back(keys.values[enum_map ? i : below(keys.values.size())]);
      value.items.push_back(items.values[below(items.values.size())]);
    }
    normalize(schema_, value);
    return value;
  };
  constexpr size_t kMade = 40, kLongest = 4;
  for (size_t i = 0; i < kMade; ++i) {
    Datum value = made(i < 1 ? 0 : 1 + below(kLongest));
    if (std::find(out.values.begin(), out.values.end(), value) == out.values.end()) {
      out.values.push_back(std::move(value));
    }
  }
  std::stable_sort(out.values.begin(), out.values.end(),
                   [](const Datum& a, const Datum& b) { return a.items.size() < b.items.size(); });
}

// ---- Requests ---------------------------------------------------------------------------------------------------------

uint64_t RequestMaker::below(uint64_t bound) { return random_() % bound; }

std::optional<uint64_t> RequestMaker::count() const {
  uint64_t out = 1;
  for (const Domain& domain : domains_) {
    if (domain.values.empty()) return 0;
    if (!domain.complete || out > UINT32_MAX) return std::nullopt;
    out *= domain.values.size();
  }
  return out;
}

RequestFields RequestMaker::at(uint64_t number) const {
  RequestFields out;
  for (const Domain& domain : domains_) {
    out.push_back(field(domain.values[number % domain.values.size()]));
    number /= domain.values.size();
  }
  return out;
}

RequestFields RequestMaker::random() {
  RequestFields out;
  for (const Domain& domain : domains_) out.push_back(field(domain.values[below(domain.values.size())]));
  return out;
}

std::optional<Datum> RequestMaker::field(const Datum& value) {
  return value.none ? std::nullopt : std::optional(value);
}

std::vector<RequestFields> RequestMaker::simpler(const RequestFields& request) const {
  std::vector<RequestFields> out;
  for (size_t i = 0; i < domains_.size(); ++i) {
    const std::vector<Datum>& values = domains_[i].values;
    auto same = [&](const Datum& value) { return field(value) == request[i]; };
    auto now = static_cast<size_t>(std::find_if(values.begin(), values.end(), same) - values.begin());
    std::set<size_t> before = {0, now / 2, now - 1};
    for (size_t index : before) {
      if (index >= now) continue;
      out.push_back(request);
      out.back()[i] = field(values[index]);
    }
  }
  return out;
}

// ---- The property -----------------------------------------------------------------------------------------------------

PropertyResult Property::run(uint64_t most, uint64_t seed) {
  PropertyResult result;
  RequestMaker maker(program_, all_.request, *engines_[0], seed);
  std::optional<uint64_t> count = maker.count();
  result.exhaustive = count && *count <= most * kExhaustive;
  result.all = count.value_or(0);
  uint64_t limit = result.exhaustive ? *count : most * kTriesForOne;
  if (count && *count == 0) limit = 0;
  while (result.made < limit && (result.exhaustive || result.tried < most) && !result.failed) {
    result.fields = result.exhaustive ? maker.at(result.made) : maker.random();
    ++result.made;
    Verdict verdict = judge(result.fields, result.expectation);
    if (verdict != Verdict::kOutside) ++result.tried;
    result.failed = verdict == Verdict::kFailed;
  }
  if (result.failed) shrink(maker, result);
  return result;
}

Property::Verdict Property::judge(const RequestFields& fields, size_t& expectation) const {
  if (!fulfils_condition(fields)) return Verdict::kOutside;
  for (size_t i = 0; i < all_.inside.size(); ++i) {
    if (meets(all_.inside[i], fields)) continue;
    expectation = i;
    return Verdict::kFailed;
  }
  return Verdict::kMet;
}

bool Property::fulfils_condition(const RequestFields& fields) const {
  if (all_.probe == kNoIndex) return true;
  auto probe = static_cast<uint32_t>(engines_[0]->plan().decisions.size() - 1);
  auto request = BoundRequest::from_values(*engines_[0], probe, fields);
  return request && engines_[0]->decide(*request, now_).outcome == ast::Outcome::kAllow;
}

/// A request that is refused, and engines that differ, fail too.
bool Property::meets(const TestStatement& expected, const RequestFields& fields) const {
  std::optional<DecisionResult> first;
  for (Engine* engine : engines_) {
    auto request = BoundRequest::from_values(*engine, expected.decision, fields);
    if (!request) return false;
    if (coverage_ != nullptr && engine == engines_[0]) coverage_->see(*engine, *request, now_);
    DecisionResult got = engine->evaluate(*request, now_);
    if (!compare_decision(program_.schema, expected, got).empty()) return false;
    if (first && (first->outcome != got.outcome || first->winner.id != got.winner.id)) return false;
    if (!first) first = std::move(got);
  }
  return true;
}

/// Goes to a simpler request that fails in the same place, as long as there is one.
void Property::shrink(const RequestMaker& maker, PropertyResult& result) const {
  uint64_t steps = 0;
  for (bool simpler = true; simpler;) {
    simpler = false;
    for (RequestFields& fields : maker.simpler(result.fields)) {
      size_t expectation = 0;
      if (++steps > kShrinkSteps) return;
      if (judge(fields, expectation) != Verdict::kFailed || expectation != result.expectation) continue;
      result.fields = std::move(fields);
      simpler = true;
      break;
    }
  }
}

std::string fields_text(const Schema& schema, const RequestDecl& request, const RequestFields& fields) {
  std::vector<std::string> out;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i]) out.push_back(fmt::format("{}: {}", request.fields[i].name, show_source(schema, *fields[i])));
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace lictor::cli
