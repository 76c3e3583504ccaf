// Myers' greedy algorithm: furthest-reaching paths per number of edits, kept to walk back along them.
#include "cli/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace lictor::cli {
namespace {

constexpr int kMostEdits = 2000;  // the walk back keeps one row per edit: 2000 rows are 32 MB at most
constexpr size_t kContext = 3;

using Lines = std::vector<std::string_view>;

/// Lines with their line breaks, so that a missing one at the end shows.
Lines split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Edit {
  char mark;  // ' ', '-', '+'
  std::string_view line;
};

/// The edits between two lists that share neither first nor last line, in order.
class Myers {
 public:
  Myers(const Lines& a, const Lines& b)
      : a_(a), b_(b), n_(static_cast<int>(a.size())), m_(static_cast<int>(b.size())) {}

  std::vector<Edit> run() {
    int most = std::min(n_ + m_, kMostEdits);
    std::vector<int> furthest(static_cast<size_t>(2 * most + 3), 0);
    for (int d = 0; d <= most; ++d) {
      if (step(d, most + 1, furthest)) return walk_back(d);
    }
    return replace_all();
  }

 private:
  /// Extends all paths to d edits; true when one reached the end.
  bool step(int d, int middle, std::vector<int>& furthest) {
    bool done = false;
    std::vector<int> row(static_cast<size_t>(2 * d + 1));
    for (int k = -d; k <= d && !done; k += 2) {
      auto at = [&](int diagonal) -> int& { return furthest[static_cast<size_t>(middle + diagonal)]; };
      int x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < n_ && x - k < m_ && a_[static_cast<size_t>(x)] == b_[static_cast<size_t>(x - k)]) ++x;
      at(k) = x;
      row[static_cast<size_t>(k + d)] = x;
      done = x >= n_ && x - k >= m_;
    }
    rows_.push_back(std::move(row));
    return done;
  }

  std::vector<Edit> walk_back(int d) const {
    std::vector<Edit> edits;
    int x = n_, y = m_;
    for (; d > 0; --d) {
      auto at = [&](int diagonal) { return rows_[static_cast<size_t>(d - 1)][static_cast<size_t>(diagonal + d - 1)]; };
      int k = x - y;
      bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
      int from = down ? at(k + 1) : at(k - 1);
      int begin = down ? from : from + 1;
      while (x > begin) --y, edits.push_back({' ', a_[static_cast<size_t>(--x)]});
      if (down)
        edits.push_back({'+', b_[static_cast<size_t>(--y)]});
      else
        edits.push_back({'-', a_[static_cast<size_t>(--x)]});
    }
    while (x > 0) edits.push_back({' ', a_[static_cast<size_t>(--x)]});
    std::reverse(edits.begin(), edits.end());
    return edits;
  }

  std::vector<Edit> replace_all() const {
    std::vector<Edit> edits;
    for (std::string_view line : a_) edits.push_back({'-', line});
    for (std::string_view line : b_) edits.push_back({'+', line});
    return edits;
  }

  const Lines& a_;
  const Lines& b_;
  int n_;
  int m_;
  std::vector<std::vector<int>> rows_;  // rows_[d][k + d]: how far d edits get on diagonal k
};

std::vector<Edit> edits_between(Lines a, Lines b) {
  size_t head = 0, tail = 0, most = std::min(a.size(), b.size());
  while (head < most && a[head] == b[head]) ++head;
  while (tail < most - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  std::vector<Edit> out;
  for (size_t i = 0; i < head; ++i) out.push_back({' ', a[i]});
  Lines middle_a(a.begin() + static_cast<ptrdiff_t>(head), a.end() - static_cast<ptrdiff_t>(tail));
  Lines middle_b(b.begin() + static_cast<ptrdiff_t>(head), b.end() - static_cast<ptrdiff_t>(tail));
  std::vector<Edit> middle = Myers(middle_a, middle_b).run();
  out.insert(out.end(), middle.begin(), middle.end());
  for (size_t i = a.size() - tail; i < a.size(); ++i) out.push_back({' ', a[i]});
  return out;
}

/// `begin,count` of a hunk's head; an empty range names the line before it.
std::string range(size_t before, size_t count) {
  if (count == 1) return fmt::format("{}", before + 1);
  return fmt::format("{},{}", count == 0 ? before : before + 1, count);
}

std::string hunk(const std::vector<Edit>& edits, size_t begin, size_t end, size_t line_a, size_t line_b) {
  size_t count_a = 0, count_b = 0;
  std::string body;
  for (size_t i = begin; i < end; ++i) {
    if (edits[i].mark != '+') ++count_a;
    if (edits[i].mark != '-') ++count_b;
    body += edits[i].mark;
    body += edits[i].line;
    if (!edits[i].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
  }
  return fmt::format("@@ -{} +{} @@\n{}", range(line_a, count_a), range(line_b, count_b), body);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name) {
  if (before == after) return "";
  std::vector<Edit> edits = edits_between(split(before), split(after));
  std::string out = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
  size_t line_a = 0, line_b = 0, i = 0;
  auto pass = [&](size_t to) {
    for (; i < to; ++i) {
      if (edits[i].mark != '+') ++line_a;
      if (edits[i].mark != '-') ++line_b;
    }
  };
  while (i < edits.size()) {
    size_t first = i;
    while (first < edits.size() && edits[first].mark == ' ') ++first;
    if (first == edits.size()) break;
    size_t last = first, end = first;
    while (end < edits.size() && end - last <= 2 * kContext) {
      if (edits[end].mark != ' ') last = end;
      ++end;
    }
    pass(first - std::min(first - i, kContext));
    size_t stop = std::min(last + 1 + kContext, edits.size());
    out += hunk(edits, i, stop, line_a, line_b);
    pass(stop);
  }
  return out;
}

}  // namespace lictor::cli
