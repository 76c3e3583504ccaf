// A text, its tree and its diagnostics in one object.
#pragma once

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "grammar/diagnostics.h"
#include "grammar/parse.h"

namespace lictor::testing {

struct Parsed {
  SourceMap sources;
  Diagnostics diagnostics{sources};
  SyntaxTree tree;

  explicit Parsed(std::string text, const Limits& limits = {}) {
    uint32_t file = sources.add("a.lictor", std::move(text));
    tree = parse(sources, file, diagnostics, limits);
  }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  /// "E0101 3:7\n..." in order.
  std::string codes() const {
    std::string out;
    for (const Diagnostic& d : diagnostics.sorted()) {
      out += d.code + " " + std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + "\n";
    }
    return out;
  }
  std::string first_message() const {
    auto all = diagnostics.sorted();
    return all.empty() ? "" : all[0].message;
  }
};

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string data(const std::string& name) { return read_file(LICTOR_SOURCE_DIR "/tests/grammar/" + name); }

/// The tokens of a tree, one per line: what must not change when a text is formatted.
inline std::string tokens(const SyntaxTree& tree) {
  std::string out;
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (is_token(tree.kind(i))) out += std::string(tree.text_of(i)) + "\n";
  }
  return out;
}

}  // namespace lictor::testing
