// Loading policies and changing their facts. The engine does the work; here its parts are put together.
#include "host/bundle.h"
#include "host/policy_data.h"

namespace lictor {

namespace {

BundleOptions bundle_options(const Options& options) {
  BundleOptions out;
  out.param_set = options.param_set;
  out.params = options.params;
  out.facts = options.facts;
  out.cache_dir = options.cache_dir;
  bool interpret = options.engine == Options::Engine::kInterpreter;
  out.engine.engine = interpret ? EngineKind::kInterpreter : EngineKind::kJit;
  out.engine.no_jit = interpret;
  out.engine.wait_for_native = options.wait_for_native && !interpret;
  out.engine.limits.steps = options.max_steps;
  out.engine.limits.memory = options.max_memory_bytes;
  out.engine.limits.load_steps = options.max_load_steps;
  if (options.max_load_memory_bytes != 0) out.engine.limits.load_memory = options.max_load_memory_bytes;
  out.engine.limits.request_bytes = options.max_request_bytes;
  if (interpret) out.cache_dir = "";
  return out;
}

std::vector<Diagnostic> warnings_of(std::vector<Diagnostic> diagnostics) {
  std::erase_if(diagnostics, [](const Diagnostic& d) { return d.severity == Severity::kError; });
  return diagnostics;
}

std::string place_text(const Place& place) {
  std::string text = place.file;
  if (place.line != 0) text += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  return text.empty() ? text : text + ": ";
}

}  // namespace

Result<Policy> Policy::load(const std::string& path, const Options& options) {
  auto bundle = load_bundle(std::span(&path, 1));
  if (!bundle) return std::unexpected(std::move(bundle.error()));
  return make(std::move(*bundle), options);
}

Result<Policy> Policy::from_text(std::string_view text, const Options& options) {
  return make(bundle_from_texts({{.name = "policy.lictor", .text = std::string(text)}}, ""), options);
}

Result<Policy> Policy::make(Bundle&& bundle, const Options& options) {
  auto engine = make_engine(std::move(bundle), bundle_options(options));
  if (!engine) return std::unexpected(std::move(engine.error()));
  auto data = std::make_shared<Data>();
  data->engine = std::move(*engine);
  data->name = std::move(bundle.name);
  data->version = std::move(bundle.version);
  data->dependencies = std::move(bundle.dependencies);
  data->warnings = warnings_of(std::move(bundle.diagnostics));
  return Policy(std::move(data));
}

Result<DecisionPoint> Policy::decision(std::string_view name) const {
  auto index = find_decision(data_->engine->plan(), name, data_->dependencies.get());
  if (!index) return std::unexpected(std::move(index.error()));
  auto point = std::make_shared<DecisionPoint::Data>();
  point->policy = data_;
  point->index = *index;
  point->name = point->plan().decision.info.qualified();
  point->clauses.push_back(kDefaultClause);
  for (const ClausePlan& clause : point->plan().clauses) point->clauses.push_back(clause.clause.id);
  point->straight = {&data_->engine->version_place(), &point->plan(), point->clauses.data(), point->plan().uses_now};
  return DecisionPoint(std::move(point));
}

std::vector<std::string> Policy::decisions() const {
  std::vector<std::string> names;
  for (const DecisionPlan& decision : data_->engine->plan().decisions)
    names.push_back(decision.decision.info.qualified());
  return names;
}

Result<uint64_t> Policy::change_facts(std::string_view json, bool keep) {
  std::lock_guard held(data_->facts_mutex);
  if (!data_->own_facts) data_->own_facts = data_->engine->facts();
  FactSet facts = keep ? data_->engine->facts() : *data_->own_facts;
  auto added = add_json_facts(data_->engine->plan().schema, json, "facts", facts);
  if (!added) return std::unexpected(std::move(added.error()));
  return data_->engine->publish(std::move(facts));
}

Result<uint64_t> Policy::add_facts(std::string_view json) { return change_facts(json, true); }
Result<uint64_t> Policy::replace_facts(std::string_view json) { return change_facts(json, false); }

uint64_t Policy::facts_version() const { return data_->engine->version(); }
const std::string& Policy::name() const { return data_->name; }
const std::string& Policy::version() const { return data_->version; }
const std::string& Policy::bundle_hash() const { return data_->engine->plan().bundle_hash; }
bool Policy::native() const { return data_->engine->native_ready(); }
std::string Policy::native_status() const { return data_->engine->native_status(); }
void Policy::wait_for_native() const { data_->engine->wait_for_native(); }
const std::vector<Diagnostic>& Policy::warnings() const { return data_->warnings; }

std::string to_text(const Diagnostic& diagnostic) {
  static constexpr const char* kNames[] = {"error", "warning", "note"};
  std::string text =
      place_text(diagnostic.place) + kNames[static_cast<int>(diagnostic.severity)] + ": " + diagnostic.message;
  if (!diagnostic.code.empty()) text += " [" + diagnostic.code + "]";
  for (const std::string& hint : diagnostic.hints) text += "; " + hint;
  return text;
}

std::string to_text(const Error& error) {
  std::string text = error.message;
  for (const Diagnostic& diagnostic : error.diagnostics) text += "\n" + to_text(diagnostic);
  return text;
}

}  // namespace lictor
