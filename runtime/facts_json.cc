// Facts in JSON and JSON Lines.
#include <algorithm>

#include "runtime/facts_reader.h"

namespace lictor {
namespace {

constexpr uint64_t kMostJsonBytes = 0xFFFF'0000u;  // what the JSON library can address

class JsonFacts {
 public:
  JsonFacts(Reading& reading, FactSet& into, const FactLimits& limits)
      : reading_(reading), schema_(reading.schema), into_(into), limits_(limits) {}

  void run(std::string_view json) {
    std::string padded;
    padded.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    padded.append(json);
    padded.append(simdjson::SIMDJSON_PADDING, ' ');
    text_ = std::string_view(padded).substr(0, json.size());
    ondemand::parser parser;
    JsonDocument document;
    if (auto error = document.open(parser, padded.data(), json.size(), padded.size())) return broken(error, root_);
    document_ = &document;
    counted_ = padded.data();
    reading_.line = 1;
    ondemand::object object;
    if (document.get_object().get(object)) return reading_.report_no_object();
    each_member(object, root_, [&](std::string_view key, ondemand::value value, const JsonPath& path) {
      if (key == "entities") return sections(value, path, true);
      if (key == "relations") return sections(value, path, false);
      reading_.report_at(Mistake::kUnknown, root_, path, {"section", key},
                         did_you_mean(key, {"entities", "relations"}));
    });
    const char* rest = nullptr;
    if (!broken_ && document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
      reading_.report_syntax(root_, "something follows the object");
    }
  }

 private:
  void broken(simdjson::error_code error, const JsonPath& path) {
    if (!broken_) reading_.report_syntax(path, simdjson::error_message(error));
    broken_ = true;
  }

  /// Notes the line of the instance or row that is read next; later mistakes about it name that line.
  void here() {
    const char* at = nullptr;
    if (document_->current_location().get(at) != simdjson::SUCCESS) return;
    if (at < counted_ || at > text_.data() + text_.size()) return;
    reading_.line += static_cast<uint32_t>(std::count(counted_, at, '\n'));
    counted_ = at;
  }

  /// Members of an object, each name once. Ends early where the text is broken.
  template <class Visit>
  void each_member(ondemand::object& object, const JsonPath& path, const Visit& visit) {
    std::vector<std::string> seen;
    NumberSet names;
    for (auto one : object) {
      ondemand::field field;
      if (auto error = std::move(one).get(field)) return broken(error, path);
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return broken(error, path);
      JsonPath at = path.member(key);
      uint64_t hash = hash_text(key);
      if (names.find(hash, [&](uint32_t number) { return seen[number] == key; })) {
        reading_.report(Mistake::kTwice, at, {"it"});
      } else {
        names.insert(hash, static_cast<uint32_t>(seen.size()));
        seen.emplace_back(key);
        visit(key, field.value(), at);
      }
      if (broken_ || reading_.problems.full()) return;
    }
  }

  bool open_object(ondemand::value& value, const JsonPath& path, ondemand::object& object) {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return broken(error, path), false;
    if (type != ondemand::json_type::object) {
      reading_.report(Mistake::kType, path, {"an object", json_found(value)});
      return false;
    }
    if (auto error = value.get_object().get(object)) return broken(error, path), false;
    return true;
  }

  void sections(ondemand::value& value, const JsonPath& path, bool entities) {
    ondemand::object object;
    if (!open_object(value, path, object)) return;
    each_member(object, path, [&](std::string_view name, ondemand::value section, const JsonPath& at) {
      uint32_t number = entities ? find_entity(schema_, name) : find_relation(schema_, name);
      if (number == kNoIndex) {
        reading_.report_at(Mistake::kUnknown, path, at, {entities ? "entity type" : "relation", name},
                           entities ? entity_hint(schema_, name) : relation_hint(schema_, name));
        return;
      }
      FactTarget target(reading_, into_, number, entities, limits_);
      if (!target.may_be_given(at)) return;
      entities ? instances(target, section, at) : rows(target, section, at);
      broken_ = broken_ || target.values().is_broken();
    });
  }

  void instances(FactTarget& target, ondemand::value& value, const JsonPath& path) {
    ondemand::object object;
    if (!open_object(value, path, object)) return;
    each_member(object, path, [&](std::string_view id, ondemand::value instance, const JsonPath& at) {
      here();
      if (target.full(path) || !target.values().check_id(reading_, id, at)) return;
      target.read_json(instance, at, id);
      broken_ = broken_ || target.values().is_broken();
    });
  }

  void rows(FactTarget& target, ondemand::value& value, const JsonPath& path) {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return broken(error, path);
    if (type != ondemand::json_type::array) {
      reading_.report(Mistake::kType, path, {"an array of rows", json_found(value)});
      return;
    }
    ondemand::array array;
    if (auto error = value.get_array().get(array)) return broken(error, path);
    int64_t index = 0;
    for (auto one : array) {
      JsonPath at = path.element(index++);
      ondemand::value row;
      if (auto error = std::move(one).get(row)) return broken(error, at);
      here();
      if (target.full(path)) return;
      target.read_json(row, at);
      if (target.values().is_broken() || reading_.problems.full()) return;
    }
  }

  Reading& reading_;
  const Schema& schema_;
  FactSet& into_;
  const FactLimits& limits_;
  JsonPath root_;
  std::string_view text_;
  const char* counted_ = nullptr;  // line breaks up to here are in reading_.line
  ondemand::document* document_ = nullptr;
  bool broken_ = false;
};

Result<void> finish(Problems& problems, std::string_view name) {
  if (problems.any()) return std::unexpected(problems.error("the facts of `" + std::string(name) + "` were refused"));
  return {};
}

}  // namespace

Result<void> check_fact_size(std::string_view text, std::string_view name, const FactLimits& limits) {
  uint64_t most = std::min(limits.max_file_bytes, kMostJsonBytes);
  if (text.size() <= most) return {};
  Problems problems;
  Place place;
  place.file = name;
  problems.add(Diag::kFactsLimit, {"", "the file has " + std::to_string(text.size()) + " bytes", std::to_string(most)},
               place);
  return std::unexpected(problems.error("the facts were refused"));
}

Result<void> add_json_facts(const Schema& schema, std::string_view json, std::string_view name, FactSet& into,
                            const FactLimits& limits) {
  if (auto size = check_fact_size(json, name, limits); !size) return size;
  fit(schema, into);
  Problems problems;
  Reading reading(schema, problems, false);
  reading.file = name;
  reading.longest_string = limits.max_string_bytes;
  reading.json = json;
  JsonFacts(reading, into, limits).run(json);
  return finish(problems, name);
}

Result<void> add_jsonl_facts(const Schema& schema, uint32_t number, bool entity, std::string_view text,
                             std::string_view name, FactSet& into, const FactLimits& limits) {
  if (auto size = check_fact_size(text, name, limits); !size) return size;
  fit(schema, into);
  Problems problems;
  Reading reading(schema, problems, false);
  reading.file = name;
  reading.longest_string = limits.max_string_bytes;
  FactTarget allowed(reading, into, number, entity, limits);
  if (!allowed.may_be_given(JsonPath())) return finish(problems, name);
  ondemand::parser parser;
  std::string padded;
  for (size_t at = 0; at < text.size() && !problems.full();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++reading.line;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    FactTarget target(reading, into, number, entity, limits);  // a broken line says nothing about the next
    if (target.full(JsonPath())) break;
    padded.assign(line);
    padded.append(simdjson::SIMDJSON_PADDING, ' ');
    reading.json = line;
    reading.json_line = reading.line;
    JsonPath root;
    JsonDocument document;
    if (auto error = document.open(parser, padded.data(), line.size(), padded.size())) {
      target.values().broken(error, root);
      continue;
    }
    ondemand::value value;
    if (auto error = document.get_value().get(value)) {
      if (error == simdjson::SCALAR_DOCUMENT_AS_VALUE)
        reading.report(Mistake::kSyntax, root, {"a JSON array or object", "it is a single value"});
      else
        reading.report_syntax(root, simdjson::error_message(error));
      continue;
    }
    size_t before = fact_count(into);
    target.read_json(value, root);
    const char* rest = nullptr;
    bool added = fact_count(into) > before;
    if (added && document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
      reading.report_syntax(root, "something follows the value");
    }
  }
  return finish(problems, name);
}

}  // namespace lictor
