// A request in JSON, read straight into words: no tree is built. Every mistake is reported with its path.
#include <algorithm>

#include "runtime/engine_impl.h"
#include "runtime/json_values.h"
#include "runtime/request.h"

namespace lictor {
namespace {

class WordSink {
 public:
  using Value = int64_t;
  using Maybe = std::optional<int64_t>;
  static constexpr bool kEntityObjects = true;

  WordSink(BoundRequest::State& state, Reading& reading)
      : state_(state), reading_(reading), schema_(state.plan->schema), reader_(reading, *this) {}

  void run(std::string_view padded_json) {
    thread_local ondemand::parser parser;
    JsonDocument document;
    JsonPath root;
    size_t allocated = padded_json.size() + simdjson::SIMDJSON_PADDING;
    if (auto error = document.open(parser, padded_json.data(), padded_json.size(), allocated)) {
      reader_.broken(error, root);
      return;
    }
    ondemand::object object;
    if (document.get_object().get(object)) return reading_.report_no_object();
    const RequestDecl& request = schema_.requests[state_.plan->decisions[state_.decision].decision.request];
    state_.fields.assign(request.fields.size(), kNoneWord);
    std::vector<bool> seen;
    auto visit = [&](size_t index, ondemand::value value, const JsonPath& path) {
      field(request.fields[index], index, value, path);
    };
    auto unknown = [&](std::string_view name, ondemand::value, const JsonPath&) {
      reading_.report(Mistake::kUnknown, root.member(name), {"field", name},
                      did_you_mean(name, reader_.wires(request.fields)));
      return true;
    };
    if (!reader_.members(object, request.fields, root, seen, visit, unknown)) return;
    const char* rest = nullptr;
    if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
      reading_.report_syntax(root, "something follows the object");
    }
    for (size_t i = 0; i < request.fields.size(); ++i) {
      if (seen[i]) continue;
      if (auto word = reader_.absent(request.fields[i], root)) state_.fields[i] = *word;
    }
  }

  // ---- Sink ---------------------------------------------------------------------------------------------------------

  int64_t word(TypeId, int64_t word) { return word; }
  int64_t text(TypeId, std::string_view text) { return state_.values.text_word(text); }
  int64_t some(TypeId, int64_t word) { return word; }
  int64_t none(TypeId) { return kNoneWord; }
  int64_t constant(TypeId type, const Datum& value) { return to_word(schema_, state_.values, type, value); }
  int64_t list(TypeId, std::vector<int64_t> words) { return state_.values.compound_word(words); }
  int64_t record(TypeId, std::vector<int64_t> words) { return state_.values.compound_word(words); }
  int64_t set(TypeId, std::vector<int64_t> words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return state_.values.compound_word(words);
  }
  Maybe map(TypeId, std::vector<int64_t> words, const JsonPath& path) {
    std::vector<std::pair<int64_t, int64_t>> pairs;
    for (size_t i = 0; i + 1 < words.size(); i += 2) pairs.emplace_back(words[i], words[i + 1]);
    std::sort(pairs.begin(), pairs.end());
    for (size_t i = 0; i < pairs.size(); ++i) {
      if (i > 0 && pairs[i].first == pairs[i - 1].first) return reader_.mistake(Mistake::kTwice, path, {"a key"});
      words[2 * i] = pairs[i].first;
      words[2 * i + 1] = pairs[i].second;
    }
    return state_.values.compound_word(words);
  }
  bool has_key(int64_t map, int64_t key) {
    auto words = state_.values.compound(map);
    for (size_t i = 0; i < words.size(); i += 2) {
      if (words[i] == key) return true;
    }
    return false;
  }

  int64_t as_union(TypeId, int64_t word) { return word; }
  void may_be_none(const JsonPath* path) { may_be_none_ = inside_ == 0 ? path : nullptr; }

  Maybe entity(TypeId type, std::string_view id, const JsonPath& path) {
    if (auto word = bind_entity(state_, schema_.types[type].decl, id)) return word;
    if (may_be_none_ == &path) {
      state_.notes.push_back(unknown_note(path.text().substr(1), id));
      return kNoneWord;
    }
    return reader_.mistake(Mistake::kInstance, path, {schema_.entities[schema_.types[type].decl].info.name, quote(id)});
  }

  /// {"id": ..., and attributes that are declared `from request`}
  Maybe entity_object(TypeId type, ondemand::object& object, const JsonPath& path, bool typed) {
    uint32_t decl_number = schema_.types[type].decl;
    const EntityDecl& decl = schema_.entities[decl_number];
    const JsonPath* may_be_none = std::exchange(may_be_none_, nullptr);
    ++inside_;
    std::vector<FieldDecl> fields{FieldDecl{"id", "id", kStringType, {}, {}, false, false}};
    fields.insert(fields.end(), decl.attributes.begin(), decl.attributes.end());
    std::vector<std::pair<uint32_t, int64_t>> brought;
    std::optional<std::string> id;
    bool ok = true;
    std::vector<bool> seen;
    auto visit = [&](size_t index, ondemand::value value, const JsonPath& at) {
      if (typed && fields[index].wire == "type") return;
      if (index > 0 && !fields[index].from_request) {
        reading_.problems.add(Diag::kRequestAttribute, {prefix(at), fields[index].name, decl.info.name},
                              reading_.place(at));
        ok = false;
        return;
      }
      auto word = reader_.read_optional(value, fields[index].type, at);
      ok = ok && word;
      if (!word) return;
      if (index == 0) {
        id = std::string(state_.values.text(*word));
        ok = ok && reader_.check_id(reading_, *id, at);
      } else {
        brought.emplace_back(static_cast<uint32_t>(index - 1), *word);
      }
    };
    auto unknown = [&](std::string_view name, ondemand::value, const JsonPath&) {
      if (typed && name == "type") return true;
      ok = false;
      reading_.report(Mistake::kUnknown, path.member(name), {"attribute", name},
                      did_you_mean(name, reader_.wires(fields)));
      return true;
    };
    bool read = reader_.members(object, fields, path, seen, visit, unknown);
    may_be_none_ = may_be_none;
    --inside_;
    if (!read || !ok) return std::nullopt;
    if (!id) return reader_.mistake(Mistake::kMissing, path, {"`id`"});
    auto entity =
        brings_all(decl, seen) ? std::optional(state_.values.entity(decl_number, *id)) : this->entity(type, *id, path);
    if (!entity || *entity == kNoneWord) return entity;
    return add_attributes(*entity, decl, brought, path) ? entity : std::nullopt;
  }

 private:
  void field(const FieldDecl& field, size_t index, ondemand::value value, const JsonPath& path) {
    if (auto word = reader_.read(value, field.type, path)) state_.fields[index] = *word;
  }

  /// A request that brings every mandatory attribute may name an instance that the facts do not know.
  bool brings_all(const EntityDecl& decl, const std::vector<bool>& seen) const {
    for (size_t a = 0; a < decl.attributes.size(); ++a) {
      if (!seen[a + 1] && decl.attributes[a].mandatory(schema_.types)) return false;
    }
    return true;
  }

  bool add_attributes(int64_t entity, const EntityDecl& decl, const std::vector<std::pair<uint32_t, int64_t>>& brought,
                      const JsonPath& path) {
    for (auto [attribute, word] : brought) {
      for (const RequestAttribute& other : state_.attributes) {
        if (other.entity != entity || other.attribute != attribute || other.word == word) continue;
        reader_.mistake(Mistake::kTwice, path, {"`" + decl.attributes[attribute].name + "`, with another value,"});
        return false;
      }
      state_.attributes.push_back({entity, attribute, word});
    }
    return true;
  }

  BoundRequest::State& state_;
  Reading& reading_;
  const Schema& schema_;
  JsonValues<WordSink> reader_;
  const JsonPath* may_be_none_ = nullptr;  // where an unknown id means none: a field of an optional entity
  int inside_ = 0;                         // of objects of entities: what they bring must be known
};

}  // namespace

void bind_json(BoundRequest::State& state, Problems& problems) {
  Reading reading(state.plan->schema, problems, true);
  reading.json = {state.json.data(), state.json_size};
  WordSink(state, reading).run({state.json.data(), state.json_size});
}

Result<BoundRequest> BoundRequest::from_json(const Engine& engine, uint32_t decision, std::string_view json) {
  uint64_t limit = engine.impl().options.limits.request_bytes;
  Problems problems;
  if (json.size() > limit) {
    problems.add(Diag::kRequestLimit,
                 {"", "the request has " + std::to_string(json.size()) + " bytes", std::to_string(limit)});
    return std::unexpected(problems.error("the request was refused"));
  }
  if (json.empty()) {
    problems.add(Diag::kRequestSyntax, {"", "a JSON object", "the text is empty"});
    return std::unexpected(problems.error("the request was refused"));
  }
  auto state = std::make_unique<State>(engine, decision);
  state->json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  state->json = json;
  state->json_size = json.size();
  state->json.append(simdjson::SIMDJSON_PADDING, ' ');
  state->resolve(engine.snapshot(), problems);
  if (problems.any()) return std::unexpected(problems.error("the request was refused"));
  return BoundRequest(std::move(state));
}

}  // namespace lictor
