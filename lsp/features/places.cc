#include "lsp/features/places.h"

#include "lsp/uri.h"

namespace lictor::lsp {

const Document& Places::document(uint32_t file) {
  auto known = documents_.find(file);
  if (known != documents_.end()) return known->second;
  return documents_.emplace(file, Document(std::string(view_.analysis.sources->file(file).text()))).first->second;
}

Range Places::range(Span span) { return document(span.file).range(span.begin, span.end, workspace_.encoding); }

Range Places::range(uint32_t file, const Place& place) {
  const SourceFile& source = view_.analysis.sources->file(file);
  uint32_t begin = source.offset(place.line, place.column), end = source.offset(place.end_line, place.end_column);
  return document(file).range(begin, end, workspace_.encoding);
}

json Places::location(Span span, const Options& options) {
  const SourceFile& source = view_.analysis.sources->file(span.file);
  std::string uri;
  if (view_.in_bundle(span.file)) {
    uri = workspace_.uri_of(source.name());
  } else if (source.name().starts_with('/')) {  // of a dependency: its own file
    uri = uri_of_path(source.name());
  } else {
    auto path = options.keep_file ? options.keep_file(source.name(), source.text()) : std::nullopt;
    if (!path) return nullptr;
    uri = uri_of_path(*path);
  }
  return {{"uri", std::move(uri)}, {"range", to_json(range(span))}};
}

}  // namespace lictor::lsp
