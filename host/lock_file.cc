#include "host/lock_file.h"

#include <algorithm>

#include "grammar/diagnostics.h"
#include "host/toml_text.h"

namespace lictor {
namespace {

constexpr const char* kHead =
    "# The dependencies of this bundle as they were last looked at. `lictor lock` writes this file.\nversion = 1\n";

std::string quoted(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (byte < 0x20 || byte == 0x7F)
      out += std::string("\\u00") + kDigits[byte >> 4] + kDigits[byte & 15];
    else
      out += c;
  }
  return out + "\"";
}

std::vector<const Dependency*> sorted(const Dependencies& dependencies) {
  std::vector<const Dependency*> out;
  for (const Dependency& one : dependencies.all) out.push_back(&one);
  std::ranges::sort(out, {}, &Dependency::name);
  return out;
}

Diagnostic difference(const Place& place, const std::string& name, const std::string& what,
                      const std::string& command) {
  SourceMap none;
  Diagnostics diagnostics(none);
  diagnostics.report(Diag::kLockDiffers, Span())
      .arg(name)
      .arg(what)
      .hint("look at what changed, then run `" + command + "`");
  Diagnostic out = diagnostics.sorted().front();
  out.place = place;
  return out;
}

class LockReader {
 public:
  explicit LockReader(const SourceText& text) : text_(text) {}

  LockFile read() {
    LockFile out;
    if (std::optional<toml::table> table = text_.parse(Diag::kBadLock)) read(*table, out);
    out.diagnostics = text_.diagnostics().sorted();
    return out;
  }

 private:
  void bad(const toml::source_region& region, const char* why) {
    text_.diagnostics().report(Diag::kBadLock, text_.span(region)).arg(why);
  }

  void read(const toml::table& table, LockFile& out) {
    const toml::node* version = table.get("version");
    const auto* number = version != nullptr ? version->as_integer() : nullptr;
    if (number == nullptr || number->get() != 1)
      return bad(version != nullptr ? version->source() : table.source(), "its version is not 1");
    const toml::node* list = table.get("dependency");
    if (list == nullptr) return;
    if (!list->is_array()) return bad(list->source(), "`dependency` is no list of tables");
    for (const toml::node& node : *list->as_array()) {
      const toml::table* entry = node.as_table();
      if (entry == nullptr) return bad(node.source(), "`dependency` is no list of tables");
      LockRead one{.name = text(*entry, "name"),
                   .version = text(*entry, "version"),
                   .path = text(*entry, "path"),
                   .hash = text(*entry, "hash"),
                   .place = text_.place(entry->source())};
      if (one.name.empty()) return bad(node.source(), "an entry has no name");
      out.entries.push_back(std::move(one));
    }
  }

  static std::string text(const toml::table& table, const char* key) {
    const auto* value = table[key].as_string();
    return value != nullptr ? value->get() : "";
  }

  TomlText text_;
};

std::string differs(const char* what, const std::string& now, const std::string& then) {
  auto shown = [](const std::string& text) { return text.empty() ? "missing" : text; };
  return std::string("its ") + what + " is " + shown(now) + ", there it is " + shown(then);
}

}  // namespace

std::string lock_text(const Dependencies& dependencies) {
  std::string out = kHead;
  for (const Dependency* one : sorted(dependencies)) {
    out += "\n[[dependency]]\nname = " + quoted(one->name) + "\n";
    if (!one->version.empty()) out += "version = " + quoted(one->version) + "\n";
    out += "path = " + quoted(one->path) + "\nhash = " + quoted(one->hash) + "\n";
  }
  return out;
}

LockFile read_lock(const SourceText& text) { return LockReader(text).read(); }

std::vector<Diagnostic> lock_differences(const Dependencies& dependencies, const LockFile& lock,
                                         const std::string& file, const std::string& command) {
  std::vector<Diagnostic> out;
  for (const Dependency* one : sorted(dependencies)) {
    auto found = std::ranges::find(lock.entries, one->name, &LockRead::name);
    if (found == lock.entries.end()) {
      Place whole{.file = file, .line = 1, .column = 1, .end_line = 1, .end_column = 1};
      out.push_back(difference(whole, one->name, "it is not there", command));
      continue;
    }
    auto check = [&](const char* what, const std::string& now, const std::string& then) {
      if (now != then) out.push_back(difference(found->place, one->name, differs(what, now, then), command));
    };
    check("folder", one->path, found->path);
    check("version", one->version, found->version);
    check("hash", one->hash, found->hash);
  }
  for (size_t i = 0; i < lock.entries.size(); ++i) {
    const LockRead& entry = lock.entries[i];
    auto same = [&](const LockRead& other) { return other.name == entry.name; };
    if (std::ranges::none_of(dependencies.all, [&](const Dependency& one) { return one.name == entry.name; }))
      out.push_back(difference(entry.place, entry.name, "the bundle does not depend on it", command));
    else if (std::any_of(lock.entries.begin(), lock.entries.begin() + static_cast<ptrdiff_t>(i), same))
      out.push_back(difference(entry.place, entry.name, "it stands there twice", command));
  }
  return out;
}

}  // namespace lictor
