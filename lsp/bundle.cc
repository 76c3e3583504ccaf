#include "lsp/bundle.h"

#include <algorithm>
#include <fstream>

#include "grammar/limits.h"

namespace lictor::lsp {
namespace fs = std::filesystem;

namespace {

constexpr uint32_t kMostDepth = 32;
constexpr size_t kMostFiles = 10'000;
constexpr uint64_t kMostBytes = 64ull << 20;
constexpr std::string_view kConfig = "lictor.toml";

bool is_policy(const std::string& name) { return name.ends_with(".lictor"); }

}  // namespace

Home home_of(const std::string& key) {
  if (!key.starts_with('/')) return {key, false, false};
  std::error_code error;
  fs::path folder = fs::path(key).parent_path();
  for (fs::path at = folder;; at = at.parent_path()) {
    if (fs::is_regular_file(at / kConfig, error)) return {at.string(), true, true};
    if (at == at.parent_path()) break;
  }
  return {folder.string(), false, true};
}

bool Bundle::holds(const std::string& key) const {
  if (!home_.on_disk) return key == home_.root;
  fs::path path(key);
  if (!home_.whole) return path.parent_path() == home_.root;
  fs::path root(home_.root);
  auto [end, rest] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return end == root.end() && rest != path.end();
}

// ---- On disk ---------------------------------------------------------------------------------------------------------

/// A file whose size and time are those it had is not read again.
void Bundle::read_file(const fs::path& path, std::map<std::string, DiskFile>& out) {
  std::error_code error;
  DiskFile file;
  file.size = fs::file_size(path, error);
  if (error || file.size > Limits{}.file_bytes || disk_bytes_ + file.size > kMostBytes) return;
  file.time = fs::last_write_time(path, error);
  if (error || out.size() >= kMostFiles) return;
  auto known = disk_.find(path.string());
  if (known != disk_.end() && known->second.size == file.size && known->second.time == file.time) {
    file.text = std::move(known->second.text);
  } else {
    std::ifstream in(path, std::ios::binary);
    file.text.resize(file.size);
    if (!in.read(file.text.data(), static_cast<std::streamsize>(file.size))) return;
  }
  disk_bytes_ += file.size;
  out.emplace(path.string(), std::move(file));
}

void Bundle::read_folder(const fs::path& folder, uint32_t depth, std::map<std::string, DiskFile>& out) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    std::error_code ignored;
    bool link = it->is_symlink(ignored);
    if (name.starts_with('.')) continue;
    if (it->is_directory(ignored)) {
      if (others_ &&
          std::ranges::find(others_->folders, fs::canonical(it->path(), ignored).string()) != others_->folders.end())
        continue;
      if (home_.whole && !link && depth < kMostDepth) read_folder(it->path(), depth + 1, out);
      continue;
    }
    bool config = depth == 0 && home_.whole && name == kConfig;
    if ((config || is_policy(name)) && !link && it->is_regular_file(ignored)) read_file(it->path(), out);
  }
}

void Bundle::read_disk() {
  disk_is_old_ = false;
  std::map<std::string, DiskFile> found;
  disk_bytes_ = 0;
  if (home_.on_disk) read_folder(home_.root, 0, found);
  disk_ = std::move(found);
}

std::optional<SourceText> Bundle::config(const Overlay& overlay) const {
  if (!home_.whole) return std::nullopt;
  std::string key = (fs::path(home_.root) / kConfig).string();
  if (auto open = overlay.find(key); open != overlay.end()) return SourceText{key, open->second.document.text()};
  if (auto file = disk_.find(key); file != disk_.end()) return SourceText{key, file->second.text};
  return std::nullopt;
}

/// Dependencies are read again when files on disk or the lictor.toml have changed; what an editor has not saved of them
/// is not seen.
void Bundle::read_others(const Overlay& overlay) {
  others_.reset();
  others_of_.reset();
  std::optional<SourceText> text = config(overlay);
  if (!text) return;
  others_of_ = text->text;
  if (!options_.dependencies) return;
  Others found = options_.dependencies(home_.root, *text);
  if (!found.folders.empty() || !found.diagnostics.empty()) others_ = std::make_shared<const Others>(std::move(found));
}

/// Brings files and dependencies up to date.
void Bundle::refresh(const Overlay& overlay) {
  bool old = disk_is_old_;
  if (old) read_disk();
  std::optional<SourceText> text = config(overlay);
  bool changed = text ? !others_of_ || *others_of_ != text->text : others_of_.has_value();
  if (!old && !changed) return;
  view_.reset();
  bool had = others_ != nullptr;
  read_others(overlay);
  if (had || others_) read_disk();  // which folders are left out may be another question now
}

// ---- Views -----------------------------------------------------------------------------------------------------------

std::vector<SourceText> Bundle::texts(const Overlay& overlay, const std::map<std::string, std::string>& other) const {
  std::map<std::string_view, const std::string*> all;
  for (const auto& [key, file] : disk_) {
    if (is_policy(key)) all[key] = &file.text;
  }
  for (const auto& [key, open] : overlay) {
    if (holds(key) && !key.ends_with(kConfig)) all[key] = &open.document.text();
  }
  for (const auto& [key, text] : other) all[key] = &text;
  std::vector<SourceText> out;
  out.reserve(all.size());
  for (const auto& [key, text] : all) out.push_back({std::string(key), *text});
  return out;
}

std::shared_ptr<const View> Bundle::analyse(std::vector<SourceText> texts, const Overlay& overlay, ParseCache& cache,
                                            bool references) {
  auto view = std::make_shared<View>();
  view->own_files = static_cast<uint32_t>(texts.size());
  AnalyzeOptions options;
  view->others = others_;
  options.load_module = [&](std::string_view module) { return view->load_module(options_, module); };
  options.library = view->library(options_);
  options.canonical = false;
  options.references = references;
  options.parsed = &cache;
  view->analysis = analyze(std::move(texts), options);
  const SourceMap& sources = *view->analysis.sources;
  for (uint32_t i = 0; i < sources.size(); ++i) view->files.emplace(sources.file(i).name(), i);
  view->config = config(overlay);
  return view;
}

std::optional<SourceText> View::load_module(const Options& options, std::string_view module) const {
  if (others) {
    auto found = std::ranges::find(others->names, module);
    if (found != others->names.end()) return others->modules[static_cast<size_t>(found - others->names.begin())];
  }
  return options.load_module ? options.load_module(module) : std::nullopt;
}

std::vector<std::string> View::library(const Options& options) const {
  std::vector<std::string> out = options.library;
  if (others) out.insert(out.end(), others->names.begin(), others->names.end());
  return out;
}

std::shared_ptr<const View> Bundle::view(const Overlay& overlay, bool references) {
  refresh(overlay);
  if (!view_ || (references && !view_->analysis.references)) {
    ++analysed_;
    view_ = analyse(texts(overlay, {}), overlay, cache_, references);
  }
  return view_;
}

std::shared_ptr<const View> Bundle::view_with(const Overlay& overlay, const std::map<std::string, std::string>& other) {
  refresh(overlay);
  ParseCache cache = cache_;  // what has not changed is shared, and ours stays as it is
  return analyse(texts(overlay, other), overlay, cache, true);
}

}  // namespace lictor::lsp
