// A lifecycle is another way to write types, relations and decisions. Of `lifecycle of Model(actor: User) { ... }`:
//
//   enum Model.State { registered, approved, ... }     enum Model.Event { approve, ... }
//   attributes of Model: state: Model.State = registered, state_since: time?
//   relation Model.history(object: Model, from: Model.State, to: Model.State, event: Model.Event, actor: User, at: time)
//     from host
//   relation Model.due(object: Model, from: Model.State, to: Model.State), where time has come to move an object
//   for each event
//     request Model.Approve { object: Model, actor: User, ... }
//     decision Model.approve(r: Model.Approve) {
//       default deny "cannot approve from {object.state}"
//       allow registered_to_approved: "registered -> approved"
//         if object.state == registered, ... then insert Model.history(object, object.state, approved, approve, actor, now).
//     }
//
// In guards, messages and effects `object`, `actor` and the event's parameters stand for the request's fields.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "compiler/ast_make.h"
#include "compiler/build_ast_internal.h"
#include "compiler/field_names.h"

namespace lictor {

using ast::Expr;
using ast::ExprKind;
using namespace ast_make;  // NOLINT(google-build-using-namespace): the words of this file

namespace {

/// Where the name stands in an expression or a body, or an invalid span.
Span place_of(const Expr& at, std::string_view name);
Span place_of(const ast::Body& body, std::string_view name) {
  for (const ast::Literal& literal : body) {
    for (const Expr& expr : literal.expr) {
      if (Span found = place_of(expr, name); found.valid()) return found;
    }
    for (const ast::Body& inner : literal.bodies) {
      if (Span found = place_of(inner, name); found.valid()) return found;
    }
  }
  return {};
}
Span place_of(const Expr& at, std::string_view name) {
  if (at.kind == ExprKind::kName && at.text == name) return at.span;
  for (const Expr& arg : at.args) {
    if (Span found = place_of(arg, name); found.valid()) return found;
  }
  return place_of(at.body, name);
}

/// One line of a lifecycle: a transition, or a clause for some events.
struct Line {
  ast::Transition transition;  // no target: a clause
  bool any = false;            // `any ->`
  std::vector<ast::Field> params;
  std::vector<ast::Name> events;  // of a clause
  ast::Clause clause;             // of a transition: its message, condition and effects
  std::vector<ast::Application> required;
  Span params_span;
};

bool has(const std::vector<ast::Name>& names, std::string_view text) {
  return std::ranges::find(names, text, &ast::Name::text) != names.end();
}

void add_name(std::vector<ast::Name>& names, const ast::Name& name) {
  if (!name.text.empty() && !has(names, name.text)) names.push_back(name);
}

/// From the lines of a lifecycle to its declarations.
class Expansion {
 public:
  Expansion(ast::Lifecycle& lifecycle, std::vector<Line>& lines, Diagnostics& diagnostics, ast::Module& out)
      : it_(lifecycle), lines_(lines), diagnostics_(diagnostics), out_(out), span_(lifecycle.head.name.span) {}

  /// False where the lifecycle cannot be used.
  bool run() {
    collect();
    if (it_.initial.text.empty() || it_.events.empty()) return false;
    write_out_any();
    check_shape();
    types();
    relations();
    for (const ast::Name& event : it_.events) decision(event);
    return true;
  }

 private:
  std::string own(std::string_view name) const { return it_.head.name.text + "." + std::string(name); }
  ast::TypeExpr own_type(std::string_view name, Span span) const { return named({own(name)}, span); }
  ast::Head head(std::string name, Span span) const {
    ast::Head out;
    out.name = {std::move(name), span};
    out.span = it_.head.span;
    out.is_private = it_.head.is_private;
    return out;
  }

  void collect() {
    add_name(it_.states, it_.initial);
    for (const Line& line : lines_) {
      if (line.transition.to.text.empty()) continue;
      if (!line.any) {
        for (const ast::Name& from : line.transition.from) add_name(it_.states, from);
      }
      add_name(it_.states, line.transition.to);
      add_name(it_.events, line.transition.event);
    }
    for (const ast::Name& state : it_.finals) add_name(it_.states, state);
    if (it_.initial.text.empty())
      missing("`initial STATE`");
    else if (it_.events.empty())
      missing("a transition `STATE -> STATE on EVENT`");
  }

  void missing(std::string_view what) {
    diagnostics_.report(Diag::kMissingArgument, span_).arg("the lifecycle of `" + it_.head.name.text + "`").arg(what);
  }

  /// `any`: all states but the finals and the target.
  void write_out_any() {
    for (Line& line : lines_) {
      if (!line.any) continue;
      Span span = line.transition.from[0].span;
      line.transition.from.clear();
      for (const ast::Name& state : it_.states) {
        bool left_out = has(it_.finals, state.text) || state.text == line.transition.to.text;
        if (!left_out) line.transition.from.push_back({state.text, span});
      }
    }
  }

  void report_state(const ast::Name& state, std::string_view what) {
    diagnostics_.report(Diag::kLifecycleState, state.span).arg(state.text).arg(it_.head.name.text).arg(what);
  }

  void check_shape() {
    std::set<std::string_view> reached{it_.initial.text}, left;
    for (bool grown = true; grown;) {
      grown = false;
      for (const Line& line : lines_) {
        bool from_reached = std::ranges::any_of(line.transition.from,
                                                [&](const ast::Name& from) { return reached.contains(from.text); });
        if (from_reached) grown |= reached.insert(line.transition.to.text).second;
      }
    }
    for (const Line& line : lines_) {
      for (const ast::Name& from : line.transition.from) {
        left.insert(from.text);
        if (has(it_.finals, from.text)) report_state(from, "is final, so nothing leads out of it");
      }
    }
    for (const ast::Name& state : it_.states) {
      bool final = has(it_.finals, state.text);
      if (!reached.contains(state.text))
        report_state(state, "is never reached from the initial one");
      else if (!final && !left.contains(state.text))
        report_state(state, "is a dead end: nothing leads out of it, and it is not declared `final`");
    }
    check_clauses();
    check_names();
  }

  /// A word stands for one thing: a state, an event, or a field of the request.
  void check_names() {
    auto taken = [&](const ast::Name& name) {
      bool state = has(it_.states, name.text);
      if (!state && !has(it_.events, name.text)) return;
      const std::vector<ast::Name>& list = state ? it_.states : it_.events;
      diagnostics_.report(Diag::kDuplicateName, name.span)
          .arg(state ? "the name of a state" : "the name of an event")
          .arg(name.text)
          .related(std::ranges::find(list, name.text, &ast::Name::text)->span, "it stands here");
    };
    taken(it_.actor.name);
    for (const Line& line : lines_) {
      for (const ast::Field& field : line.params) taken(field.name);
    }
    for (const std::vector<ast::Name>* list : {&it_.states, &it_.events}) {
      auto object = std::ranges::find(*list, "object", &ast::Name::text);
      if (object != list->end()) diagnostics_.report(Diag::kNameTaken, object->span).arg("object");
    }
  }

  void check_clauses() {
    for (const Line& line : lines_) {
      for (const ast::Name& event : line.events) {
        if (has(it_.events, event.text)) continue;
        diagnostics_.report(Diag::kUnknownName, event.span).arg("event").arg(event.text);
      }
    }
  }

  void types() {
    auto enumeration = [&](std::string_view name, const std::vector<ast::Name>& members) {
      ast::Enum made;
      made.head = head(own(name), span_);
      for (const ast::Name& member : members) made.members.push_back({member, {}});
      out_.enums.push_back(std::move(made));
    };
    enumeration("State", it_.states);
    enumeration("Event", it_.events);
  }

  ast::Relation relation(std::string_view name, std::vector<ast::Field> more) {
    ast::Relation made;
    made.head = head(own(name), span_);
    made.columns = {column("object", named({it_.head.name.text}, span_), span_),
                    column("from", own_type("State", span_), span_), column("to", own_type("State", span_), span_)};
    std::ranges::move(more, std::back_inserter(made.columns));
    return made;
  }

  void relations() {
    ast::Relation history = relation(
        "history", {column("event", own_type("Event", span_), span_),
                    column("actor", it_.actor.type, it_.actor.name.span), column("at", named({"time"}, span_), span_)});
    history.moves = true;
    history.rows.emplace().source = ast::SourceKind::kHost;
    history.rows->span = span_;
    out_.relations.push_back(std::move(history));
    bool timed = false;
    for (Line& line : lines_) {
      if (line.transition.after.empty()) continue;
      timed = true;
      if (Span actor = place_of(line.clause.body, it_.actor.name.text); actor.valid()) {
        diagnostics_.report(Diag::kUnbound, actor)
            .arg(it_.actor.name.text)
            .hint("time brings this transition about, nobody does");
      }
      for (const ast::Name& from : line.transition.from) due(line, from);
    }
    if (!timed) return;
    ast::Relation made = relation("due", {});
    made.sealed = true;
    out_.relations.push_back(std::move(made));
  }

  /// due(object, FROM, TO) :- E(object), object.state == FROM, some t = object.state_since, now - t >= AFTER, ... .
  void due(const Line& line, const ast::Name& from) {
    Span span = line.transition.span;
    auto object = [&] { return leaf(ExprKind::kName, "object", span); };
    ast::Rule rule;
    rule.head = head(own("due"), line.transition.to.span);
    rule.head.span = span;
    rule.head.doc = line.transition.doc;
    rule.principle = true;
    rule.args = {object(), name_of(from), name_of(line.transition.to)};
    rule.arg_types.resize(3);
    rule.body.push_back(atom(call(it_.head.name.text, {object()}, span)));
    rule.body.push_back(atom(binary("==", field_of(object(), "state", span), name_of(from), span)));
    ast::Literal some;
    some.kind = ast::LiteralKind::kSome;
    some.span = span;
    some.name = {"$since", span};
    some.expr.push_back(field_of(object(), "state_since", span));
    rule.body.push_back(std::move(some));
    Expr age = binary("-", leaf(ExprKind::kName, "now", span), leaf(ExprKind::kName, "$since", span), span);
    Expr after = line.transition.after[0];
    Span written = after.span;
    rule.body.push_back(atom(binary(">=", std::move(age), std::move(after), written)));
    rule.body.insert(rule.body.end(), line.clause.body.begin(), line.clause.body.end());
    out_.rules.push_back(std::move(rule));
  }

  bool has_due(const std::vector<ast::Name>& states) const {
    return std::ranges::any_of(lines_, [&](const Line& line) {
      return !line.transition.after.empty() &&
             std::ranges::any_of(line.transition.from, [&](const ast::Name& from) { return has(states, from.text); });
    });
  }

  /// Where the object must stand, and that its time there is not over.
  ast::Body from_states(const Line& line) const {
    Span span = join(line.transition.from.front().span, line.transition.to.span);
    Expr state = field_of(request_field("object", span), "state", span);
    ast::Body out;
    if (line.transition.from.size() == 1) {
      out.push_back(atom(binary("==", std::move(state), name_of(line.transition.from[0]), span)));
    } else {
      Expr set = leaf(ExprKind::kBraces, "", span);
      for (const ast::Name& from : line.transition.from) set.args.push_back(name_of(from));
      out.push_back(atom(binary("in", std::move(state), std::move(set), span)));
    }
    if (!has_due(line.transition.from)) return out;
    ast::Literal over;
    over.kind = ast::LiteralKind::kNot;
    over.span = span;
    Expr wildcard = leaf(ExprKind::kWildcard, "_", span);
    over.bodies.push_back({atom(call(own("due"), {request_field("object", span), wildcard, wildcard}, span))});
    out.push_back(std::move(over));
    return out;
  }

  ast::Application moved(const Line& line) const {
    const ast::Transition& transition = line.transition;
    Span span = transition.span;
    ast::Application out;
    out.verb = "move";  // an insert that only this may make
    out.call = call(
        own("history"),
        {request_field("object", span), field_of(request_field("object", span), "state", span), name_of(transition.to),
         name_of(transition.event), request_field(it_.actor.name.text, span), leaf(ExprKind::kName, "now", span)},
        span);
    return out;
  }

  std::vector<ast::Field> fields_of(const ast::Name& event) {
    std::vector<ast::Field> out{column("object", named({it_.head.name.text}, span_), span_), it_.actor};
    const Line* first = nullptr;
    for (const Line& line : lines_) {
      if (line.transition.event.text != event.text || line.transition.to.text.empty()) continue;
      if (first == nullptr) {
        first = &line;
        out.insert(out.end(), line.params.begin(), line.params.end());
      } else if (line.params_span.valid()) {
        diagnostics_.report(Diag::kEventParams, line.params_span)
            .arg(event.text)
            .related(first->transition.event.span, "its first transition");
      }
    }
    return out;
  }

  void decision(const ast::Name& event) {
    std::vector<ast::Field> fields = fields_of(event);
    FieldNames names(fields);
    std::string type = event.text;
    type[0] = static_cast<char>(type[0] >= 'a' && type[0] <= 'z' ? type[0] - 'a' + 'A' : type[0]);
    ast::Decision made;
    made.head = head(own(event.text), event.span);
    made.param = column(kRequest, own_type(type, event.span), {});
    made.default_clause.emplace();
    made.default_clause->span = event.span;
    Expr state = field_of(request_field("object", event.span), "state", event.span);
    made.default_clause->message.push_back(
        message_of({{"cannot " + event.text + " from ", {}}, {"", {std::move(state)}}}, event.span));
    std::map<std::string, int> ids;
    for (Line& line : lines_) {
      if (has(line.events, event.text)) {
        made.clauses.push_back(line.clause);
        names.clause(made.clauses.back());
      }
      if (line.transition.to.text.empty() || line.transition.event.text != event.text) continue;
      std::string from = line.any ? "any" : line.transition.from.front().text;
      std::string id = from + "_to_" + line.transition.to.text;
      if (int number = ++ids[id]; number > 1) id += "_" + std::to_string(number);
      transition(line, id, names, made);
    }
    ast::Request request;
    request.head = head(own(type), event.span);
    request.fields = std::move(fields);
    out_.requests.push_back(std::move(request));
    out_.decisions.push_back(std::move(made));
  }

  void transition(Line& line, const std::string& id, const FieldNames& names, ast::Decision& out) {
    if (line.transition.from.empty()) return;
    Span span = join(line.transition.from.front().span, line.transition.to.span);
    line.transition.clause = {id, span};
    ast::Clause clause = line.clause;
    clause.outcome = ast::Outcome::kAllow;
    clause.head.name = line.transition.clause;
    if (clause.message.empty()) clause.message.push_back(passage(line, span));
    std::vector<ast::Application> meanwhile = std::move(clause.meanwhile);
    clause.meanwhile.clear();
    names.clause(clause);
    // Behind the names: a state is no field, whatever the fields are called.
    ast::Body body = from_states(line);
    std::ranges::move(clause.body, std::back_inserter(body));
    clause.body = std::move(body);
    if (!line.required.empty()) {
      ast::Clause needs = clause;
      needs.outcome = ast::Outcome::kRequire;
      needs.head.name.text = id + "_" + line.required[0].call.text;
      needs.requirements = line.required;
      needs.meanwhile = std::move(meanwhile);
      needs.then.clear();
      names.applications(needs.requirements);
      names.applications(needs.meanwhile);
      out.clauses.push_back(std::move(needs));
    } else {
      clause.meanwhile = std::move(meanwhile);  // reported: it belongs to a requirement
    }
    clause.then.insert(clause.then.begin(), moved(line));
    out.clauses.push_back(std::move(clause));
  }

  static Expr passage(const Line& line, Span span) {
    std::string behind = " -> " + line.transition.to.text;
    if (line.transition.from.size() == 1) return message_of({{line.transition.from[0].text + behind, {}}}, span);
    Expr state = field_of(request_field("object", span), "state", span);
    return message_of({{"", {std::move(state)}}, {std::move(behind), {}}}, span);
  }

  ast::Lifecycle& it_;
  std::vector<Line>& lines_;
  Diagnostics& diagnostics_;
  ast::Module& out_;
  Span span_;
};

/// Gives the entity its state.
void govern(const ast::Lifecycle& lifecycle, ast::Entity& entity) {
  Span span = lifecycle.head.name.span;
  ast::Field state = column("state", named({lifecycle.head.name.text + ".State"}, span), span);
  state.default_value.push_back(leaf(ExprKind::kName, lifecycle.initial.text, lifecycle.initial.span));
  ast::TypeExpr since = named({"time"}, span), optional;
  optional.kind = ast::TypeExprKind::kOptional;
  optional.span = span;
  optional.args.push_back(std::move(since));
  entity.fields.push_back(std::move(state));
  entity.fields.push_back(column("state_since", std::move(optional), span));
}

}  // namespace

void AstBuilder::lifecycle(uint32_t node, ast::Head head) {
  ast::Lifecycle made;
  made.head = std::move(head);
  made.actor = field(tree_.child(tree_.child(node, Kind::kParams), Kind::kField));
  std::vector<Line> lines;
  auto states = [&](uint32_t at) { return names(tree_.child(at, Kind::kStates)); };
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kInitial) {
      std::vector<ast::Name> named = states(c);
      if (!made.initial.text.empty() || named.size() > 1) report_twice(c, "the initial state");
      made.initial = named[0];
    } else if (kind(c) == Kind::kFinal) {
      for (const ast::Name& state : states(c)) add_name(made.finals, state);
    } else if (kind(c) == Kind::kLifecycleClause) {
      Line& line = lines.emplace_back();
      clause(c, line.clause);
      line.events = states(tree_.child(c, Kind::kEvents));
    } else if (kind(c) == Kind::kTransition) {
      Line& line = lines.emplace_back();
      line.transition.from = states(c);
      line.transition.to = word(after_symbol(c, "->"));
      line.transition.span = span(c);
      line.any = has(line.transition.from, "any");
      if (line.transition.to.text == "any") {
        diagnostics_.report(Diag::kNameTaken, line.transition.to.span)
            .arg("any")
            .hint("a transition leads to one state");
        lines.pop_back();
        continue;
      }
      if (uint32_t timed = tree_.child(c, Kind::kAfter)) {
        line.transition.after = {expression(tree_.child(timed, Kind::kExpression))};
        uint32_t condition = tree_.child(timed, Kind::kCondition);
        if (condition != 0) line.clause.body = body(tree_.child(condition, Kind::kBody));
        continue;
      }
      line.transition.event = word(after_key(c, "on"));
      if (uint32_t params = tree_.child(c, Kind::kParams)) {
        line.params = fields(params);
        line.params_span = span(params);
      }
      clause(c, line.clause);
      line.transition.doc = line.clause.head.doc;
      if (uint32_t needs = tree_.child(c, Kind::kRequired)) line.required = applications(needs);
    }
  }
  at_end_.push_back([this, made = std::move(made), lines = std::move(lines)](ast::Module& out) mutable {
    const ast::Name& name = made.head.name;
    auto entity = std::ranges::find(out.entities, name.text, [](const ast::Entity& e) { return e.head.name.text; });
    if (entity == out.entities.end()) {
      bool unread = std::ranges::find(out.unread, name.text) != out.unread.end();
      if (!unread) diagnostics_.report(Diag::kNotOwnEntity, name.span).arg(name.text);
      return;
    }
    if (entity->governed) {
      auto of_entity = [&](const ast::Lifecycle& other) { return other.head.name.text == name.text; };
      auto other = std::ranges::find_if(out.lifecycles, of_entity);
      auto report = diagnostics_.report(Diag::kDuplicateName, name.span);
      report.arg("the lifecycle of").arg(name.text);
      if (other != out.lifecycles.end()) report.related(other->head.name.span, "declared here first");
      return;
    }
    entity->governed = true;
    if (!Expansion(made, lines, diagnostics_, out).run()) return;
    govern(made, *entity);
    for (Line& line : lines) {
      if (!line.transition.to.text.empty()) made.transitions.push_back(std::move(line.transition));
    }
    out.lifecycles.push_back(std::move(made));
  });
}

}  // namespace lictor
