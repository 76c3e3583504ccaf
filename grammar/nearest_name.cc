// Suggestions for misspelt names: Damerau-Levenshtein distance (insert, delete, replace, swap neighbours), ASCII case
// ignored at a small price, so that `Maturty` still finds `maturity`.
#include <algorithm>
#include <vector>

#include "grammar/diagnostics.h"

namespace lictor {
namespace {

constexpr size_t kLongestCompared = 64;  // longer names are not compared: their distance would cost more than it tells

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  if (name.empty() || name.size() > kLongestCompared) return "";
  size_t allowed = std::max<size_t>(1, name.size() / 3);
  const std::string* best = nullptr;
  size_t best_distance = allowed + 1;
  for (const std::string& candidate : known) {
    if (candidate == name || candidate.size() > kLongestCompared) continue;
    size_t longer = std::max(candidate.size(), name.size()), shorter = std::min(candidate.size(), name.size());
    if (longer - shorter > allowed) continue;
    size_t found = distance(name, candidate);
    bool nothing_in_common = found >= shorter;
    if (nothing_in_common || found > allowed) continue;
    if (found < best_distance || (found == best_distance && candidate < *best)) {
      best_distance = found;
      best = &candidate;
    }
  }
  return best ? *best : "";
}

}  // namespace lictor
