// Analysing texts in tests, with the standard modules at hand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/analyze.h"
#include "stdlib/modules.h"

namespace lictor {

inline Analysis analyze_texts(std::vector<SourceText> texts) {
  AnalyzeOptions options;
  options.load_module = [](std::string_view name) -> std::optional<SourceText> {
    for (const StdModule& module : std_modules()) {
      if (module.name == name) return SourceText{std::string(module.file), std::string(module.text)};
    }
    return std::nullopt;
  };
  return analyze(std::move(texts), options);
}

inline Analysis analyze_text(std::string text) { return analyze_texts({{"test.lictor", std::move(text)}}); }

/// All diagnostics as people see them.
inline std::string rendered(const Analysis& analysis) {
  std::string out;
  for (const Diagnostic& diagnostic : analysis.diagnostics) out += render(diagnostic, *analysis.sources, false);
  return out;
}

inline std::vector<std::string> codes(const Analysis& analysis) {
  std::vector<std::string> out;
  for (const Diagnostic& diagnostic : analysis.diagnostics) out.push_back(diagnostic.code);
  return out;
}

}  // namespace lictor
