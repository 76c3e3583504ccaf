#include "runtime/reading.h"

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

void Reading::report(Mistake mistake, const std::string& where, std::initializer_list<std::string_view> args,
                     std::string_view hint) {
  std::string_view all[3] = {where, {}, {}};
  size_t count = 1;
  for (std::string_view arg : args) all[count++] = arg;
  problems.add(diag(mistake, request), {all[0], all[1], all[2]}, place(), hint);
}

void Reading::report(Mistake mistake, const JsonPath& path, std::initializer_list<std::string_view> args,
                     std::string_view hint) {
  report(mistake, prefix(path), args, hint);
}

}  // namespace lictor
