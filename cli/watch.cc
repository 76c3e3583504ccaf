#include "cli/watch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <thread>

namespace lictor::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{100};
constexpr std::chrono::milliseconds kCalm{40};  // nothing may change for so long before a run
constexpr int kMostCalms = 50;                  // then it runs all the same
constexpr uint32_t kMostDepth = 32;

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int) { stop = true; }

int64_t nanoseconds(const timespec& time) { return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

std::optional<FileState> state_of(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return FileState{.device = found.st_dev,
                   .inode = found.st_ino,
                   .size = static_cast<uint64_t>(found.st_size),
                   .modified = nanoseconds(found.st_mtim),
                   .changed = nanoseconds(found.st_ctim)};
}

bool matters(const fs::path& path) {
  static constexpr std::string_view kEndings[] = {".lictor", ".csv", ".json", ".jsonl"};
  std::string name = path.filename().string();
  if (name == "lictor.toml" || name == "lictor.lock") return true;
  return std::ranges::find(kEndings, path.extension().string()) != std::end(kEndings);
}

void look_below(const fs::path& folder, uint32_t depth, FileStates& out) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path& path = it->path();
    std::error_code ignored;
    if (path.filename().string().starts_with('.')) continue;
    if (it->is_directory(ignored)) {
      if (!it->is_symlink(ignored) && depth < kMostDepth) look_below(path, depth + 1, out);
    } else if (matters(path)) {
      if (auto state = state_of(path.string())) out.emplace(path.lexically_normal().string(), *state);
    }
  }
}

/// The signals for as long as something is watched; afterwards they do what they did before.
class Signals {
 public:
  Signals() {
    stop = false;
    struct sigaction action{};
    action.sa_handler = on_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, &interrupt_);
    ::sigaction(SIGTERM, &action, &terminate_);
  }
  ~Signals() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGTERM, &terminate_, nullptr);
  }
  Signals(const Signals&) = delete;  // there is one set of signals
  Signals& operator=(const Signals&) = delete;

 private:
  struct sigaction interrupt_{}, terminate_{};
};

/// Waits until the files differ from `before` and have come to rest; nothing when a signal came.
std::optional<FileStates> wait_for_change(const std::vector<std::string>& paths, const FileStates& before) {
  FileStates now = look_at(paths);
  for (; now == before; now = look_at(paths)) {
    if (stop) return std::nullopt;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  for (int i = 0; i < kMostCalms && !stop; ++i) {
    std::this_thread::sleep_for(kCalm);
    FileStates next = look_at(paths);
    if (next == now) break;
    now = std::move(next);
  }
  if (stop) return std::nullopt;
  return now;
}

}  // namespace

FileStates look_at(const std::vector<std::string>& paths) {
  FileStates out;
  std::error_code ignored;
  for (const std::string& path : paths) {
    if (fs::is_directory(path, ignored))
      look_below(path, 0, out);
    else if (auto state = state_of(path))
      out.emplace(fs::path(path).lexically_normal().string(), *state);
  }
  return out;
}

std::vector<std::string> changes_between(const FileStates& before, const FileStates& after, size_t most) {
  std::map<std::string, std::string_view> found;
  for (const auto& [path, state] : before) {
    auto now = after.find(path);
    if (now == after.end())
      found.emplace(path, "is gone");
    else if (now->second != state)
      found.emplace(path, "changed");
  }
  for (const auto& [path, state] : after) {
    if (!before.contains(path)) found.emplace(path, "is new");
  }
  std::vector<std::string> out;
  for (const auto& [path, what] : found) {
    if (out.size() == most) {
      out.push_back(fmt::format("and {} more", found.size() - most));
      break;
    }
    out.push_back(fmt::format("{} {}", printable(path), what));
  }
  return out;
}

int watch(const std::vector<std::string>& paths, const std::function<WatchedRun(const std::atomic<bool>& stop)>& once,
          Output& output) {
  Signals signals;
  int code = 0;
  std::vector<std::string> all = paths, changes;
  FileStates before = look_at(all);
  while (!stop) {
    if (output.data_color()) output.data("\033[2J\033[H");
    for (const std::string& change : changes) output.message(change + "\n");
    WatchedRun run = once(stop);
    if (stop) break;
    code = run.code;
    // What the run has read for the first time is seen from here on; what was watched before keeps its old state, so a
    // change during the run is not lost.
    all = paths;
    all.insert(all.end(), run.also.begin(), run.also.end());
    FileStates seen = look_at(run.also);
    before.merge(seen);
    output.message(fmt::format("watching {}; Ctrl-C ends\n", plural(before.size(), "file")));
    std::optional<FileStates> now = wait_for_change(all, before);
    if (!now) break;
    changes = changes_between(before, *now);
    before = std::move(*now);
  }
  return code;
}

}  // namespace lictor::cli
