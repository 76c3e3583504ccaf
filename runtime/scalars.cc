#include "runtime/scalars.h"

#include "compiler/checked_text.h"
#include "compiler/literals.h"

namespace lictor {
namespace {

std::optional<int64_t> parse_member(const EnumDecl& decl, std::string_view text) {
  for (size_t ordinal = 0; ordinal < decl.members.size(); ++ordinal) {
    if (decl.members[ordinal].wire == text) return static_cast<int64_t>(ordinal);
  }
  return std::nullopt;
}

std::string members(const EnumDecl& decl) {
  constexpr size_t kMost = 8;
  std::string out = "one of ";
  for (size_t i = 0; i < decl.members.size() && i < kMost; ++i) {
    out += (i == 0 ? "`" : ", `") + decl.members[i].wire + "`";
  }
  return decl.members.size() > kMost ? out + " ..." : out;
}

}  // namespace

bool is_text(TypeKind kind) { return kind == TypeKind::kString || is_checked_text(kind); }

std::optional<int64_t> scalar_word(const Schema& schema, TypeId id, std::string_view text) {
  const Type& type = schema.types[id];
  switch (type.kind) {
    case TypeKind::kBool:
      if (text == "true") return 1;
      if (text == "false") return 0;
      return std::nullopt;
    case TypeKind::kInt:
      return parse_int(text);
    case TypeKind::kDecimal:
      return parse_decimal(text);
    case TypeKind::kFloat:
      return is_json_number(text) ? parse_float(text) : std::nullopt;
    case TypeKind::kTime:
      return parse_time(text);
    case TypeKind::kDuration:
      return parse_duration(text);
    case TypeKind::kClock:
      return parse_clock(text);
    case TypeKind::kDate:
      return parse_date(text);
    case TypeKind::kEnum:
      return parse_member(schema.enums[type.decl], text);
    default:
      return std::nullopt;
  }
}

bool is_json_number(std::string_view text) {
  size_t at = 0;
  auto digits = [&] {
    size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - first;
  };
  if (at < text.size() && text[at] == '-') ++at;
  size_t first = at;
  size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

bool in_range(const Schema& schema, TypeId id, int64_t word) {
  const Type& type = schema.types[id];
  return !type.ranged || (word >= type.lo && word <= type.hi);
}

std::string expectation(const Schema& schema, TypeId id) {
  const Type& type = schema.types[id];
  switch (type.kind) {
    case TypeKind::kOptional:
      return expectation(schema, type.elem);
    case TypeKind::kBool:
      return "true or false";
    case TypeKind::kInt:
      return "an int";
    case TypeKind::kDecimal:
      return "a decimal of at most four places";
    case TypeKind::kFloat:
      return "a finite number";
    case TypeKind::kTime:
      return "a time such as `2026-01-01T00:00:00Z`";
    case TypeKind::kDuration:
      return "a duration such as `5m`";
    case TypeKind::kClock:
      return "a clock time such as `09:00`";
    case TypeKind::kDate:
      return "a date such as `2026-01-01`";
    case TypeKind::kIp:
    case TypeKind::kGlob:
    case TypeKind::kRegex:
    case TypeKind::kDigest:
      return std::string(text_form(type.kind));
    case TypeKind::kEnum:
      return members(schema.enums[type.decl]);
    case TypeKind::kEntity:
      return "the id of a `" + type_name(schema, id) + "`";
    case TypeKind::kUnion: {
      std::string out;
      for (TypeId member : type.members)
        out += (out.empty() ? "an entity such as `" : "` or `") + type_name(schema, member) + ":ID";
      return out + "`";
    }
    case TypeKind::kSet:
    case TypeKind::kList:
      return "an array (`" + type_name(schema, id) + "`)";
    case TypeKind::kMap:
    case TypeKind::kRecord:
      return "an object (`" + type_name(schema, id) + "`)";
    default:
      return "a string";
  }
}

}  // namespace lictor
