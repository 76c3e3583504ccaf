#include "runtime/reading.h"

#include <algorithm>

#include "runtime/json_text.h"

namespace lictor {
namespace {

Diag diag(Mistake mistake, bool request) {
  switch (mistake) {
    case Mistake::kSyntax:
      return request ? Diag::kRequestSyntax : Diag::kFactsSyntax;
    case Mistake::kUnknown:
      return request ? Diag::kRequestUnknown : Diag::kFactsUnknown;
    case Mistake::kType:
      return request ? Diag::kRequestType : Diag::kFactsType;
    case Mistake::kRange:
      return request ? Diag::kRequestRange : Diag::kFactsRange;
    case Mistake::kMissing:
      return request ? Diag::kRequestMissing : Diag::kFactsMissing;
    case Mistake::kTwice:
      return request ? Diag::kRequestTwice : Diag::kFactsTwice;
    case Mistake::kCount:
      return request ? Diag::kRequestCount : Diag::kFactsCount;
    case Mistake::kInstance:
      return request ? Diag::kRequestInstance : Diag::kFactsInstance;
    case Mistake::kLimit:
      return request ? Diag::kRequestLimit : Diag::kFactsLimit;
  }
  return Diag::kFactsSyntax;
}

}  // namespace

std::string JsonPath::text() const {
  if (parent == nullptr) return "";
  std::string out = parent->text() + "/";
  if (index >= 0) return out + std::to_string(index);
  for (char c : key.substr(0, 100)) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string prefix(const JsonPath& path) {
  std::string text = path.text();
  return text.empty() ? "" : "`" + text + "`: ";
}

Place Reading::place() const {
  Place place;
  place.file = file;
  place.line = line;
  place.column = place.end_column = line > 0 ? 1 : 0;
  place.end_line = line;
  return place;
}

Place Reading::place(size_t byte) const {
  if (json.empty() || json_line == 0) return place();
  std::string_view before = json.substr(0, byte);
  size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  Place out;
  out.file = file;
  out.line = out.end_line = json_line + static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n'));
  out.column = out.end_column = static_cast<uint32_t>(before.size() - line_start) + 1;
  return out;
}

Place Reading::place(const JsonPath& path) const {
  if (json.empty() || json_line == 0) return place();
  return place(find_json_path(json, path));
}

void Reading::add(Mistake mistake, const std::string& where, std::initializer_list<std::string_view> args, Place place,
                  std::string_view hint) {
  std::string_view all[3] = {where, {}, {}};
  size_t count = 1;
  for (std::string_view arg : args) all[count++] = arg;
  problems.add(diag(mistake, request), {all[0], all[1], all[2]}, std::move(place), hint);
}

void Reading::report(Mistake mistake, const std::string& where, std::initializer_list<std::string_view> args,
                     std::string_view hint) {
  add(mistake, where, args, place(), hint);
}

void Reading::report(Mistake mistake, const JsonPath& path, std::initializer_list<std::string_view> args,
                     std::string_view hint) {
  add(mistake, prefix(path), args, place(path), hint);
}

void Reading::report_at(Mistake mistake, const JsonPath& path, const JsonPath& at,
                        std::initializer_list<std::string_view> args, std::string_view hint) {
  add(mistake, prefix(path), args, place(at), hint);
}

void Reading::report_syntax(const JsonPath& path, std::string_view otherwise) {
  std::optional<JsonMistake> found = find_json_mistake(json);
  if (found)
    add(Mistake::kSyntax, prefix(path), {"valid JSON", found->what}, place(found->at), "");
  else
    report(Mistake::kSyntax, path, {"valid JSON", otherwise});
}

void Reading::report_no_object() {
  if (find_json_mistake(json)) return report_syntax(JsonPath(), "");
  size_t first = json.find_first_not_of(" \t\r\n");
  char c = first == std::string_view::npos ? ' ' : json[first];
  report(Mistake::kSyntax, JsonPath(),
         {"a JSON object", c == '['   ? "it is an array"
                           : c == '"' ? "it is a string"
                                      : "it is a single value"});
}

}  // namespace lictor
