#include "cli/doc/html.h"

#include <fmt/format.h>

#include <vector>

#include "cli/doc/style.h"
#include "cli/output.h"

namespace lictor::cli {
namespace {

void escape(std::string_view text, std::string& out) {
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// Back-quotes make code; one alone is a character.
std::string inline_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    size_t open = text.find('`');
    size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) break;
    out += html(text.substr(0, open)) + "<code>" + html(text.substr(open + 1, close - open - 1)) + "</code>";
    text.remove_prefix(close + 1);
  }
  return out + html(text);
}

}  // namespace

std::string html(std::string_view text) {
  std::string out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find_first_of("\n\t", begin), text.size());
    escape(printable(text.substr(begin, end - begin)), out);
    if (end < text.size()) out += text[end];
    begin = end + 1;
  }
  return out;
}

std::string html_doc(std::string_view doc) {
  std::string out, paragraph, items;
  auto flush = [&] {
    if (!paragraph.empty()) out += "<p>" + inline_text(paragraph) + "</p>\n";
    if (!items.empty()) out += "<ul>\n" + items + "</ul>\n";
    paragraph.clear();
    items.clear();
  };
  std::string item;
  auto end_item = [&] {
    if (!item.empty()) items += "<li>" + inline_text(item) + "</li>\n";
    item.clear();
  };
  for (std::string_view line : lines_of(doc)) {
    line = trimmed(line);
    if (line.starts_with("- ")) {
      if (item.empty() && items.empty()) flush();
      end_item();
      item = trimmed(line.substr(2));
    } else if (line.empty()) {
      end_item();
      flush();
    } else {
      std::string& into = item.empty() ? paragraph : item;
      into += (into.empty() ? "" : " ") + std::string(line);
    }
  }
  end_item();
  flush();
  return out;
}

std::string html_summary(std::string_view doc) {
  std::string first;
  for (std::string_view line : lines_of(doc)) {
    line = trimmed(line);
    if (line.empty() && !first.empty()) break;
    first += (first.empty() ? "" : " ") + std::string(line);
  }
  size_t end = first.find(". ");
  if (end != std::string::npos) first.resize(end + 1);
  return inline_text(first);
}

std::string html_page(std::string_view title, std::string_view up, std::string_view bundle, std::string_view trail,
                      std::string_view body) {
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="lictor {}">
<title>{}</title>
<style>
{}</style>
</head>
<body>
<header><nav><a href="{}index.html">{}</a>{}</nav></header>
<main>
{}</main>
</body>
</html>
)",
                     LICTOR_VERSION, html(title), kDocStyle, up, html(bundle), trail, body);
}

}  // namespace lictor::cli
