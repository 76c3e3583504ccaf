// One bundle as the editor sees it: the files of its folder, with the open documents in place of those on disk, and
// their analysis, made anew only when somebody asks after a change, and parsing changed files only.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "lsp/document.h"
#include "lsp/options.h"

namespace lictor::lsp {

/// Open documents by key: the path of a `file:` URI, else the URI itself.
struct OpenDocument {
  std::string uri;
  Document document;
};
using Overlay = std::map<std::string, OpenDocument>;

/// A state of a bundle. Immutable; owns all it refers to.
struct View {
  Analysis analysis;
  std::unordered_map<std::string, uint32_t> files;  // key to file number
  std::optional<SourceText> config;                 // lictor.toml
  bool in_bundle(uint32_t file) const { return file < own_files; }
  uint32_t own_files = 0;                // those from here on are of dependencies or the library
  std::shared_ptr<const Others> others;  // null: no dependencies
  /// The module of a dependency or of the library, used or not.
  std::optional<SourceText> load_module(const Options& options, std::string_view module) const;
  std::vector<std::string> library(const Options& options) const;
};

/// Where a document belongs.
struct Home {
  std::string root;    // a folder; or the key of a document that has no folder
  bool whole = false;  // has a lictor.toml: everything below it; else only the files right in the folder
  bool on_disk = true;
  auto operator<=>(const Home&) const = default;
};

/// The nearest folder with a lictor.toml, else the document's own folder.
Home home_of(const std::string& key);

class Bundle {
 public:
  Bundle(Home home, const Options& options) : home_(std::move(home)), options_(options) {}

  const Home& home() const { return home_; }
  bool holds(const std::string& key) const;

  /// A document changed, or files on disk may have.
  void touch() { view_.reset(); }
  void touch_disk() {
    disk_is_old_ = true;
    view_.reset();
  }
  bool is_current() const { return view_ != nullptr; }
  /// The state now. The overlay may hold documents of other bundles. `references`: with what names refer to; a change
  /// of a text is then analysed a second time, and only when somebody asks.
  std::shared_ptr<const View> view(const Overlay& overlay, bool references = false);
  /// What it would be with other texts for some files; with references. Changes nothing here.
  std::shared_ptr<const View> view_with(const Overlay& overlay, const std::map<std::string, std::string>& texts);

  /// How many texts have been parsed, and analyses made, so far.
  uint64_t parsed() const { return cache_.parsed(); }
  uint64_t analysed() const { return analysed_; }

  std::map<std::string, std::string> published;  // by key: the diagnostics last sent, as JSON
  bool diagnostics_due = true;

 private:
  struct DiskFile {
    std::string text;
    std::filesystem::file_time_type time;
    uintmax_t size = 0;
  };

  std::optional<SourceText> config(const Overlay& overlay) const;
  void read_others(const Overlay& overlay);
  void read_disk();
  void refresh(const Overlay& overlay);
  void read_folder(const std::filesystem::path& folder, uint32_t depth, std::map<std::string, DiskFile>& out);
  void read_file(const std::filesystem::path& path, std::map<std::string, DiskFile>& out);
  std::vector<SourceText> texts(const Overlay& overlay, const std::map<std::string, std::string>& other) const;
  std::shared_ptr<const View> analyse(std::vector<SourceText> texts, const Overlay& overlay, ParseCache& cache,
                                      bool references);

  Home home_;
  const Options& options_;
  bool disk_is_old_ = true;
  std::map<std::string, DiskFile> disk_;
  uint64_t disk_bytes_ = 0;
  std::shared_ptr<const Others> others_;
  std::optional<std::string> others_of_;  // the lictor.toml that they were read for
  ParseCache cache_;
  std::shared_ptr<const View> view_;
  uint64_t analysed_ = 0;
};

}  // namespace lictor::lsp
