// One case per operation; collections are searched by their sorted words.
#include "runtime/operation.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "compiler/civil.h"
#include "compiler/ip_text.h"
#include "compiler/pattern.h"
#include "runtime/functions.h"
#include "runtime/granted.h"
#include "runtime/values.h"

namespace lictor {
namespace {

using arith::Checked;

Checked word(int64_t value) { return {value, EvalErrorKind{0}}; }
Checked truth(bool value) { return {value ? 1 : 0, EvalErrorKind{0}}; }

bool in_sorted(std::span<const int64_t> words, int64_t wanted) {
  return std::binary_search(words.begin(), words.end(), wanted);
}

/// The entry of a key in a map's words, or null.
const int64_t* entry(std::span<const int64_t> words, int64_t key) {
  size_t lo = 0;
  size_t hi = words.size() / 2;
  while (lo < hi) {
    size_t middle = (lo + hi) / 2;
    if (words[2 * middle] < key) {
      lo = middle + 1;
    } else {
      hi = middle;
    }
  }
  return 2 * lo < words.size() && words[2 * lo] == key ? &words[2 * lo] : nullptr;
}

int64_t make_compound(EvalState& state, const std::vector<int64_t>& words) {
  state.charge(words.size() * sizeof(int64_t));
  return state.values->compound_word(words);
}

int64_t make_set(EvalState& state, const int64_t* operands, uint32_t count) {
  std::vector<int64_t> words(operands, operands + count);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return make_compound(state, words);
}

int64_t make_map(EvalState& state, const int64_t* operands, uint32_t count) {
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (uint32_t i = 0; i + 1 < count; i += 2) pairs.emplace_back(operands[i], operands[i + 1]);
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<int64_t> words;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (i + 1 < pairs.size() && pairs[i + 1].first == pairs[i].first) continue;  // the last of equal keys wins
    words.push_back(pairs[i].first);
    words.push_back(pairs[i].second);
  }
  return make_compound(state, words);
}

int64_t make_text(EvalState& state, const int64_t* operands, uint32_t count) {
  const Schema& schema = state.plan->schema;
  std::string text;
  for (uint32_t i = 0; i + 1 < count; i += 2) {
    auto type = static_cast<TypeId>(operands[i]);
    if (schema.types.kind(type) == TypeKind::kString) {
      text += state.values->text(operands[i + 1]);
    } else {
      text += show(schema, to_datum(schema, *state.values, type, operands[i + 1]));
    }
  }
  state.charge(text.size());
  return state.values->text_word(text);
}

}  // namespace

int64_t attribute(const EvalState& state, uint32_t type, int64_t entity, uint32_t attribute) {
  if (state.attributes != nullptr) {
    for (const RequestAttribute& brought : *state.attributes) {
      if (brought.entity == entity && brought.attribute == attribute) return brought.word;
    }
  }
  const EntityView& view = state.context.snapshot->entities[type];
  return view.columns[attribute][std::min(entity_number_of(entity), view.count + 1)];
}

Checked operation(EvalState& state, Op op, const int64_t* v, uint32_t count, int64_t n) {
  ValueTable& values = *state.values;
  switch (op) {
    case Op::kAdd:
      return arith::add(v[0], v[1]);
    case Op::kSub:
      return arith::sub(v[0], v[1]);
    case Op::kMul:
      return arith::mul(v[0], v[1]);
    case Op::kDiv:
      return arith::div(v[0], v[1]);
    case Op::kMod:
      return arith::mod(v[0], v[1]);
    case Op::kNeg:
      return arith::neg(v[0]);
    case Op::kDecMul:
      return arith::dec_mul(v[0], v[1]);
    case Op::kDecDiv:
      return arith::dec_div(v[0], v[1]);
    case Op::kIntToDec:
      return arith::int_to_dec(v[0]);
    case Op::kDecToInt:
      return arith::dec_to_int(v[0]);
    case Op::kSome:
      return arith::some(v[0]);
    case Op::kEq:
      return truth(v[0] == v[1]);
    case Op::kNe:
      return truth(v[0] != v[1]);
    case Op::kLt:
      return truth(v[0] < v[1]);
    case Op::kLe:
      return truth(v[0] <= v[1]);
    case Op::kTextLt:
      return truth(values.text(v[0]) < values.text(v[1]));
    case Op::kTextLe:
      return truth(values.text(v[0]) <= values.text(v[1]));
    case Op::kNot:
      return truth(v[0] == 0);
    case Op::kHas:
      return truth(v[0] != kNoneWord);
    case Op::kInEntity:
      return truth(state.hierarchy->contains(v[1], v[0]));
    case Op::kInSet:
      return truth(in_sorted(values.compound(v[1]), v[0]));
    case Op::kInList: {
      auto words = values.compound(v[1]);
      return truth(std::find(words.begin(), words.end(), v[0]) != words.end());
    }
    case Op::kInMap:
      return truth(entry(values.compound(v[1]), v[0]) != nullptr);
    case Op::kMapGet:
    case Op::kMapGetTotal: {
      const int64_t* found = entry(values.compound(v[0]), v[1]);
      return word(found != nullptr ? found[1] : kNoneWord);
    }
    case Op::kSize:
      return word(static_cast<int64_t>(values.compound(v[0]).size()) / n);
    case Op::kMakeSet:
      return word(make_set(state, v, count));
    case Op::kMakeRecord:
    case Op::kMakeList:
      return word(make_compound(state, {v, v + count}));
    case Op::kMakeMap:
      return word(make_map(state, v, count));
    case Op::kRecordField:
      return word(v[0] == kNoneWord ? kNoneWord : values.compound(v[0])[static_cast<size_t>(n)]);
    case Op::kText:
      return word(make_text(state, v, count));
    case Op::kIs:
      return truth(entity_type_of(v[0]) == n);
    case Op::kAs:
      return word(v[0]);
    case Op::kEntityId:
      return word(v[0] == kNoneWord ? kNoneWord : values.text_word(values.entity_id(v[0])));
    case Op::kTextSize:
      return word(static_cast<int64_t>(values.text(v[0]).size()));
    case Op::kStartsWith:
      return truth(values.text(v[0]).starts_with(values.text(v[1])));
    case Op::kEndsWith:
      return truth(values.text(v[0]).ends_with(values.text(v[1])));
    case Op::kContains:
      return truth(values.text(v[0]).find(values.text(v[1])) != std::string_view::npos);
    case Op::kIpIn:
      return truth(ip_contains(values.text(v[1]), values.text(v[0])));
    case Op::kMatchGlob:
      return truth(glob_matches(values.text(v[1]), values.text(v[0])));
    case Op::kMatchRegex:
      return truth(regex_matches(values.text(v[1]), values.text(v[0])));
    case Op::kCivil:
      return civil_field(static_cast<CivilField>(n), v[0], values.text(v[1]));
    case Op::kAbs:
    case Op::kLeast:
    case Op::kGreatest:
    case Op::kFloor:
    case Op::kCeil:
    case Op::kRound:
    case Op::kLower:
    case Op::kUpper:
    case Op::kTrim:
    case Op::kTextLength:
    case Op::kSubstring:
    case Op::kReplace:
    case Op::kConcat:
    case Op::kSplit:
    case Op::kJoin:
    case Op::kParseInt:
    case Op::kParseDecimal:
    case Op::kSetUnion:
    case Op::kSetIntersect:
    case Op::kSetMinus:
    case Op::kSubset:
    case Op::kDisjoint:
    case Op::kIpIsV4:
    case Op::kIpIsV6:
    case Op::kIpPrefixLength:
    case Op::kFloatAdd:
    case Op::kFloatSub:
    case Op::kFloatMul:
    case Op::kFloatDiv:
    case Op::kFloatLt:
    case Op::kFloatLe:
    case Op::kIntToFloat:
    case Op::kDecToFloat:
    case Op::kFloatToDec:
      return function(state, op, v);
    case Op::kWithin:
      return truth(arith::is_within(v[0], v[1], v[2]));
    case Op::kOnly:
      return v[0] > 1 ? arith::fail(EvalErrorKind::kYield) : truth(true);
    case Op::kGranted:
      return granted(state, static_cast<uint32_t>(n), v);
    case Op::kConst:
    case Op::kSlot:
    case Op::kField:
    case Op::kParam:
    case Op::kNow:
    case Op::kAttr:
    case Op::kAnd:
    case Op::kOr:
    case Op::kIf:
    case Op::kCoalesce:
      break;
  }
  assert(false);  // INVARIANT: leaves, attributes and lazy operations have code of their own
  return word(kNoneWord);
}

}  // namespace lictor
