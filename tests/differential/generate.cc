#include "tests/differential/generate.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace lictor::testing {

namespace {

const char* const kTypes = "ISCUDGMAK";
const char* const kClocks[] = {"00:00", "08:30", "17:00", "23:59:59.999999"};
const char* const kPatterns[] = {"glob\"a*\"", "glob\"?\"", "glob\"*b*\"",    "glob\"\xC3\xA9?*\"",
                                 "re\"^a\"",   "re\"b|z\"", "re\"^[a-b]+$\"", "re\"^$\""};
const char* const kColors[] = {"red", "green", "blue"};

std::string join(const std::vector<std::string>& parts, const char* separator) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) out += (i ? separator : "") + parts[i];
  return out;
}

/// An expression as it stands in the braces of a message.
std::string in_message(const std::string& expr) {
  std::string out = "{";
  for (char c : expr) out += c == '"' ? std::string("\\\"") : std::string(1, c);
  return out + "}";
}

}  // namespace

std::string Generator::type_text(char type) {
  switch (type) {
    case 'I':
      return "int";
    case 'S':
      return "string";
    case 'C':
      return "Color";
    case 'U':
      return "User";
    case 'D':
      return "Doc";
    case 'G':
      return "Group";
    case 'A':
      return "ip";
    case 'K':
      return "clock";
    case 'B':
      return "Box";
    case 'P':
      return "Actor";
    default:
      return "decimal";
  }
}

std::string Generator::constant(char type) {
  switch (type) {
    case 'I':
      return std::to_string(chance(90) ? below(5) : below(1000));
    case 'S':
      return '"' + std::string(kStrings[below(5)]) + '"';
    case 'C':
      return std::string("Color.") + kColors[below(3)];
    case 'U':
      return "User(\"u" + std::to_string(below(4)) + "\")";
    case 'D':
      return "Doc(\"d" + std::to_string(below(4)) + "\")";
    case 'G':
      return "Group(\"g" + std::to_string(below(4)) + "\")";
    case 'A':
      return "ip\"" + std::string(kAddresses[below(7)]) + '"';
    case 'K':
      return kClocks[below(4)];
    case 'B':
      return box_constant();
    case 'P':
      return constant(chance(50) ? 'U' : 'D');
    default:
      return std::to_string(below(3)) + "." + std::to_string(below(10000) + 10000).substr(1);
  }
}

std::string Generator::bound(Scope& scope, char type) {
  std::vector<std::string> fitting;
  for (const auto& [name, t] : scope.bound) {
    if (t == type) fitting.push_back(name);
  }
  if (scope.request && chance(50)) {
    if (type == 'I') fitting.push_back("r.amount");
    if (type == 'S') fitting.push_back("r.tag");
    if (type == 'C') fitting.push_back("r.color");
    if (type == 'M') fitting.push_back(chance(70) ? "r.rate" : "decimal(r.load * 3)");
    if (type == 'G') fitting.push_back("r.team");
    if (type == 'A') fitting.push_back("r.address");
    if (type == 'K') fitting.push_back("r.hour");
    if (type == 'B') fitting.push_back("r.box");
    if (type == 'P') fitting.push_back("r.who");
  }
  if (fitting.empty()) return "";
  return fitting[below(static_cast<int>(fitting.size()))];
}

std::string Generator::number(Scope& scope, int depth) {
  if (depth == 0 || chance(40)) {
    std::string name = bound(scope, 'I');
    return !name.empty() && chance(75) ? name : constant('I');
  }
  static const char* const ops[] = {" + ", " - ", " * ", " / ", " mod "};
  std::string left = number(scope, depth - 1), right = number(scope, depth - 1);
  return "(" + left + ops[chance(75) ? below(2) : below(5)] + right + ")";
}

std::string Generator::term(Scope& scope, char type) {
  std::string user = bound(scope, 'U'), doc = bound(scope, 'D');
  if (type == 'I' && chance(25)) return number(scope, 2);
  if (type == 'I' && !user.empty() && chance(25)) return user + ".level";
  if (type == 'I' && !doc.empty() && chance(25)) return doc + ".size";
  if (type == 'I' && chance(8)) {
    std::string text = bound(scope, 'S');
    if (!text.empty()) return (chance(50) ? "size(" : "length(") + text + ")";
  }
  if (type == 'I' && scope.request && chance(8)) return civil(scope) + (chance(50) ? ".hour" : ".day");
  if (type == 'K' && scope.request && chance(30)) return civil(scope) + ".clock";
  if (type == 'I' && chance(8))
    return std::string(chance(50) ? "least(" : "greatest(") + number(scope, 1) + ", " + number(scope, 1) + ")";
  if (type == 'I' && chance(6)) return "abs(" + number(scope, 1) + ")";
  if (type == 'I' && chance(6))
    return std::string(chance(50) ? "floor(" : chance(50) ? "ceil(" : "round(") + term(scope, 'M') + ")";
  if (type == 'C' && !user.empty() && chance(40)) return user + ".color";
  if (type == 'M' && !user.empty() && chance(40)) return user + ".score";
  if (type == 'U' && !user.empty() && chance(15)) return "(" + user + ".boss ?? " + user + ")";
  if (type == 'S' && !user.empty() && chance(10)) return user + ".id";
  if (chance(8)) {
    std::string value = lookup(scope, type);
    if (!value.empty()) return "(" + value + " ?? " + constant(type) + ")";
  }
  std::string name = bound(scope, type);
  if (!name.empty() && chance(85)) {
    if (type == 'M' && chance(20)) return "(" + name + (chance(50) ? " * " : " / ") + constant('M') + ")";
    return name;
  }
  return constant(type);
}

/// A text that a function makes of another.
std::string Generator::made_text(Scope& scope, const std::string& a) {
  switch (below(8)) {
    case 0:
      return "lower(" + a + ")";
    case 1:
      return "upper(" + a + ")";
    case 2:
      return "trim(concat(concat(\" \", " + a + "), \" \"))";
    case 3:
      return "substring(" + a + ", " + std::to_string(below(4) - 1) + ", " + std::to_string(below(4)) + ")";
    case 4:
      return "replace(" + a + ", \"" + kStrings[below(5)] + "\", " + term(scope, 'S') + ")";
    case 5:
      return "join(split(" + a + ", \"" + kStrings[below(5)] + "\"), \"-\")";
    case 6:
      return "concat(" + a + ", " + term(scope, 'S') + ")";
    default:
      return "to_text(" + term(scope, "ISCMK"[below(5)]) + ")";
  }
}

/// Civil time now, seldom in a zone that does not exist.
std::string Generator::civil(Scope& scope) {
  static const char* const zones[] = {"\"Europe/Vienna\"", "\"America/New_York\"", "\"Asia/Kathmandu\""};
  std::string text = bound(scope, 'S');
  return "civil(now, " + (text.empty() || chance(80) ? zones[below(3)] : text) + ")";
}

const Generator::Relation* Generator::pick(bool lower, const Scope& scope) {
  std::vector<const Relation*> fitting;
  for (const Relation& relation : relations_) {
    if (relation.request && !scope.request) continue;
    if (relation.level > scope.level || (lower && relation.level >= scope.level)) continue;
    fitting.push_back(&relation);
  }
  return fitting.empty() ? nullptr : fitting[below(static_cast<int>(fitting.size()))];
}

std::string Generator::atom(Scope& scope, const Relation& relation, bool negated) {
  std::vector<std::string> args;
  if (relation.request) args.push_back("r");
  std::vector<std::pair<std::string, char>> added;
  for (const Column& column : relation.columns) {
    int choice = below(100);
    std::string name = bound(scope, column.type);
    auto twice = std::find_if(added.begin(), added.end(), [&](const auto& a) { return a.second == column.type; });
    if (twice != added.end() && chance(15))  // p(v, v)
      args.push_back(twice->first);
    else if (choice < 40 && !name.empty())
      args.push_back(name);
    else if (choice < 52)
      args.push_back(constant(column.type));
    else if (choice < 58 && !name.empty())
      args.push_back(term(scope, column.type));
    else if (choice < 70 || negated)
      args.push_back("_");
    else {
      std::string variable = fresh();
      args.push_back(variable);
      added.emplace_back(variable, column.type);
    }
  }
  if (relation.expires) args.push_back(negated ? "_" : expiry(scope, added));
  scope.bound.insert(scope.bound.end(), added.begin(), added.end());
  return before(relation) + relation.name + "(" + join(args, ", ") + ")" + behind(relation);
}

/// What stands for the time at which a row expires: ignored, a time known from another row, or a new variable.
std::string Generator::expiry(Scope& scope, std::vector<std::pair<std::string, char>>& added) {
  std::string known = bound(scope, 'T');
  if (!known.empty() && chance(30)) return known;
  if (chance(50)) return "_";
  added.emplace_back(fresh(), 'T');
  return added.back().first;
}

std::string Generator::comparison(Scope& scope) {
  char type = kTypes[below(9)];
  std::string a = term(scope, type);
  static const char* const order[] = {" < ", " <= ", " > ", " >= ", " == ", " != "};
  switch (type) {
    case 'I':
      if (chance(20)) return a + " in " + std::to_string(below(3)) + ".." + std::to_string(3 + below(4));
      return a + order[below(6)] + term(scope, type);
    case 'K':
      if (chance(30)) return a + " in 08:30..17:00";
      return a + order[below(6)] + term(scope, type);
    case 'A':
      if (chance(20)) return "prefix_length(" + a + ") > " + std::to_string(below(4) * 12);
      if (chance(20)) return std::string(chance(50) ? "is_v4(" : "is_v6(") + a + ")";
      if (chance(70)) return a + (chance(80) ? " in " : " not in ") + term(scope, type);
      return a + (chance(50) ? " == " : " != ") + term(scope, type);
    case 'M':
      if (scope.request && chance(20))
        return "r.load / 3 " + std::string(chance(50) ? "<" : ">=") + " float(" + a + ")";
      return a + order[below(6)] + term(scope, type);
    case 'C':
      return a + order[below(6)] + term(scope, type);
    case 'S':
      if (chance(40)) return made_text(scope, a) + order[below(6)] + term(scope, type);
      if (chance(30)) return "starts_with(" + a + ", " + term(scope, type) + ")";
      if (chance(30)) return a + " in {\"a\", \"abc\", \"zeta\"}";
      if (chance(30)) return "matches(" + a + ", " + kPatterns[below(8)] + ")";
      return a + order[below(6)] + term(scope, type);
    case 'G':
      return a + (chance(50) ? " == " : " != ") + term(scope, type);
    default:
      if (type == 'D' && governed_ && chance(40))
        return a + ".state" + (chance(60) ? " == s" + std::to_string(below(4)) : std::string(" in {s0, s2}"));
      if (chance(60)) return a + (chance(80) ? " in " : " not in ") + term(scope, 'G');
      return a + (chance(50) ? " == " : " != ") + term(scope, type);
  }
}

std::string Generator::nested(Scope& scope) {
  Scope inner = scope;
  inner.depth++;
  inner.level = scope.level;
  if (chance(35)) {
    Scope left = inner, right = inner;
    std::string a = body(left, 1 + below(2)), b = body(right, 1 + below(2));
    return "(" + a + " or " + b + ")";
  }
  inner.level = std::max(0, scope.level - 1);  // below anything this rule could define
  if (chance(40)) return std::string(chance(40) ? "not " : "") + "exists (" + body(inner, 1 + below(2)) + ")";
  Scope second = inner;
  std::string a = body(second, 1);
  return "forall (" + a + ") => (" + body(second, 1) + ")";
}

std::string Generator::aggregate(Scope& scope) {
  const Relation* relation = pick(true, scope);
  if (!relation) return comparison(scope);
  static const char* const ops[] = {"count", "sum", "min", "max", "avg", "collect", "percentile(90%)"};
  std::vector<std::string> args, tuple;
  std::string value;
  char value_type = 0;
  if (relation->request) args.push_back("r");
  for (const Column& column : relation->columns) {
    std::string name = bound(scope, column.type);
    if (!name.empty() && chance(25)) {
      args.push_back(name);
      continue;
    }
    std::string variable = fresh();
    args.push_back(variable);
    if (column.type == 'I' || column.type == 'M') {
      if (value.empty()) {
        value = variable;
        value_type = column.type;
        continue;
      }
    }
    if (chance(70))
      tuple.push_back(variable);
    else
      args.back() = "_";
  }
  if (relation->expires) args.push_back("_");
  std::string name = before(*relation) + relation->name, window = behind(*relation);
  std::string result = fresh();
  int op = below(7);
  if (value.empty() || op == 0) {
    if (!value.empty()) tuple.push_back(value);
    if (tuple.empty()) return comparison(scope);
    scope.bound.emplace_back(result, 'I');
    return result + " = count { " + join(tuple, ", ") + " : " + name + "(" + join(args, ", ") + ")" + window + " }";
  }
  tuple.insert(tuple.begin(), value);
  std::string text = result + " = " + ops[op] + " { " + join(tuple, ", ") + " : " + name + "(" + join(args, ", ") +
                     ")" + window + " }";
  if (op == 5) return text + ", size(" + result + ") " + (chance(50) ? ">" : "<=") + " " + std::to_string(below(3));
  scope.bound.emplace_back(result, op == 4 ? 'M' : value_type);
  return text;
}

std::string Generator::literal(Scope& scope) {
  if (records_ && chance(20)) {
    std::string text = chance(60) ? box_literal(scope) : actor_literal(scope);
    if (!text.empty()) return text;
  }
  if (chance(8)) {
    std::string text = keyed(scope);
    if (!text.empty()) return text;
  }
  if (asks_ && scope.request && scope.level > 1 && chance(4)) return granted(scope);
  int choice = below(100);
  if (choice < 45) {
    if (const Relation* relation = pick(false, scope)) return atom(scope, *relation, false);
  }
  if (choice < 55) {
    if (const Relation* relation = pick(true, scope)) return "not " + atom(scope, *relation, true);
  }
  if (choice < 58) {
    std::string text = ranging(scope);
    if (!text.empty()) return text;
  }
  if (choice < 64 && scope.depth < 2) return nested(scope);
  if (choice < 70 && scope.depth < 2) return aggregate(scope);
  if (choice < 73) {
    std::string user = bound(scope, 'U');
    if (!user.empty()) {
      std::string variable = fresh();
      scope.bound.emplace_back(variable, 'U');
      return "some " + variable + " = " + user + ".boss";
    }
  }
  if (choice < 78 && scope.request) {
    std::string variable = fresh();
    bool user = chance(60);
    scope.bound.emplace_back(variable, user ? 'U' : 'D');
    return "some " + variable + " = r." + (user ? "user" : "doc");
  }
  if (choice < 82) {
    std::string variable = fresh();
    char type = "UDG"[below(3)];
    scope.bound.emplace_back(variable, type);
    return type_text(type) + "(" + variable + ")";
  }
  if (choice < 86) {
    std::string user = bound(scope, 'U'), variable = fresh();
    if (!user.empty()) {
      std::string sum = number(scope, 2) + " + " + user + ".level";
      scope.bound.emplace_back(variable, 'I');
      return variable + " = " + sum;
    }
  }
  return comparison(scope);
}

std::string Generator::body(Scope& scope, int literals) {
  std::vector<std::string> parts;
  for (int i = 0; i < literals; ++i) parts.push_back(literal(scope));
  return join(parts, ", ");
}

std::string Generator::with_single_marked(std::string text) {
  std::map<std::string, int> count;
  auto each = [&](auto&& use) {
    for (size_t i = 0; i < text.size();) {
      bool start = text[i] == 'v' && (i == 0 || (!std::isalnum(static_cast<unsigned char>(text[i - 1])) &&
                                                 text[i - 1] != '_' && text[i - 1] != '.'));
      size_t end = i + 1;
      while (start && end < text.size() && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
      if (start && end > i + 1)
        i = use(i, end);
      else
        ++i;
    }
  };
  each([&](size_t b, size_t e) { return ++count[text.substr(b, e - b)], e; });
  std::string out;
  size_t copied = 0;
  each([&](size_t b, size_t e) {
    out += text.substr(copied, b - copied) + (count[text.substr(b, e - b)] == 1 ? "_" : "") + text.substr(b, e - b);
    copied = e;
    return e;
  });
  return out + text.substr(copied);
}

std::string Generator::rule(const Relation& head) {
  Scope scope;
  scope.request = head.request;
  scope.level = head.level;
  std::string text = body(scope, 1 + below(4));
  if (!head.request && chance(5)) text += ", 4_611_686_018_427_387_904 * " + number(scope, 0) + " != 1";
  std::vector<std::string> args;
  if (head.request) args.push_back("r: Act");
  for (const Column& column : head.columns) args.push_back(term(scope, column.type));
  return with_single_marked(head.name + "(" + join(args, ", ") + ") :- " + text + ".\n");
}

std::string Generator::clause(int number) {
  Scope scope;
  scope.request = true;
  scope.level = 100;
  std::string text = body(scope, 1 + below(4));
  if (chance(25)) {
    if (std::string read = reads_yield(scope); !read.empty()) text += ", " + read;
  }
  static const char* const outcomes[] = {"allow", "deny", "require"};
  std::string outcome = outcomes[chance(15) ? 2 : below(2)];
  std::string message = "\"c" + std::to_string(number);
  for (const auto& [name, type] : scope.bound) {
    if (chance(40)) message += " {" + name + "}";
  }
  if (chance(20)) message += " " + in_message(number_text(scope));
  message += "\"";
  std::string out =
      "  " + annotations() + (chance(12) ? "override " : "") + outcome + " c" + std::to_string(number) + ": " + message;
  if (outcome == "require") out += " approval(count: " + number_text(scope) + ")";
  out += " if " + text;
  if (outcome == "require" && chance(40)) out += " meanwhile tell(text: \"wait {r.tag}\")";
  std::string effects;
  if (chance(30)) effects = "tell(text: \"done " + in_message(term(scope, 'S')) + "\")";
  if (chance(25)) {
    if (std::string change = this->change(scope); !change.empty()) effects += (effects.empty() ? "" : ", ") + change;
  }
  if (!effects.empty()) out += " then " + effects;
  return with_single_marked(out + ".\n");
}

std::string Generator::number_text(Scope& scope) { return number(scope, chance(80) ? 0 : 2); }

std::string Generator::program() {
  relations_.clear();
  variables_ = 0;
  yields_ = 0;
  asks_ = chance(35);
  records_ = chance(40);
  governed_ = chance(30);
  std::string out =
      std::string(
          "module t.random\nuse std.time (civil)\nuse std.net (is_v4, is_v6, prefix_length)\n"
          "use std.sets (union, intersect, minus, subset, disjoint)\n"
          "use std.text (lower, upper, trim, length, substring, replace, concat, split, join, parse_int, "
          "parse_decimal)\n"
          "enum Color { red < green < blue }\n"
          "entity Group in Group {}\n"
          "entity User in Group { level: int 0..9, color: Color, boss: User?, score: decimal }\n"
          "entity Doc in Group { size: int = 3, owner: User? }\n"
          "obligation tell(text: string)\n"
          "requirement approval(count: int)\n"
          "request Act { user: User?, doc: Doc?, team: Group, amount: int, tag: string, color: Color = green, rate: "
          "decimal, tags: set<string>, ranks: list<int>, limits: map<string, int>, docs: set<Doc>, address: ip, hour: "
          "clock, load: float") +
      (records_ ? record_fields() : "") + " }\n" + (records_ ? record_declarations() : "");
  int bases = 2 + below(3), derived = 2 + below(4), asked = below(4);
  for (int i = 0; i < bases + derived + asked; ++i) {
    Relation relation;
    relation.name = (i < bases ? "b" : i < bases + derived ? "p" : "q") + std::to_string(i);
    relation.request = i >= bases + derived;
    relation.level = i < bases ? 0 : 1 + (i - bases) / 2;  // two relations a level: mutual recursion
    int columns = relation.request && chance(20) ? 0 : 1 + below(3);
    for (int c = 0; c < columns; ++c) relation.columns.push_back({kTypes[below(9)]});
    relation.event = i < bases && columns > 0 && chance(20);
    bool keyed = !relation.request && !relation.event && columns > 1 && chance(i < bases ? 55 : 8);
    std::string key = keyed ? key_part(relation) : "";
    relation.expires = i < bases && columns > 0 && !relation.event && chance(25);
    relation.host = i < bases && columns > 0 && (relation.event || chance(40));
    relations_.push_back(relation);
    if (i >= bases && !keyed) continue;
    std::vector<std::string> list;
    for (int c = 0; c < columns; ++c)
      list.push_back("c" + std::to_string(c) + ": " + type_text(relation.columns[c].type));
    if (relation.event) {
      out += "event " + relation.name + "(" + join(list, ", ") + ") keep " + (chance(50) ? "1d" : "40d") + "\n";
      continue;
    }
    if (relation.expires) list.push_back(chance(70) ? "until: time" : "until: time?");
    out += "relation " + relation.name + "(" + join(list, ", ") + ")" + key +
           (relation.expires ? " expires at until" : "") + (relation.host ? " from host" : "") + "\n";
  }
  auto first = std::find_if(relations_.begin(), relations_.end(), [](const auto& one) { return one.level > 0; });
  std::vector<Relation> heads(first, relations_.end());
  if (chance(45)) out += shapes() + keyed_shapes();
  if (records_) out += record_shapes();
  for (const Relation& head : heads) {
    for (int i = 0, n = 1 + below(3); i < n; ++i) out += rule(head);
  }
  out += "decision d(r: Act)" + combining() + " {\n  default deny \"nothing applies to {r.tag}\"\n";
  out += yields();
  for (int i = 0, n = 1 + below(7); i < n; ++i) out += clause(i);
  if (chance(30)) {  // many clauses of one shape
    for (int i = 0; i < 12; ++i) {
      out += "  " + annotations() + std::string(i % 3 ? "allow" : "deny") + " s" + std::to_string(i) +
             ": \"s {r.amount}\" if r.tag == " + constant('S') + ", r.amount >= " + std::to_string(below(5)) +
             ", r.color == " + constant('C') + ".\n";
    }
  }
  out += "}\n";
  if (asks_) out += asked_decision();
  if (governed_) out += lifecycle();
  return chance(25) ? out + watch() : out;
}

}  // namespace lictor::testing
