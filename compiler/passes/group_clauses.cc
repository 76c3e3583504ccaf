// Rules are data, shapes are code: clauses of one outcome whose pipelines differ in constants only share one pipeline, and
// the constants that differ become rows of a table that it reads.
//
//   allow c1 if r.action == "a", r.level >= 3.       scan $shape1 (clause -> n, c1 = r.action, c2 -> k)
//   allow c2 if r.action == "b", r.level >= 5.       filter r.level >= k
//
// Where a constant is tested for equality with something that is known before the table is read, the table is looked up by
// it. So the table stands as far to the right as it must for that: behind what all clauses do alike and that does not
// loop, and where nothing known from the request tells clauses apart, also behind one scan whose columns do. Where only
// sets tell them apart (`x in {..}`), each element gets a row of its own. Clauses that can err stay alone.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "compiler/passes/passes.h"
#include "compiler/passes/shape.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

constexpr size_t kMostRowsPerClause = 16;  // on average, where sets are spread over rows

Datum number_datum(uint32_t number) {
  Datum value;
  value.type = kIntType;
  value.n = number;
  return value;
}

FieldDecl column_decl(std::string name, TypeId type) {
  FieldDecl column;
  column.name = name;
  column.wire = std::move(name);
  column.type = type;
  return column;
}

/// Puts the scan of the table into the steps of a shape. Slots from `first_column` on are the table's columns.
class TablePlacer {
 public:
  TablePlacer(const Plan& plan, ClauseGroup& group, uint32_t first_column, size_t columns)
      : plan_(plan), group_(group), first_column_(first_column), matched_(columns) {}

  /// By column: what it is matched with, once place() was called.
  const std::vector<std::optional<Expr>>& matched() const { return matched_; }

  void split() {
    std::vector<Step>& steps = group_.pipeline.steps;
    size_t i = 0;
    while (i < steps.size() && before_table(steps[i])) ++i;
    for (; i < steps.size(); ++i) after_.push_back(std::move(steps[i]));
    collect_bound();
    std::erase_if(deferred_, [this](const Step& step) { return match_if_bound(step); });
    std::erase_if(after_, [this](const Step& step) { return match_if_bound(step); });
  }

  /// A test `x in column` that may look the table up when each element has a row: the column, or nothing.
  std::optional<uint32_t> set_column() const {
    for (const std::vector<Step>* steps : {&deferred_, &after_}) {
      for (const Step& step : *steps) {
        if (is_set_test(step)) return column_of(step.expr.args[1]);
      }
    }
    return std::nullopt;
  }

  void match_elements(uint32_t column) {
    for (std::vector<Step>* steps : {&deferred_, &after_}) {
      auto found = std::find_if(steps->begin(), steps->end(), [&](const Step& step) {
        return is_set_test(step) && column_of(step.expr.args[1]) == column;
      });
      if (found == steps->end()) continue;
      matched_[column] = std::move(found->expr.args[0]);
      steps->erase(found);
      return;
    }
  }

  void join(Step table) {
    std::vector<Step> steps = std::move(before_);
    steps.push_back(std::move(table));
    for (Step& step : deferred_) steps.push_back(std::move(step));
    for (Step& step : after_) steps.push_back(std::move(step));
    group_.pipeline.steps = std::move(steps);
  }

 private:
  std::optional<uint32_t> column_of(const Expr& expr) const {
    if (expr.op != Op::kSlot || static_cast<uint64_t>(expr.n) < first_column_) return std::nullopt;
    uint64_t column = static_cast<uint64_t>(expr.n) - first_column_;
    if (column >= matched_.size()) return std::nullopt;  // a slot that was added for a scan before the table
    return static_cast<uint32_t>(column);
  }

  bool mentions(const Expr& expr) const {
    return any_node(expr, [this](const Expr& node) { return column_of(node).has_value(); });
  }

  bool mentions(const Step& step) const {
    bool found = false;
    each_own_root(step, [&](const Expr& expr) { found = found || mentions(expr); });
    for (const Expr& expr : step.tuple) found = found || mentions(expr);
    for (const Pipeline& body : step.bodies) {
      each_plan_root(body, [&](const Expr& expr) { found = found || mentions(expr); });
    }
    return found;
  }

  static bool guarded(const Step& step) {
    bool found = false;
    each_own_root(step, [&](const Expr& expr) { found = found || is_guarded(expr); });
    for (const Expr& expr : step.tuple) found = found || is_guarded(expr);
    for (const Pipeline& body : step.bodies) {
      each_plan_root(body, [&](const Expr& expr) { found = found || is_guarded(expr); });
    }
    return found;
  }

  /// `column == known` or the other way round: takes the test in, unless the column is matched already.
  bool match(const Step& step, bool all_bound) {
    if (step.op != StepOp::kFilter || step.expr.op != Op::kEq) return false;
    for (size_t side : {size_t{0}, size_t{1}}) {
      std::optional<uint32_t> column = column_of(step.expr.args[side]);
      const Expr& known = step.expr.args[1 - side];
      if (!column || matched_[*column] || mentions(known) || is_guarded(known)) continue;
      if (!all_bound && !is_bound(known)) continue;
      matched_[*column] = known;
      any_matched_ = true;
      return true;
    }
    return false;
  }

  bool match_if_bound(const Step& step) { return match(step, false); }

  bool is_bound(const Expr& expr) const {
    return !any_node(expr, [this](const Expr& node) {
      return node.op == Op::kSlot && std::find(bound_.begin(), bound_.end(), node.n) == bound_.end();
    });
  }

  void collect_bound() {
    for (const Step& step : before_) each_bound_slot(step, [this](uint32_t slot) { bound_.push_back(slot); });
  }

  bool is_set_test(const Step& step) const {
    if (step.op != StepOp::kFilter || step.expr.op != Op::kInSet) return false;
    const Expr& known = step.expr.args[0];
    return column_of(step.expr.args[1]) && !mentions(known) && !is_guarded(known) && is_bound(known);
  }

  /// Takes a step that may stand before the table; false: the table must be read now.
  bool before_table(Step& step) {
    if (match(step, true)) return true;
    bool needs_column = mentions(step);
    if (!deferred_.empty() && guarded(step)) return false;
    if (!needs_column) return take(step, is_single(plan_, step));
    if (step.op == StepOp::kFilter) {
      deferred_.push_back(std::move(step));
      return true;
    }
    return step.op == StepOp::kScan && take_scan(step);
  }

  bool take(Step& step, bool single) {
    if (!single && (any_matched_ || !deferred_.empty())) return false;
    before_.push_back(std::move(step));
    return true;
  }

  /// A scan that matches columns of the table: it may come first when its other columns tell it enough.
  bool take_scan(Step& step) {
    std::vector<uint32_t> others;
    for (uint32_t i = 0; i < step.args.size(); ++i) {
      const Arg& arg = step.args[i];
      if (arg.mode != Arg::Mode::kMatch) continue;
      if (!mentions(arg.expr))
        others.push_back(i);
      else if (!column_of(arg.expr))
        return false;
    }
    bool single = is_unique(plan_.schema.relations[step.relation], others);
    if (!single && (others.empty() || any_matched_ || !deferred_.empty())) return false;
    for (Arg& arg : step.args) {
      if (arg.mode != Arg::Mode::kMatch) continue;
      if (std::optional<uint32_t> column = column_of(arg.expr)) arg = free_column(*column, arg.expr);
    }
    before_.push_back(std::move(step));
    return true;
  }

  /// The scan gives the value, and the table is looked up by it.
  Arg free_column(uint32_t column, const Expr& expr) {
    Arg arg;
    if (matched_[column]) {
      arg.mode = Arg::Mode::kMatch;
      arg.expr = *matched_[column];
      return arg;
    }
    arg.mode = Arg::Mode::kBind;
    arg.slot = group_.slots++;
    group_.slot_types.push_back(expr.type);
    group_.slot_names.push_back("$" + std::to_string(arg.slot));
    matched_[column] = slot_expr(arg.slot, expr.type, expr.span);
    any_matched_ = true;
    return arg;
  }

  const Plan& plan_;
  ClauseGroup& group_;
  uint32_t first_column_;
  std::vector<std::optional<Expr>> matched_;  // by column
  bool any_matched_ = false;
  std::vector<Step> before_, deferred_, after_;
  std::vector<int64_t> bound_;  // slots that the steps before the table bind
};

/// Turns the groups of one shape into one group with a table.
class TableMaker {
 public:
  TableMaker(Plan& plan, DecisionPlan& decision, const std::vector<size_t>& members)
      : plan_(plan), decision_(decision), members_(members), group_(decision.groups[members[0]]) {}

  void run() {
    find_differing();
    std::vector<FieldDecl> columns = make_columns();
    make_rows(columns);
    uint32_t clause_slot = add_slot(kIntType, "$clause");
    uint32_t first_column = group_.slots;
    for (const FieldDecl& column : columns) add_slot(column.type, "$" + column.name);
    put_slots(first_column, columns);
    TablePlacer placer(plan_, group_, first_column, columns.size());
    placer.split();
    std::optional<uint32_t> spread = spread_column(placer, columns);
    if (spread) {
      const Type& set = plan_.schema.types[columns[*spread].type];
      columns[*spread].type = plan_.schema.types.strip_range(set.elem);
      placer.match_elements(*spread);
    }
    Step scan = table_scan(placer, clause_slot, first_column);
    add_relation(std::move(columns), spread);
    placer.join(std::move(scan));
    group_.pipeline.emit.insert(group_.pipeline.emit.begin(), slot_expr(clause_slot, kIntType, {}));
    group_.table = true;
    group_.pipeline.single = false;
    for (size_t i = 1; i < members_.size(); ++i) group_.clauses.push_back(decision_.groups[members_[i]].clauses[0]);
  }

 private:
  void find_differing() {
    firsts_ = open_constants(plan_.schema, group_.pipeline);
    std::vector<bool> differs(firsts_.size());
    size_t open = firsts_.size();
    for (size_t m = 1; m < members_.size() && open != 0; ++m) {
      size_t c = 0;
      each_open(members_[m], [&](const Expr& constant) {
        const auto& first = firsts_[c]->constant;
        bool same = differs[c] || constant.constant == first ||
                    (constant.constant->n == first->n && *constant.constant == *first);
        if (!same) {
          differs[c] = true;
          --open;
        }
        ++c;
      });
    }
    for (size_t c = 0; c < differs.size(); ++c) {
      if (differs[c]) differing_.push_back(c);
    }
  }

  template <class Fn>
  void each_open(size_t member, Fn&& fn) const {
    each_plan_root(decision_.groups[member].pipeline, [&](const Expr& root) {
      each_node(root, [&](const Expr& node) {
        if (is_open(plan_.schema, node)) fn(node);
      });
    });
  }

  std::vector<FieldDecl> make_columns() {
    std::vector<FieldDecl> columns;
    for (size_t c : differing_) {
      TypeId type = plan_.schema.types.strip_range(firsts_[c]->type);
      columns.push_back(column_decl("c" + std::to_string(columns.size() + 1), type));
    }
    return columns;
  }

  /// One row per member: the clause's number, then the constants that differ.
  void make_rows(const std::vector<FieldDecl>& columns) {
    rows_.reserve(members_.size());
    for (size_t member : members_) {
      uint32_t number = decision_.groups[member].clauses[0];
      FactRow& row = rows_.emplace_back();
      row.span = decision_.clauses[number].clause.span;
      row.values.reserve(columns.size() + 1);
      row.values.push_back(number_datum(number));
      size_t c = 0;
      size_t next = 0;
      each_open(member, [&](const Expr& constant) {
        if (next == differing_.size() || differing_[next] != c++) return;
        row.values.push_back(*constant.constant);
        row.values.back().type = columns[next++].type;
      });
    }
  }

  uint32_t add_slot(TypeId type, std::string name) {
    group_.slot_types.push_back(type);
    group_.slot_names.push_back(std::move(name));
    return group_.slots++;
  }

  /// The shape's pipeline reads slots where its constants differ.
  void put_slots(uint32_t first_column, const std::vector<FieldDecl>& columns) {
    size_t seen = 0;
    size_t next = 0;
    each_plan_root(group_.pipeline, [&](Expr& root) {
      each_node(root, [&](Expr& node) {
        if (!is_open(plan_.schema, node)) return;
        bool differs = next < differing_.size() && differing_[next] == seen;
        ++seen;
        if (!differs) return;
        node = slot_expr(first_column + static_cast<uint32_t>(next), columns[next].type, node.span);
        ++next;
      });
    });
  }

  /// The column of sets whose elements shall be rows, where nothing else tells the clauses apart.
  std::optional<uint32_t> spread_column(const TablePlacer& placer, const std::vector<FieldDecl>& columns) const {
    bool matched =
        std::any_of(placer.matched().begin(), placer.matched().end(), [](const auto& m) { return m.has_value(); });
    if (matched) return std::nullopt;
    std::optional<uint32_t> column = placer.set_column();
    if (!column || plan_.schema.types.kind(columns[*column].type) != TypeKind::kSet) return std::nullopt;
    size_t rows = 0;
    for (const FactRow& row : rows_) rows += row.values[*column + 1].items.size();
    return rows <= kMostRowsPerClause * members_.size() ? column : std::nullopt;
  }

  Step table_scan(const TablePlacer& placer, uint32_t clause_slot, uint32_t first_column) const {
    Step scan;
    scan.op = StepOp::kScan;
    scan.relation = static_cast<uint32_t>(plan_.schema.relations.size());
    scan.args.push_back({Arg::Mode::kBind, clause_slot, {}});
    for (uint32_t c = 0; c < placer.matched().size(); ++c) {
      const std::optional<Expr>& matched = placer.matched()[c];
      if (matched)
        scan.args.push_back({Arg::Mode::kMatch, 0, *matched});
      else
        scan.args.push_back({Arg::Mode::kBind, first_column + c, {}});
    }
    return scan;
  }

  void add_relation(std::vector<FieldDecl> columns, std::optional<uint32_t> spread) {
    RelationDecl relation;
    relation.info.name = "$shape" + std::to_string(count_tables() + 1);
    relation.columns.push_back(column_decl("clause", kIntType));
    for (FieldDecl& column : columns) relation.columns.push_back(std::move(column));
    if (!spread) relation.key.push_back(0);
    relation.source = FactSource::kInline;
    relation.synthetic = true;
    if (spread) spread_rows(*spread + 1);
    plan_.schema.relations.push_back(std::move(relation));
    plan_.rows.push_back(std::move(rows_));
    plan_.erring.push_back(false);
  }

  size_t count_tables() const {
    return static_cast<size_t>(std::count_if(plan_.schema.relations.begin(), plan_.schema.relations.end(),
                                             [](const RelationDecl& relation) { return relation.synthetic; }));
  }

  /// A row for each element of the set in a column.
  void spread_rows(size_t column) {
    std::vector<FactRow> out;
    for (FactRow& row : rows_) {
      std::vector<Datum> elements = std::move(row.values[column].items);
      for (Datum& element : elements) {
        out.push_back(row);
        out.back().values[column] = std::move(element);
      }
    }
    rows_ = std::move(out);
  }

  Plan& plan_;
  DecisionPlan& decision_;
  const std::vector<size_t>& members_;
  ClauseGroup& group_;               // the first member, becomes the group of all
  std::vector<const Expr*> firsts_;  // the open constants of the first member
  std::vector<size_t> differing_;    // positions in these, ascending
  std::vector<FactRow> rows_;
};

/// Groups by shape, in order of their first clause; shapes of one clause are left out.
std::vector<std::vector<size_t>> find_shapes(const Plan& plan, const DecisionPlan& decision) {
  std::vector<std::vector<size_t>> shapes;
  std::unordered_map<uint64_t, std::vector<size_t>> by_hash;
  for (size_t g = 0; g < decision.groups.size(); ++g) {
    const ClauseGroup& group = decision.groups[g];
    if (group.pipeline.can_err || decision.clauses[group.clauses[0]].can_err) continue;
    std::vector<size_t>& candidates = by_hash[shape_hash(plan.schema, group)];
    auto same = std::find_if(candidates.begin(), candidates.end(), [&](size_t shape) {
      return same_shape(plan.schema, decision.groups[shapes[shape][0]], group);
    });
    if (same != candidates.end()) {
      shapes[*same].push_back(g);
    } else {
      candidates.push_back(shapes.size());
      shapes.push_back({g});
    }
  }
  std::erase_if(shapes, [](const std::vector<size_t>& members) { return members.size() < 2; });
  return shapes;
}

}  // namespace

void group_clauses(Plan& plan) {
  for (DecisionPlan& decision : plan.decisions) {
    std::vector<bool> merged(decision.groups.size());
    for (const std::vector<size_t>& members : find_shapes(plan, decision)) {
      TableMaker(plan, decision, members).run();
      for (size_t i = 1; i < members.size(); ++i) merged[members[i]] = true;
    }
    size_t at = 0;
    std::erase_if(decision.groups, [&](const ClauseGroup&) { return merged[at++]; });
  }
}

}  // namespace lictor
