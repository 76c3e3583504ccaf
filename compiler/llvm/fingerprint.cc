// One walk over all that the emitter reads, written as numbers into one string that is then hashed. Whoever lets the
// emitter read something new adds it here.
#define OPENSSL_SUPPRESS_DEPRECATED  // the functions of EVP, which shall replace these, take a millisecond to get ready
#include "compiler/llvm/fingerprint.h"

#include <elf.h>
#include <link.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "compiler/llvm/codegen.h"
#include "compiler/llvm/facts_of_types.h"
#include "compiler/plan_walk.h"

namespace lictor::native {
namespace {

constexpr int kDeepest = 1500;  // nesting of expressions and bodies that the emitter's recursion takes

/// The linker's note on the program or library that holds this function: it differs for each build.
std::string build_identity() {
  struct Search {
    uintptr_t here;
    std::string found;
  } search{reinterpret_cast<uintptr_t>(&build_identity), {}};
  dl_iterate_phdr(
      [](dl_phdr_info* object, size_t, void* data) {
        auto& search = *static_cast<Search*>(data);
        bool mine = false;
        for (int i = 0; i < object->dlpi_phnum; ++i) {
          const auto& part = object->dlpi_phdr[i];
          uintptr_t begin = object->dlpi_addr + part.p_vaddr;
          mine = mine || (part.p_type == PT_LOAD && search.here >= begin && search.here < begin + part.p_memsz);
        }
        for (int i = 0; mine && i < object->dlpi_phnum; ++i) {
          const auto& part = object->dlpi_phdr[i];
          if (part.p_type != PT_NOTE) continue;
          const auto* at = reinterpret_cast<const char*>(object->dlpi_addr + part.p_vaddr);
          const char* end = at + part.p_memsz;
          while (at + sizeof(ElfW(Nhdr)) <= end) {
            ElfW(Nhdr) note;
            std::memcpy(&note, at, sizeof note);
            const char* name = at + sizeof note;
            const char* text = name + ((note.n_namesz + 3) & ~3u);
            if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
              search.found.assign(text, note.n_descsz);
            }
            at = text + ((note.n_descsz + 3) & ~3u);
          }
        }
        return mine ? 1 : 0;
      },
      &search);
  return search.found;
}

const std::string& identity() {
  static const std::string one = build_identity();
  return one;
}

class Walk {
 public:
  explicit Walk(const Plan& plan) : plan_(plan) {}

  void all() {
    schema();
    number(plan_.constants.size());
    number(plan_.indexes.size());
    for (const Index& index : plan_.indexes) {
      number(index.relation);
      numbers(index.columns);
      number(index.unique);
    }
    for (bool errs : plan_.erring) number(errs);
    number(plan_.views.size());
    for (const View& view : plan_.views) {
      number(view.inputs);
      number(view.outputs);
      number(view.slots);
      number(view.alternatives.size());
      for (const Pipeline& alternative : view.alternatives) pipeline(alternative, 0);
    }
    number(plan_.decisions.size());
    for (const DecisionPlan& one : plan_.decisions) decision(one);
  }

  std::string bytes;
  const char* refused = nullptr;

 private:
  void number(uint64_t value) {
    while (value >= 0x80) {
      bytes.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    bytes.push_back(static_cast<char>(value));
  }
  void numbers(const std::vector<uint32_t>& all) {
    number(all.size());
    for (uint32_t one : all) number(one);
  }
  void place(Span span) {
    number(span.file);
    number(span.begin);
    number(span.end);
  }

  void schema() {
    const Schema& schema = plan_.schema;
    number(schema.types.size());
    for (TypeId i = 0; i < schema.types.size(); ++i) {
      const Type& type = schema.types[i];
      number(static_cast<uint64_t>(type.kind));
      number(type.decl);
      number(type.elem);
      number(type.key);
    }
    number(schema.entities.size());
    for (const EntityDecl& entity : schema.entities) {
      number(entity.closed);
      number(entity.attributes.size());
      for (const FieldDecl& attribute : entity.attributes) number(attribute.from_request);
    }
    number(schema.relations.size());
    for (const RelationDecl& relation : schema.relations) {
      number(relation.columns.size());
      number(static_cast<uint64_t>(relation.time));
      number(relation.derived);
      numbers(relation.key);
    }
  }

  void decision(const DecisionPlan& decision) {
    bool default_errs = false;
    each_root_of_default(decision.decision, [&](const Expr& expr) { default_errs = default_errs || errs(expr); });
    number(default_errs);
    number(static_cast<uint64_t>(decision.decision.default_outcome));
    number(std::any_of(decision.clauses.begin(), decision.clauses.end(), [](const auto& c) { return c.can_err; }));
    number(decision.max_instance);
    number(decision.light);
    number(plan_.schema.requests[decision.decision.request].fields.size());
    number(decision.bound_rows.size());
    for (const BoundRow& row : decision.bound_rows) {
      number(row.field);
      number(row.index);
    }
    number(decision.groups.size());
    for (const ClauseGroup& group : decision.groups) {
      number(static_cast<uint64_t>(group.outcome));
      number(group.is_override);
      number(place_of(group));
      number(group.allow_first);
      number(group.clauses[0]);
      number(group.table);
      number(group.slots);
      pipeline(group.pipeline, 0);
    }
  }

  void pipeline(const Pipeline& pipeline, int depth) {
    number(pipeline.can_err);
    number(pipeline.single);
    number(pipeline.steps.size());
    for (const Step& one : pipeline.steps) step(one, depth + 1);
    number(pipeline.emit.size());
    for (const Expr& one : pipeline.emit) expr(one, depth + 1);
  }

  void step(const Step& step, int depth) {
    if (step.delta) refused = "a decision reads what a fixpoint adds";
    if (depth > kDeepest) refused = "nested too deeply";
    if (refused != nullptr) return;
    number(static_cast<uint64_t>(step.op));
    number(step.relation);
    number(step.index);
    number(step.negated);
    number(step.view);
    number(step.slot);
    number(static_cast<uint64_t>(step.aggregate));
    number(static_cast<uint64_t>(step.percentile));
    number(step.can_err);
    if (step.can_err) place(step.expr.span.valid() ? step.expr.span : step.span);
    number(step.inputs.size());
    for (const Expr& one : step.inputs) expr(one, depth + 1);
    number(step.args.size());
    for (const Arg& arg : step.args) {
      number(static_cast<uint64_t>(arg.mode));
      number(arg.slot);
      if (arg.mode == Arg::Mode::kMatch) expr(arg.expr, depth + 1);
    }
    if (uses_expr(step.op)) expr(step.expr, depth + 1);
    number(step.bodies.size());
    for (const Pipeline& body : step.bodies) pipeline(body, depth + 1);
    number(step.tuple.size());
    for (const Expr& one : step.tuple) expr(one, depth + 1);
  }

  void expr(const Expr& expr, int depth) {
    if (expr.op == Op::kParam) refused = "a parameter without a value";
    if (depth > kDeepest) refused = "nested too deeply";
    if (expr.op == Op::kAttr && base_of(plan_.schema, expr.args[0].type).kind != TypeKind::kEntity) {
      refused = "an attribute of something that is no entity";
    }
    if (refused != nullptr) return;
    number(static_cast<uint64_t>(expr.op));
    number(expr.type);
    number(static_cast<uint64_t>(expr.n));
    number(expr.can_err);
    if (expr.can_err) place(expr.span);
    if (expr.op == Op::kConst) {
      const Datum& value = *expr.constant;
      bool immediate = is_immediate(plan_.schema, value);
      number(value.none);
      number(immediate);
      number(immediate ? static_cast<uint64_t>(value.n) : value.items.size());
      bool listed = !immediate && is_inline_collection(plan_.schema, value);
      number(listed);
      for (size_t i = 0; listed && i < value.items.size(); ++i)
        number(static_cast<uint64_t>(immediate_word(value.items[i])));
    }
    number(expr.args.size());
    for (const Expr& one : expr.args) this->expr(one, depth + 1);
  }

  const Plan& plan_;
};

}  // namespace

Digest sha256(std::initializer_list<std::string_view> parts) {
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  for (std::string_view part : parts) SHA256_Update(&context, part.data(), part.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

bool has_build_identity() { return !identity().empty(); }

Result<Digest> fingerprint(const Plan& plan, int optimize) {
  Walk walk(plan);
  walk.all();
  if (walk.refused != nullptr) {
    return fail(ErrorKind::kUnavailable, std::string("no native code for this plan: ") + walk.refused);
  }
  std::string whole =
      "lictor " LICTOR_VERSION " " + identity() + " " + target_identity() + " " + std::to_string(optimize);
  whole.push_back('\0');
  return sha256({whole, walk.bytes});
}

}  // namespace lictor::native
