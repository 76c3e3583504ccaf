#include "compiler/builtins.h"

namespace lictor {
namespace {

using enum TypeKind;

std::string_view kind_name(TypeKind kind) {
  return kind == kSet ? "set" : kind == kList ? "list" : kind == kMap ? "map" : "value";
}

std::string param_text(const Schema& schema, const BuiltinParam& param) {
  bool simple = param.kind >= kBool && param.kind <= kCivil;
  // The simple types have fixed ids in the order of their kinds.
  if (simple) return type_name(schema, static_cast<TypeId>(param.kind));
  std::string name(kind_name(param.kind));
  return param.elem == kError ? name : name + "<" + param_text(schema, param.elem) + ">";
}

}  // namespace

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> kTable{
      {"", "size", {kSet}, kIntType, Op::kSize, "number of elements", {{"size({1, 2, 2})", "2"}}},
      {"", "size", {kList}, kIntType, Op::kSize, "number of elements", {{"size([1, 2, 2])", "3"}}},
      {"", "size", {kMap}, kIntType, Op::kSize, "number of keys", {{"size({\"a\": 1})", "1"}}},
      {"", "size", {kString}, kIntType, Op::kTextSize, "length in UTF-8 bytes", {{"size(\"é\")", "2"}}},
      {"",
       "starts_with",
       {kString, kString},
       kBoolType,
       Op::kStartsWith,
       "does it begin so",
       {{"starts_with(\"abc\", \"ab\")", "true"}}},
      {"",
       "ends_with",
       {kString, kString},
       kBoolType,
       Op::kEndsWith,
       "does it end so",
       {{"ends_with(\"abc\", \"ab\")", "false"}}},
      {"",
       "contains",
       {kString, kString},
       kBoolType,
       Op::kContains,
       "does it hold the other text",
       {{"contains(\"abc\", \"b\")", "true"}}},
      {"",
       "matches",
       {kString, kGlob},
       kBoolType,
       Op::kMatchGlob,
       "does the whole text match",
       {{"matches(\"a/b.png\", glob\"*.png\")", "true"}, {"matches(\"b.PNG\", glob\"?.png\")", "false"}}},
      {"",
       "matches",
       {kString, kRegex},
       kBoolType,
       Op::kMatchRegex,
       "does some part of the text match (RE2)",
       {{"matches(\"xab1\", re\"[0-9]\")", "true"}, {"matches(\"xab1\", re\"^[0-9]$\")", "false"}}},
      {"",
       "decimal",
       {kInt},
       kDecimalType,
       Op::kIntToDec,
       "the same number; errs where it does not fit",
       {{"decimal(2) / 4", "0.5"}}},
      {"",
       "int",
       {kDecimal},
       kIntType,
       Op::kDecToInt,
       "the same number; errs where it is not whole",
       {{"int(2.0)", "2"}}},
      {"std.time",
       "civil",
       {kTime, kString},
       kCivilType,
       Op::kCivil,
       "what clocks in a zone of the IANA database show; errs where there is no such zone",
       {{"civil(time\"2026-07-01T22:30:00Z\", \"Europe/Vienna\").clock", "00:30"},
        {"civil(time\"2026-07-01T22:30:00Z\", \"Europe/Vienna\").date", "date\"2026-07-02\""},
        {"civil(time\"2026-01-01T00:00:00Z\", \"Etc/UTC\").weekday", "Weekday.thursday"}}},
  };
  return kTable;
}

std::string builtin_signature(const Schema& schema, const Builtin& builtin) {
  std::string out = std::string(builtin.name) + "(";
  for (size_t i = 0; i < builtin.params.size(); ++i)
    out += (i == 0 ? "" : ", ") + param_text(schema, builtin.params[i]);
  out += ") -> ";
  switch (builtin.shape) {
    case Builtin::Shape::kPlain:
      return out + type_name(schema, builtin.result);
    case Builtin::Shape::kOptional:
      return out + type_name(schema, builtin.result) + "?";
    case Builtin::Shape::kList:
      return out + "list<" + type_name(schema, builtin.result) + ">";
    case Builtin::Shape::kFirst:
      return out + std::string(kind_name(builtin.params[0].kind));
  }
  return out;
}

}  // namespace lictor
