#include "runtime/proof_text.h"

#include <algorithm>
#include <cctype>

#include "runtime/values.h"

namespace lictor {
namespace {

void add_once(std::string text, std::vector<std::string>& out) {
  if (!text.empty() && std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

}  // namespace

std::string ProofText::source(Span span) const {
  const Plan& plan = search_.snapshot().plan();
  if (!span.valid() || !plan.sources) return "";
  constexpr size_t kMost = 200;
  std::string out;
  for (char c : plan.sources->text(span)) {
    bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.size() <= kMost) return out;
  size_t cut = kMost;
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
  return out.substr(0, cut) + "...";
}

Place ProofText::place(Span span) const {
  const Plan& plan = search_.snapshot().plan();
  return span.valid() && plan.sources ? plan.sources->place(span) : Place{};
}

std::string ProofText::value(TypeId type, int64_t word) const {
  return show_source(schema_, to_datum(schema_, *search_.state().values, type, word));
}

std::string ProofText::row(uint32_t relation, const Row& row) const {
  const RelationDecl& decl = schema_.relations[relation];
  std::string out = decl.info.name + "(";
  for (size_t c = 0; c < row.size(); ++c) out += (c ? ", " : "") + value(decl.columns[c].type, row[c]);
  return out + ")";
}

std::vector<Datum> ProofText::datums(uint32_t relation, const Row& row) const {
  std::vector<Datum> out;
  for (size_t c = 0; c < row.size(); ++c) {
    out.push_back(to_datum(schema_, *search_.state().values, schema_.relations[relation].columns[c].type, row[c]));
  }
  return out;
}

/// What people call it; "" where it has no name.
std::string ProofText::leaf_name(const Expr& expr, const BodySearch::Frame& frame) const {
  if (expr.op == Op::kNow) return "now";
  if (expr.op != Op::kSlot) return source(expr.span);
  const std::string& name = frame.variables[static_cast<size_t>(expr.n)].name;
  if (!name.empty() && name[0] != '$') return name;
  // One that the check made: it may stand for a column, such as that of `expires at`.
  std::string text = source(expr.span);
  bool word = !text.empty() &&
              std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::islower(c) || c == '_'; });
  return word && text != "_" ? text : "";
}

void ProofText::collect(const Expr& expr, BodySearch::Frame& frame, std::vector<std::string>& out) const {
  bool leaf = expr.op == Op::kSlot || expr.op == Op::kField || expr.op == Op::kNow || expr.op == Op::kAttr ||
              expr.op == Op::kRecordField;
  if (leaf) {
    if (!frame.knows(expr)) return;
    auto word = frame.eval.word(expr);
    std::string name = leaf_name(expr, frame);
    if (!word || name.empty()) return;
    return add_once(name + " = " + value(expr.type, *word), out);
  }
  if (expr.op == Op::kConst) return collect_params(expr, out);
  for (const Expr& arg : expr.args) collect(arg, frame, out);
}

void ProofText::collect(const Literal& l, BodySearch::Frame& frame, std::vector<std::string>& out) const {
  collect(l.expr, frame, out);
  auto binds = [&](const Arg& arg) {
    if (arg.mode == Arg::Mode::kBind) add_once(variable(arg.slot, frame), out);
  };
  for (const Arg& arg : l.args) {
    if (arg.mode == Arg::Mode::kMatch) collect(arg.expr, frame, out);
    if (l.bodies.empty()) binds(arg);
  }
  for (const Body& body : l.bodies) {
    for (const Literal& inner : body.literals) collect(inner, frame, out);
  }
  if (!l.bodies.empty()) std::for_each(l.args.begin(), l.args.end(), binds);
}

/// Parameters are folded into constants; the source of the constant still names them.
void ProofText::collect_params(const Expr& constant, std::vector<std::string>& out) const {
  const std::string text = source(constant.span);
  const std::vector<Datum>& values = search_.snapshot().plan().params;
  bool in_string = false;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    std::string_view word = std::string_view(text).substr(at, in_string ? 0 : end - at);
    if (end < text.size() && text[end] == '"' && (end == 0 || text[end - 1] != '\\')) in_string = !in_string;
    for (size_t i = 0; i < schema_.params.size() && i < values.size() && !word.empty(); ++i) {
      const DeclInfo& param = schema_.params[i].info;
      if (param.name != word && param.qualified() != word) continue;
      add_once(std::string(word) + " = " + show_source(schema_, values[i]), out);
      break;
    }
    at = end + 1;
  }
}

std::string ProofText::variable(uint32_t slot, const BodySearch::Frame& frame) const {
  const Variable& variable = frame.variables[slot];
  if (!frame.bound[slot] || variable.name.empty() || variable.name[0] == '$') return "";
  return variable.name + " = " + value(variable.type, frame.eval.slots[slot]);
}

std::string ProofText::values(const Literal& literal, BodySearch::Frame& frame) const {
  std::vector<std::string> parts;
  collect(literal, frame, parts);
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) out += (i ? ", " : "") + parts[i];
  return out;
}

std::vector<std::pair<std::string, Datum>> ProofText::bindings(const BodySearch::Frame& frame) const {
  std::vector<std::pair<std::string, Datum>> out;
  for (size_t i = 0; i < frame.variables.size(); ++i) {
    const Variable& variable = frame.variables[i];
    if (!frame.bound[i] || variable.name.empty() || variable.name[0] == '$' || variable.name[0] == '_') continue;
    out.emplace_back(variable.name, to_datum(schema_, *search_.state().values, variable.type, frame.eval.slots[i]));
  }
  return out;
}

}  // namespace lictor
