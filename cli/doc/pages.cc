#include "cli/doc/pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/doc/entry.h"
#include "cli/doc/html.h"
#include "compiler/names.h"

namespace lictor::cli {
namespace {

/// The order of sections on a page.
constexpr std::string_view kSections[] = {"Decisions",
                                          "Lifecycles",
                                          "Watches",
                                          "Constitution",
                                          "Parameters",
                                          "Requests",
                                          "Types",
                                          "Relations",
                                          "Values",
                                          "Invariants",
                                          "Obligations and requirements"};

struct ModulePage {
  const ast::Module* module = nullptr;
  std::string name, file;
  std::string origin;  // "" of the bundle itself; else "library", or the dependency's name
  std::vector<DocEntry> entries;
};

class Pages {
 public:
  explicit Pages(const Bundle& bundle) : bundle_(bundle), links_(bundle.analysis) {
    for (const ast::Module& module : bundle.analysis.modules) {
      ModulePage page{.module = &module,
                      .name = path_text(module.name),
                      .file = bundle.analysis.sources->file(module.file).name(),
                      .origin = {},
                      .entries = entries_of({bundle, links_, module})};
      if (page.name.empty()) continue;  // a file without anything
      page.origin = origin_of(page.file);
      pages_.push_back(std::move(page));
    }
    std::ranges::stable_sort(pages_, {}, &ModulePage::name);
  }

  std::map<std::string, std::string> all() const {
    std::map<std::string, std::string> out;
    out.emplace("index.html", html_page(bundle_.name, "", bundle_.name, "", index()));
    for (const ModulePage& page : pages_) {
      out.emplace(SourceLinks::page_of(page.name),
                  html_page(page.name + " - " + bundle_.name, "../", bundle_.name,
                            "<span>" + html(page.name) + "</span>", module_page(page)));
    }
    return out;
  }

 private:
  std::string origin_of(const std::string& file) const {
    if (std::ranges::find(bundle_.files, file) != bundle_.files.end()) return "";
    const Dependency* of = bundle_.dependencies ? bundle_.dependencies->of_file(file) : nullptr;
    return of != nullptr ? of->name : "library";
  }

  static std::string href(const ModulePage& page, std::string_view up, std::string_view anchor = "") {
    return html(fmt::format("{}{}{}{}", up, SourceLinks::page_of(page.name), anchor.empty() ? "" : "#", anchor));
  }

  // ---- A module -----------------------------------------------------------------------------------------------------

  std::string module_page(const ModulePage& page) const {
    std::string out = "<h1>module <code>" + html(page.name) + "</code></h1>\n<p class=\"soft\">";
    if (!page.origin.empty()) out += page.origin == "library" ? "Of the library. " : "Of " + html(page.origin) + ". ";
    out += "<code>" + html(shown_file(page)) + "</code></p>\n" + html_doc(page.module->doc) + uses(page);
    if (page.entries.size() > 1) out += contents(page);
    for (std::string_view section : kSections) {
      std::string body;
      for (const DocEntry& entry : page.entries) {
        if (entry.section == section) body += entry.body;
      }
      if (!body.empty()) out += fmt::format("<h2>{}</h2>\n{}", section, body);
    }
    return out;
  }

  /// Below the bundle's folder: the pages are the same wherever the command is run.
  std::string shown_file(const ModulePage& page) const {
    std::string root = bundle_.root;
    if (bundle_.dependencies) {
      if (const Dependency* of = bundle_.dependencies->of_file(page.file)) root = of->root;
    }
    if (!root.empty() && root.back() != '/') root += '/';
    return page.file.starts_with(root) ? page.file.substr(root.size()) : page.file;
  }

  std::string uses(const ModulePage& page) const {
    std::string out;
    for (const ast::Use& use : page.module->uses) {
      std::string name = path_text(use.module);
      auto other = std::ranges::find(pages_, name, &ModulePage::name);
      if (other == pages_.end() || (use.alias && use.alias->text.starts_with('$'))) continue;
      out +=
          fmt::format("{}<a href=\"{}\"><code>{}</code></a>", out.empty() ? "" : ", ", href(*other, "../"), html(name));
    }
    return out.empty() ? "" : "<p><span class=\"soft\">Uses</span> " + out + "</p>\n";
  }

  static std::string contents(const ModulePage& page) {
    std::string out = "<ul class=\"names\">\n";
    for (const DocEntry& entry : page.entries) {
      out += fmt::format("<li><a href=\"#{0}\"><code>{0}</code></a> <span class=\"soft\">{1}</span></li>\n",
                         html(entry.name), entry.kind);
    }
    return out + "</ul>\n";
  }

  // ---- The index ----------------------------------------------------------------------------------------------------

  std::string index() const {
    std::string out = "<h1>" + html(bundle_.name) + "</h1>\n";
    if (!bundle_.version.empty()) out += "<p class=\"soft\">Version " + html(bundle_.version) + "</p>\n";
    out += modules("Modules", [](const ModulePage& page) { return page.origin.empty(); });
    out += decisions() + param_sets() + dependencies();
    out += modules("Used modules of the library", [](const ModulePage& page) { return page.origin == "library"; });
    return out + names();
  }

  template <class Wanted>
  std::string modules(std::string_view title, Wanted wanted) const {
    std::string rows;
    for (const ModulePage& page : pages_) {
      if (!wanted(page)) continue;
      rows += fmt::format("<tr><td><a href=\"{}\"><code>{}</code></a></td><td>{}</td></tr>\n", href(page, ""),
                          html(page.name), html_summary(page.module->doc));
    }
    return table(title, "<tr><th>Module</th><th></th></tr>", rows);
  }

  std::string decisions() const {
    std::string rows;
    for (const ModulePage& page : pages_) {
      for (const DocEntry& entry : page.entries) {
        if (entry.kind != "decision" || !page.origin.empty()) continue;
        rows += fmt::format("<tr><td><a href=\"{}\"><code>{}</code></a></td><td><code>{}</code></td><td>{}</td></tr>\n",
                            href(page, "", entry.name), html(entry.name), html(page.name), entry.summary);
      }
    }
    return table("Decisions", "<tr><th>Decision</th><th>Module</th><th></th></tr>", rows);
  }

  std::string param_sets() const {
    const Schema& schema = bundle_.analysis.program.schema;
    std::string rows;
    for (const ParamSet& set : bundle_.params) {
      for (const auto& [index, value] : set.values) {
        const DeclInfo& info = schema.params[index].info;
        rows += fmt::format(
            "<tr><td><code>{}</code></td><td><a href=\"{}\"><code>{}</code></a></td><td><code>{}</code></td></tr>\n",
            html(set.name), html(SourceLinks::page_of(info.module) + "#" + info.name), html(info.qualified()),
            html(show_source(schema, value)));
      }
    }
    return table("Parameter sets", "<tr><th>Set</th><th>Parameter</th><th>Value</th></tr>", rows);
  }

  std::string dependencies() const {
    if (!bundle_.dependencies) return "";
    std::string rows;
    for (const Dependency& one : bundle_.dependencies->all) {
      std::string used;
      for (const ModulePage& page : pages_) {
        if (page.origin != one.name) continue;
        used += fmt::format("{}<a href=\"{}\"><code>{}</code></a>", used.empty() ? "" : ", ", href(page, ""),
                            html(page.name));
      }
      rows += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n", html(one.name),
                          html(one.version), used);
    }
    return table("Dependencies", "<tr><th>Bundle</th><th>Version</th><th>Used modules</th></tr>", rows);
  }

  /// All names of the bundle's own modules, sorted.
  std::string names() const {
    std::map<std::pair<std::string, std::string>, std::string> all;
    for (const ModulePage& page : pages_) {
      for (const DocEntry& entry : page.entries) {
        if (!page.origin.empty()) continue;
        all.emplace(std::pair(entry.name, page.name),
                    fmt::format("<li><a href=\"{}\"><code>{}</code></a> <span class=\"soft\">{}</span></li>\n",
                                href(page, "", entry.name), html(entry.name), entry.kind));
      }
    }
    std::string out;
    for (const auto& [key, item] : all) out += item;
    return out.empty() ? "" : "<h2>All names</h2>\n<ul class=\"names\">\n" + out + "</ul>\n";
  }

  static std::string table(std::string_view title, std::string_view head, const std::string& rows) {
    if (rows.empty()) return "";
    return fmt::format("<h2>{}</h2>\n<div class=\"scroll\"><table>\n{}\n{}</table></div>\n", title, head, rows);
  }

  const Bundle& bundle_;
  SourceLinks links_;
  std::vector<ModulePage> pages_;
};

}  // namespace

std::map<std::string, std::string> doc_pages(const Bundle& bundle) { return Pages(bundle).all(); }

}  // namespace lictor::cli
