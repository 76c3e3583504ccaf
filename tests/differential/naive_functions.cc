// The functions of the standard modules once more, on Datums and by the plainest means.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cwctype>

#include "compiler/literals.h"
#include "tests/differential/naive.h"

namespace lictor::testing {
namespace {

Datum number(const Expr& expr, int64_t n) {
  Datum out;
  out.type = expr.type;
  out.n = n;
  return out;
}

Datum text(const Expr& expr, std::string s) {
  Datum out;
  out.type = expr.type;
  out.text = std::move(s);
  return out;
}

/// The characters of a text, each a string.
std::vector<std::string> characters(const std::string& s) {
  std::vector<std::string> out;
  for (char c : s) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) out.emplace_back();
    out.back() += c;
  }
  return out;
}

/// Enough of Unicode for the strings that the generator makes: ASCII and e with an accent.
std::string cased(const std::string& s, bool upper) {
  std::string out;
  for (std::string c : characters(s)) {
    if (c.size() == 1) c[0] = static_cast<char>(upper ? std::toupper(c[0]) : std::tolower(c[0]));
    if (c == (upper ? "\xC3\xA9" : "\xC3\x89")) c = upper ? "\xC3\x89" : "\xC3\xA9";
    out += c;
  }
  return out;
}

std::string trimmed(std::string s) {
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.back())) != 0) s.pop_back();
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.front())) != 0) s.erase(0, 1);
  return s;
}

std::vector<std::string> parts(const std::string& s, const std::string& separator) {
  if (separator.empty()) return characters(s);
  std::vector<std::string> out{""};
  for (size_t i = 0; i < s.size();) {
    if (s.compare(i, separator.size(), separator) == 0) {
      out.emplace_back();
      i += separator.size();
    } else {
      out.back() += s[i++];
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& list, const std::string& separator) {
  std::string out;
  for (size_t i = 0; i < list.size(); ++i) out += (i > 0 ? separator : "") + list[i];
  return out;
}

Datum optional_number(const Expr& expr, std::optional<int64_t> n) {
  Datum out = number(expr, n.value_or(0));
  out.none = !n || *n == INT64_MIN;
  if (out.none) out.n = 0;
  return out;
}

}  // namespace

std::optional<Datum> Naive::function(const Expr& expr, const std::vector<Datum>& v, Scope& scope) {
  auto in = [&](const Datum& item, const Datum& set) {
    return std::any_of(set.items.begin(), set.items.end(), [&](const Datum& other) { return same(item, other); });
  };
  auto picked = [&](bool wanted) {
    Datum out = number(expr, 0);
    for (const Datum& item : v[0].items) {
      if (in(item, v[1]) == wanted) out.items.push_back(item);
    }
    return out;
  };
  auto real = [](const Datum& value) { return std::bit_cast<double>(value.n); };
  auto real_result = [&](double value) -> std::optional<Datum> {
    if (!std::isfinite(value)) return fail(expr, "overflow", scope);
    return number(expr, std::bit_cast<int64_t>(value + 0.0));
  };
  switch (expr.op) {
    case Op::kAbs:
      if (v[0].n == INT64_MIN) return fail(expr, "overflow", scope);
      return number(expr, v[0].n < 0 ? -v[0].n : v[0].n);
    case Op::kLeast:
      return number(expr, v[0].n < v[1].n ? v[0].n : v[1].n);
    case Op::kGreatest:
      return number(expr, v[0].n < v[1].n ? v[1].n : v[0].n);
    case Op::kFloor:
      return number(expr, static_cast<int64_t>(std::floor(static_cast<long double>(v[0].n) / kDecimalScale)));
    case Op::kCeil:
      return number(expr, static_cast<int64_t>(std::ceil(static_cast<long double>(v[0].n) / kDecimalScale)));
    case Op::kRound:
      return number(expr, static_cast<int64_t>(std::nearbyint(static_cast<long double>(v[0].n) / kDecimalScale)));
    case Op::kLower:
      return text(expr, cased(v[0].text, false));
    case Op::kUpper:
      return text(expr, cased(v[0].text, true));
    case Op::kTrim:
      return text(expr, trimmed(v[0].text));
    case Op::kTextLength:
      return number(expr, static_cast<int64_t>(characters(v[0].text).size()));
    case Op::kSubstring: {
      auto all = characters(v[0].text);
      std::string out;
      for (size_t i = 0; i < all.size(); ++i) {
        __extension__ __int128 at = static_cast<int64_t>(i), from = v[1].n, count = v[2].n;
        if (at >= from && at < from + count) out += all[i];
      }
      return text(expr, out);
    }
    case Op::kReplace:
      if (v[1].text.empty()) return text(expr, v[0].text);
      return text(expr, joined(parts(v[0].text, v[1].text), v[2].text));
    case Op::kConcat:
      return text(expr, v[0].text + v[1].text);
    case Op::kSplit: {
      Datum list = number(expr, 0);
      for (const std::string& part : parts(v[0].text, v[1].text)) {
        list.items.push_back(text(expr, part));
        list.items.back().type = kStringType;
      }
      return list;
    }
    case Op::kJoin: {
      std::vector<std::string> list;
      for (const Datum& item : v[0].items) list.push_back(item.text);
      return text(expr, joined(list, v[1].text));
    }
    case Op::kParseInt:
      return optional_number(expr, parse_int(v[0].text));
    case Op::kParseDecimal:
      return optional_number(expr, parse_decimal(v[0].text));
    case Op::kSetUnion: {
      Datum out = v[0];
      out.type = expr.type;
      for (const Datum& item : v[1].items) {
        if (!in(item, v[0])) out.items.push_back(item);
      }
      std::sort(out.items.begin(), out.items.end(), [&](const Datum& a, const Datum& b) { return less(a, b); });
      return out;
    }
    case Op::kSetIntersect:
      return picked(true);
    case Op::kSetMinus:
      return picked(false);
    case Op::kSubset:
      return number(expr,
                    std::all_of(v[0].items.begin(), v[0].items.end(), [&](const Datum& x) { return in(x, v[1]); }));
    case Op::kDisjoint:
      return number(expr, picked(true).items.empty());
    case Op::kIpIsV4:
      return number(expr, v[0].text.find(':') == std::string::npos);
    case Op::kIpIsV6:
      return number(expr, v[0].text.find(':') != std::string::npos);
    case Op::kIpPrefixLength: {
      size_t slash = v[0].text.find('/');
      if (slash != std::string::npos) return number(expr, std::stoi(v[0].text.substr(slash + 1)));
      return number(expr, v[0].text.find(':') == std::string::npos ? 32 : 128);
    }
    case Op::kFloatDiv:
      if (real(v[1]) == 0) return fail(expr, "division", scope);
      return real_result(real(v[0]) / real(v[1]));
    case Op::kFloatAdd:
      return real_result(real(v[0]) + real(v[1]));
    case Op::kFloatSub:
      return real_result(real(v[0]) - real(v[1]));
    case Op::kFloatMul:
      return real_result(real(v[0]) * real(v[1]));
    case Op::kFloatLt:
      return number(expr, real(v[0]) < real(v[1]));
    case Op::kFloatLe:
      return number(expr, real(v[0]) <= real(v[1]));
    case Op::kIntToFloat:
      return real_result(static_cast<double>(v[0].n));
    case Op::kDecToFloat:
      return real_result(std::stod(show_decimal(v[0].n, true)));
    case Op::kFloatToDec: {
      long double scaled = static_cast<long double>(real(v[0])) * kDecimalScale;
      if (std::fabs(scaled) > 9.2233720368547758e18L) return fail(expr, "overflow", scope);
      return number(expr, std::llrintl(scaled));
    }
    default:
      return std::nullopt;
  }
}

}  // namespace lictor::testing
