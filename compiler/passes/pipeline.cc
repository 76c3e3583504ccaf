// The order of the passes: reading this is reading the compiler's second half.
#include "compiler/lower.h"
#include "compiler/passes/passes.h"

namespace lictor {

void run_passes(const Program& program, Plan& plan, const std::function<bool(std::string_view)>& after) {
  struct Stage {
    std::string_view name;
    std::function<void(Plan&)> run;
  };
  const Stage stages[] = {
      {"fold_params", fold_params},
      {"lower",
       [&](Plan& p) {
         lower(program.strata, p);
         annotate(p);
       }},
      {"fold_constants", fold_constants},
      {"drop_dead", drop_dead},
      {"inline_views", inline_views},
      {"match_columns", match_columns},
      {"fold_constants again", fold_constants},
      {"drop_dead again", drop_dead},
      {"group_clauses", group_clauses},
      {"choose_indexes", choose_indexes},
      {"number_constants", number_constants},
      {"annotate", annotate},
  };
  for (const Stage& stage : stages) {
    stage.run(plan);
    if (!after(stage.name)) return;
  }
}

}  // namespace lictor
