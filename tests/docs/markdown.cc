#include "tests/docs/markdown.h"

#include <cstddef>

namespace lictor::docs {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim(std::string_view text) {
  size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The run of fence characters that a line opens with, indented by at most three blanks; empty if it is no fence.
std::string_view fence_of(std::string_view line) {
  size_t start = line.find_first_not_of(' ');
  if (start == std::string_view::npos || start > 3 || (line[start] != '`' && line[start] != '~')) return {};
  size_t end = line.find_first_not_of(line[start], start);
  std::string_view fence = line.substr(start, end == std::string_view::npos ? end : end - start);
  return fence.size() >= 3 ? fence : std::string_view{};
}

bool closes(std::string_view line, std::string_view fence) {
  std::string_view other = fence_of(line);
  return other.size() >= fence.size() && other[0] == fence[0] && trim(line) == other;
}

bool line_matches(std::string_view pattern, std::string_view line) {
  size_t gap = pattern.find("...");
  if (gap == std::string_view::npos) return pattern == line;
  if (line.substr(0, gap) != pattern.substr(0, gap)) return false;
  for (size_t at = gap; at <= line.size(); ++at) {
    if (line_matches(pattern.substr(gap + 3), line.substr(at))) return true;
  }
  return false;
}

bool lines_match(const std::vector<std::string>& expected, size_t e, const std::vector<std::string>& actual, size_t a) {
  if (e == expected.size()) return a == actual.size();
  if (expected[e] == "...") {
    for (size_t at = a; at <= actual.size(); ++at) {
      if (lines_match(expected, e + 1, actual, at)) return true;
    }
    return false;
  }
  return a < actual.size() && line_matches(expected[e], actual[a]) && lines_match(expected, e + 1, actual, a + 1);
}

std::vector<std::string> tidy(std::vector<std::string> lines) {
  for (std::string& line : lines) line.erase(line.find_last_not_of(kBlanks) + 1);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

std::vector<Block> fenced_blocks(std::string_view markdown) {
  std::vector<Block> blocks;
  std::string fence;  // of the block that is open; empty outside
  int number = 0;
  for (const std::string& line : split_lines(markdown)) {
    ++number;
    if (!fence.empty()) {
      if (closes(line, fence)) {
        fence.clear();
      } else {
        blocks.back().text += line + "\n";
      }
      continue;
    }
    fence = fence_of(line);
    if (fence.empty()) continue;
    std::string_view info = trim(std::string_view(line).substr(line.find(fence) + fence.size()));
    size_t blank = info.find(' ');
    Block block{.language = std::string(info.substr(0, blank)), .attribute = {}, .text = {}, .line = number};
    if (blank != std::string_view::npos) block.attribute = trim(info.substr(blank));
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::vector<Command> console_commands(std::string_view block) {
  std::vector<Command> commands;
  bool continued = false;
  int number = 0;
  for (const std::string& line : split_lines(block)) {
    ++number;
    if (continued) {
      commands.back().text += line;
    } else if (line.starts_with("$ ")) {
      commands.push_back({.text = line.substr(2), .expected = {}, .line = number});
    } else if (!commands.empty()) {
      commands.back().expected.push_back(line);
      continue;
    } else {
      continue;  // text before the first command
    }
    continued = commands.back().text.ends_with('\\');
    if (continued) commands.back().text.pop_back();
  }
  return commands;
}

bool output_matches(const std::vector<std::string>& expected, const std::vector<std::string>& actual) {
  return lines_match(tidy(expected), 0, tidy(actual), 0);
}

}  // namespace lictor::docs
