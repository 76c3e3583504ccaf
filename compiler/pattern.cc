// A glob is matched greedily: where it fails, the last `*` takes one character more; earlier ones never need to. Compiled
// regular expressions are shared; when there are too many, all are forgotten, which costs time and changes nothing.
#include "compiler/pattern.h"

#include <re2/re2.h>

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace lictor {
namespace {

constexpr size_t kMostKept = 1024;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

std::shared_ptr<const RE2> compiled(std::string_view pattern) {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kLargestRegex);
  return std::make_shared<const RE2>(piece(pattern), options);
}

struct Hash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

class Kept {
 public:
  std::shared_ptr<const RE2> find(std::string_view pattern) {
    {
      std::shared_lock lock(mutex_);
      if (auto it = known_.find(pattern); it != known_.end()) return it->second;
    }
    auto made = compiled(pattern);
    std::unique_lock lock(mutex_);
    if (known_.size() >= kMostKept) known_.clear();
    return known_.try_emplace(std::string(pattern), std::move(made)).first->second;
  }

 private:
  std::shared_mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const RE2>, Hash, std::equal_to<>> known_;
};

/// Behind the character that begins at `at`.
size_t next_character(std::string_view text, size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

/// Does the pattern's item at `p` match the text's character at `t`? Then both are moved behind it.
bool one(std::string_view pattern, size_t& p, std::string_view text, size_t& t) {
  if (p >= pattern.size()) return false;
  if (pattern[p] == '?') {
    ++p;
    t = next_character(text, t);
    return true;
  }
  size_t literal = pattern[p] == '\\' ? p + 1 : p;
  if (pattern[literal] != text[t]) return false;
  p = literal + 1;
  ++t;
  return true;
}

}  // namespace

std::optional<std::string> glob_mistake(std::string_view pattern) {
  if (pattern.size() > kLongestGlob) return "a glob has at most " + std::to_string(kLongestGlob) + " bytes";
  size_t marks = 0;
  while (marks < pattern.size() && pattern[pattern.size() - 1 - marks] == '\\') ++marks;
  if (marks % 2 == 0) return std::nullopt;
  return "nothing stands behind the last `\\`";
}

std::optional<std::string> regex_mistake(std::string_view pattern) {
  if (pattern.size() > kLongestRegex)
    return "a regular expression has at most " + std::to_string(kLongestRegex) + " bytes";
  auto made = compiled(pattern);
  if (made->ok()) return std::nullopt;
  if (made->error_code() == RE2::ErrorPatternTooLarge) return "it is too large when its repetitions are written out";
  std::string at = made->error_arg();
  return made->error().substr(0, made->error().find(':')) + (at.empty() ? "" : ": `" + at + "`");
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  constexpr size_t kNone = std::string_view::npos;
  size_t p = 0, t = 0, star = kNone, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      from = t;
    } else if (!one(pattern, p, text, t)) {
      if (star == kNone) return false;
      from = next_character(text, from);
      p = star;
      t = from;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool regex_matches(std::string_view pattern, std::string_view text) {
  static Kept& kept = *new Kept;  // never destroyed: other threads may still match while the process ends
  auto regex = kept.find(pattern);
  return regex->ok() && RE2::PartialMatch(piece(text), *regex);
}

}  // namespace lictor
