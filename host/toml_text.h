// A TOML text whose nodes can be shown at their place. Only files of host/ that read TOML include this.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>

#include "compiler/analyze.h"
#include "grammar/diagnostics.h"

namespace lictor {

class TomlText {
 public:
  explicit TomlText(const SourceText& text);
  TomlText(const TomlText&) = delete;  // the collector refers to the sources
  TomlText& operator=(const TomlText&) = delete;

  /// The text as a table. Nothing where it is no TOML; that has been reported as `code`, whose argument says why.
  std::optional<toml::table> parse(Diag code);

  Span span(const toml::source_region& region) const;
  Place place(Span span) const { return sources_.place(span); }
  Place place(const toml::source_region& region) const { return place(span(region)); }
  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  SourceMap sources_;
  uint32_t file_ = 0;
  Diagnostics diagnostics_;
};

}  // namespace lictor
