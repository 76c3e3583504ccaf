// Facts in CSV (RFC 4180) with a header row. A quoted cell may hold commas, quotes (doubled) and line breaks; lines end
// with LF or CRLF. What differs from that is refused, not guessed: a quote in the middle of an unquoted cell, text behind a
// closing quote, a row of another length than the header.
#include <algorithm>

#include "runtime/facts_reader.h"
#include "runtime/json_text.h"

namespace lictor {

namespace {

struct Cell {
  std::string text;
  bool quoted = false;
};

class CsvText {
 public:
  explicit CsvText(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  /// Where the next row begins, and where a mistake was found.
  uint32_t line() const { return line_; }

  /// Reads one row. False, with a reason, where it is not CSV.
  bool next(std::vector<Cell>& row, std::string& why) {
    row.clear();
    for (;;) {
      Cell cell;
      if (!(peek('"') ? quoted(cell, why) : plain(cell, why))) return false;
      row.push_back(std::move(cell));
      if (at_end()) return true;
      if (peek(',')) {
        ++at_;
        continue;
      }
      return line_break(why);
    }
  }

 private:
  bool peek(char c) const { return at_ < text_.size() && text_[at_] == c; }

  bool plain(Cell& cell, std::string& why) {
    size_t end = text_.find_first_of(",\r\n\"", at_);
    if (end == std::string_view::npos) end = text_.size();
    cell.text = text_.substr(at_, end - at_);
    at_ = end;
    if (!peek('"')) return true;
    why = "a quote in a cell that does not begin with one";
    return false;
  }

  bool quoted(Cell& cell, std::string& why) {
    cell.quoted = true;
    ++at_;
    for (;;) {
      size_t end = text_.find('"', at_);
      if (end == std::string_view::npos) {
        why = "a quote that is not closed";
        return false;
      }
      std::string_view part = text_.substr(at_, end - at_);
      line_ += static_cast<uint32_t>(std::count(part.begin(), part.end(), '\n'));
      cell.text += part;
      at_ = end + 1;
      if (!peek('"')) break;
      cell.text += '"';
      ++at_;
    }
    if (at_end() || peek(',') || peek('\r') || peek('\n')) return true;
    why = "text behind a closing quote";
    return false;
  }

  bool line_break(std::string& why) {
    if (peek('\r')) ++at_;
    if (!peek('\n')) {
      why = "a carriage return without a line feed";
      return false;
    }
    ++at_;
    ++line_;
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
};

class CsvFacts {
 public:
  CsvFacts(Reading& reading, FactTarget& target) : reading_(reading), schema_(reading.schema), target_(target) {}

  void run(std::string_view text) {
    if (!check_utf8(text)) return;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // spreadsheets begin their files with it
    CsvText csv(text);
    std::vector<Cell> row;
    std::string why;
    reading_.line = 1;
    if (csv.at_end()) return reading_.report(Mistake::kMissing, "", {"the header row"});
    if (!csv.next(row, why)) return reading_.report(Mistake::kSyntax, "", {"CSV", why});
    if (!header(row)) return;
    while (!csv.at_end() && !reading_.problems.full()) {
      reading_.line = csv.line();
      if (target_.full(JsonPath())) return;
      if (!csv.next(row, why)) {
        reading_.line = csv.line();
        return reading_.report(Mistake::kSyntax, "", {"CSV", why});
      }
      read_row(row);
    }
  }

 private:
  static constexpr size_t kId = SIZE_MAX, kIn = SIZE_MAX - 1;

  bool check_utf8(std::string_view text) {
    if (simdjson::validate_utf8(text.data(), text.size())) return true;
    std::string_view before = text.substr(0, find_invalid_utf8(text));
    reading_.line = static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    reading_.report(Mistake::kSyntax, "", {"CSV", "the text is not valid UTF-8"});
    return false;
  }

  /// Some programs write other marks between cells.
  static std::string column_hint(const std::vector<Cell>& row, const std::vector<std::string>& known,
                                 std::string_view name) {
    size_t mark = row.size() == 1 ? name.find_first_of(";\t|") : std::string_view::npos;
    if (mark == std::string_view::npos) return did_you_mean(name, known);
    std::string shown = name[mark] == '\t' ? "tabs" : "`" + std::string(1, name[mark]) + "`";
    return "the cells of a row stand between commas, not " + shown;
  }

  bool header(const std::vector<Cell>& row) {
    const auto& fields = target_.fields();
    std::vector<std::string> known = JsonValues<DatumSink>::wires(fields);
    if (target_.is_entity()) known.insert(known.end(), {"id", "in"});
    bool ok = true;
    for (const Cell& cell : row) {
      size_t index = JsonValues<DatumSink>::find(fields, cell.text);
      if (index == fields.size() && target_.is_entity() && cell.text == "id") index = kId;
      if (index == fields.size() && target_.is_entity() && cell.text == "in") index = kIn;
      if (index == fields.size()) {
        reading_.report(Mistake::kUnknown, "", {"column", cell.text}, column_hint(row, known, cell.text));
        ok = false;
      } else if (std::find(columns_.begin(), columns_.end(), index) != columns_.end()) {
        reading_.report(Mistake::kTwice, "", {"the column `" + cell.text + "`"});
        ok = false;
      }
      columns_.push_back(index);
      names_.push_back(cell.text);
    }
    for (size_t i = 0; i < fields.size(); ++i) {
      if (std::find(columns_.begin(), columns_.end(), i) != columns_.end() || !fields[i].mandatory(schema_.types))
        continue;
      reading_.report(Mistake::kMissing, "", {"the column `" + fields[i].wire + "`"});
      ok = false;
    }
    if (target_.is_entity() && std::find(columns_.begin(), columns_.end(), kId) == columns_.end()) {
      reading_.report(Mistake::kMissing, "", {"the column `id`"});
      ok = false;
    }
    return ok;
  }

  void read_row(const std::vector<Cell>& row) {
    if (row.size() != columns_.size()) {
      bool blank = row.size() == 1 && row[0].text.empty() && !row[0].quoted;
      if (!blank) reading_.report(Mistake::kCount, "", {counted(columns_.size(), "cell"), std::to_string(row.size())});
      return;
    }
    const auto& fields = target_.fields();
    EntityFact fact;
    std::vector<std::optional<Datum>> values(fields.size());
    bool ok = true;
    JsonPath root;
    for (size_t i = 0; i < row.size(); ++i) {
      JsonPath at = root.member(names_[i]);
      if (columns_[i] == kId) {
        fact.id = row[i].text;
        ok = JsonValues<DatumSink>::check_id(reading_, fact.id, at) && ok;
      } else if (columns_[i] == kIn) {
        ok = parents(fact, row[i].text, at) && ok;
      } else {
        values[columns_[i]] = read_cell(row[i], fields[columns_[i]], at);
        ok = ok && values[columns_[i]];
      }
    }
    if (!ok) return;
    std::vector<Datum> complete;
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!values[i]) values[i] = target_.values().absent(fields[i], root);
      if (!values[i]) return;
      complete.push_back(std::move(*values[i]));
    }
    if (!target_.is_entity()) return target_.add_row(std::move(complete));
    fact.attributes = std::move(complete);
    target_.add_instance(std::move(fact));
  }

  /// "Group:g1;Role:admin"
  bool parents(EntityFact& fact, std::string_view text, const JsonPath& path) {
    bool ok = true;
    while (!text.empty()) {
      size_t end = std::min(text.find(';'), text.size());
      ok = target_.add_parent(fact, text.substr(0, end), path) && ok;
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return ok;
  }

  std::optional<Datum> read_cell(const Cell& cell, const FieldDecl& field, const JsonPath& path) {
    bool empty = cell.text.empty() && !cell.quoted;
    if (empty && !field.mandatory(schema_.types)) return target_.values().absent(field, path);
    TypeId type = base_type(schema_, field.type);
    if (empty && is_text(schema_.types.kind(type))) {
      return target_.values().mistake(Mistake::kMissing, path, {"`" + field.wire + "`"},
                                      "an empty text is written `\"\"`");
    }
    DatumSink sink(reading_);
    std::optional<Datum> value = read_text(cell.text, type, path);
    bool taken = type != field.type || target_.is_entity();  // the least word stands for none
    if (value && taken && value->n == kNoneWord) {
      return target_.values().mistake(Mistake::kRange, path, {"`" + cell.text + "`", type_name(schema_, type)});
    }
    if (value && type != field.type) value = sink.some(field.type, std::move(*value));
    return value;
  }

  std::optional<Datum> read_text(const std::string& text, TypeId type, const JsonPath& path) {
    DatumSink sink(reading_);
    switch (schema_.types.kind(type)) {
      case TypeKind::kEntity:
        if (!JsonValues<DatumSink>::check_id(reading_, text, path)) return std::nullopt;
        return sink.entity(type, text, path);
      case TypeKind::kUnion: {
        auto typed = typed_id(schema_, type, text);
        if (!typed) return target_.values().mistake(Mistake::kType, path, {expectation(schema_, type), quote(text)});
        if (!JsonValues<DatumSink>::check_id(reading_, typed->id, path)) return std::nullopt;
        return sink.as_union(type, sink.text(*schema_.types.find_entity_type(typed->entity), typed->id));
      }
      case TypeKind::kSet:
      case TypeKind::kList:
      case TypeKind::kMap:
      case TypeKind::kRecord:
        return read_json_cell(text, type, path);
      default:
        break;
    }
    if (is_text(schema_.types.kind(type))) {
      if (text.size() <= reading_.longest_string) return target_.values().text_value(text, type, path);
      std::string size = "a string of " + std::to_string(text.size()) + " bytes";
      return target_.values().mistake(Mistake::kLimit, path, {size, std::to_string(reading_.longest_string)});
    }
    auto word = scalar_word(schema_, type, text);
    if (!word) {
      return target_.values().mistake(Mistake::kType, path,
                                      {expectation(schema_, type), text.empty() ? "an empty cell" : quote(text)});
    }
    if (in_range(schema_, type, *word)) return sink.word(type, *word);
    return target_.values().mistake(Mistake::kRange, path, {"`" + text + "`", type_name(schema_, type)});
  }

  /// A set, list, map or record stands in its cell as JSON.
  std::optional<Datum> read_json_cell(const std::string& text, TypeId type, const JsonPath& path) {
    std::string padded = text + std::string(simdjson::SIMDJSON_PADDING, ' ');
    DatumSink sink(reading_);
    JsonValues<DatumSink> values(reading_, sink);  // a broken cell says nothing about the next
    reading_.json = text;
    reading_.json_line = 0;
    JsonDocument document;
    if (auto error = document.open(parser_, padded.data(), text.size(), padded.size()))
      return values.broken(error, path);
    ondemand::value value;
    if (auto error = document.get_value().get(value)) return values.broken(error, path);
    auto read = values.read(value, type, path);
    const char* rest = nullptr;
    if (read && document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
      reading_.report_syntax(path, "something follows the value");
      return std::nullopt;
    }
    return read;
  }

  Reading& reading_;
  const Schema& schema_;
  FactTarget& target_;
  std::vector<size_t> columns_;  // by cell: index of the field
  std::vector<std::string> names_;
  ondemand::parser parser_;
};

}  // namespace

Result<void> add_csv_facts(const Schema& schema, uint32_t number, bool entity, std::string_view text,
                           std::string_view name, FactSet& into, const FactLimits& limits) {
  if (auto size = check_fact_size(text, name, limits); !size) return size;
  fit(schema, into);
  Problems problems;
  Reading reading(schema, problems, false);
  reading.file = name;
  reading.longest_string = limits.max_string_bytes;
  FactTarget target(reading, into, number, entity, limits);
  if (target.may_be_given(JsonPath())) CsvFacts(reading, target).run(text);
  if (problems.any()) return std::unexpected(problems.error("the facts of `" + std::string(name) + "` were refused"));
  return {};
}

}  // namespace lictor
