#include "lsp/workspace.h"

#include "lsp/uri.h"

namespace lictor::lsp {

std::string Workspace::key_of(const std::string& uri) { return path_of_uri(uri).value_or(uri); }

std::string Workspace::uri_of(const std::string& key) const {
  if (auto open = overlay_.find(key); open != overlay_.end()) return open->second.uri;
  return key.starts_with('/') ? uri_of_path(key) : key;
}

void Workspace::open(const std::string& uri, std::string text, int64_t version) {
  std::string key = key_of(uri);
  overlay_[key] = {uri, Document(std::move(text), version)};
  homes_[key] = home_of(key);
  assign();
  bundles_.at(homes_.at(key))->touch_disk();
  changed(uri);
}

Document* Workspace::find(const std::string& uri) {
  auto open = overlay_.find(key_of(uri));
  return open == overlay_.end() ? nullptr : &open->second.document;
}

/// A file may stand in more than one bundle: in that of its folder and in one further up.
void Workspace::changed(const std::string& uri) {
  std::string key = key_of(uri);
  for (auto& [home, bundle] : bundles_) {
    if (!bundle->holds(key)) continue;
    bundle->touch();
    bundle->diagnostics_due = true;
  }
}

void Workspace::close(const std::string& uri) {
  std::string key = key_of(uri);
  for (auto& [home, bundle] : bundles_) {
    if (!bundle->holds(key)) continue;
    bundle->touch_disk();
    bundle->diagnostics_due = true;
  }
  overlay_.erase(key);
  homes_.erase(key);
  assign();
}

void Workspace::disk_changed() {
  for (auto& [key, home] : homes_) home = home_of(key);
  assign();
  for (auto& [home, bundle] : bundles_) {
    bundle->touch_disk();
    bundle->diagnostics_due = true;
  }
}

/// Makes the bundles that open documents need and puts the others aside.
void Workspace::assign() {
  std::map<Home, std::unique_ptr<Bundle>> kept;
  for (const auto& [key, home] : homes_) {
    auto& bundle = kept[home];
    if (bundle) continue;
    auto known = bundles_.find(home);
    bundle = known != bundles_.end() ? std::move(known->second) : std::make_unique<Bundle>(home, options_);
  }
  for (auto& [home, bundle] : bundles_) {
    if (bundle) closed_.push_back(std::move(bundle));
  }
  bundles_ = std::move(kept);
}

void Workspace::open_folders() {
  if (!bundles_.empty()) return;
  for (const std::string& folder : folders) {
    Home home = home_of(folder + "/lictor.toml");
    if (home.whole) bundles_.emplace(home, std::make_unique<Bundle>(home, options_));
  }
}

Bundle* Workspace::bundle_of(const std::string& uri) {
  auto home = homes_.find(key_of(uri));
  return home == homes_.end() ? nullptr : bundles_.at(home->second).get();
}

std::shared_ptr<const View> Workspace::view_of(const std::string& uri) {
  Bundle* bundle = bundle_of(uri);
  return bundle == nullptr ? nullptr : bundle->view(overlay_);
}

std::vector<std::unique_ptr<Bundle>> Workspace::take_closed() { return std::exchange(closed_, {}); }

bool Workspace::is_home(const Bundle& bundle, const std::string& key) const {
  for (const auto& [home, other] : bundles_) {
    bool nearer = other.get() != &bundle && home.root.size() > bundle.home().root.size();
    if (nearer && other->holds(key)) return false;
  }
  return true;
}

}  // namespace lictor::lsp
