// A lifecycle as a picture and a table. In the picture each state is a layer of its own, in order of its distance from
// the initial one. Each end of an arrow has a row of its own at its state's box, and each arrow a lane of its own at the
// right, so neither texts nor boxes nor lines in one direction can lie on each other; lines only cross.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/doc/entry.h"
#include "cli/doc/html.h"

namespace lictor::cli {
namespace {

constexpr int kRow = 24, kLane = 14, kCharacter = 8, kGap = 18, kPad = 12;  // pixels

struct Arrow {
  size_t from = 0, to = 0;  // states
  std::string label;
  int from_row = 0, to_row = 0;  // of their boxes, from 0
  int from_y = 0, to_y = 0;
};

struct Box {
  std::string name;
  int y = 0, rows = 0;
};

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string label_of(const DocContext& context, const ast::Transition& one) {
  if (!one.event.text.empty()) return one.event.text;
  return "after " + (one.after.empty() ? "" : std::string(context.text(one.after[0].span)));
}

/// State names by their distance from the initial one, then as they are first mentioned.
std::vector<std::string> in_layers(const ast::Lifecycle& lifecycle) {
  std::vector<std::string> out = {lifecycle.initial.text};
  auto reach = [&](const std::string& name) {
    if (std::ranges::find(out, name) == out.end()) out.push_back(name);
  };
  for (size_t i = 0; i < out.size(); ++i) {
    const std::string from = out[i];
    for (const ast::Transition& one : lifecycle.transitions) {
      if (std::ranges::find(one.from, from, &ast::Name::text) != one.from.end()) reach(one.to.text);
    }
  }
  for (const ast::Name& state : lifecycle.states) reach(state.text);
  for (const ast::Name& state : lifecycle.finals) reach(state.text);
  return out;
}

class Picture {
 public:
  Picture(const DocContext& context, const ast::Lifecycle& lifecycle) : lifecycle_(lifecycle) {
    std::map<std::string, size_t> numbers;
    for (const std::string& name : in_layers(lifecycle)) {
      numbers.emplace(name, boxes_.size());
      boxes_.push_back({.name = name});
      widest_ = std::max(widest_, characters(name));
    }
    for (const ast::Transition& one : lifecycle.transitions) {
      for (const ast::Name& from : one.from) {
        arrows_.push_back(
            {.from = numbers.at(from.text), .to = numbers.at(one.to.text), .label = label_of(context, one)});
        longest_ = std::max(longest_, characters(arrows_.back().label));
      }
    }
    place();
  }

  std::string svg() const {
    int right = kPad + width(), lanes = right + 2 * kPad + static_cast<int>(longest_) * kCharacter;
    int whole = lanes + (static_cast<int>(arrows_.size()) + 1) * kLane;
    std::string out = fmt::format(
        "<div class=\"scroll\"><svg class=\"states\" role=\"img\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
        "{1}\">\n",
        whole, height_);
    for (size_t i = 0; i < arrows_.size(); ++i) {
      const Arrow& arrow = arrows_[i];
      out += fmt::format(
          "<path d=\"M{0} {1}H{2}V{3}H{0}\"/><path class=\"head\" d=\"M{0} {3}l9 -4v8z\"/>"
          "<text x=\"{4}\" y=\"{5}\">{6}</text>\n",
          right, arrow.from_y, lanes + static_cast<int>(i) * kLane, arrow.to_y, right + kPad, arrow.from_y - 5,
          html(arrow.label));
    }
    for (const Box& box : boxes_) out += box_svg(box);
    return out + "</svg></div>\n";
  }

 private:
  int width() const { return static_cast<int>(widest_) * kCharacter + 2 * kPad; }

  void place() {
    for (Arrow& arrow : arrows_) arrow.from_row = boxes_[arrow.from].rows++;
    for (Arrow& arrow : arrows_) arrow.to_row = boxes_[arrow.to].rows++;
    int y = kPad;
    for (Box& box : boxes_) {
      box.y = y;
      box.rows = std::max(box.rows, 1);
      y += box.rows * kRow + kGap;
    }
    height_ = y;
    auto row = [&](size_t state, int number) { return boxes_[state].y + number * kRow + kRow / 2 + 4; };
    for (Arrow& arrow : arrows_) {
      arrow.from_y = row(arrow.from, arrow.from_row);
      arrow.to_y = row(arrow.to, arrow.to_row);
    }
  }

  /// The initial state has a thick border, final ones a double one.
  std::string box_svg(const Box& box) const {
    bool initial = box.name == lifecycle_.initial.text;
    bool last = std::ranges::find(lifecycle_.finals, box.name, &ast::Name::text) != lifecycle_.finals.end();
    int high = box.rows * kRow;
    std::string out = fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
                                  initial ? "initial" : "state", kPad, box.y, width(), high);
    if (last) {
      out += fmt::format("<rect class=\"inner\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>", kPad + 3,
                         box.y + 3, width() - 6, high - 6);
    }
    return out + fmt::format("<text class=\"name\" x=\"{}\" y=\"{}\">{}</text>\n", kPad + width() / 2,
                             box.y + high / 2 + 4, html(box.name));
  }

  const ast::Lifecycle& lifecycle_;
  std::vector<Box> boxes_;
  std::vector<Arrow> arrows_;
  size_t widest_ = 4, longest_ = 4;
  int height_ = 0;
};

}  // namespace

std::string lifecycle_body(const DocContext& context, const ast::Lifecycle& lifecycle) {
  std::string out = Picture(context, lifecycle).svg() +
                    "<p class=\"soft\">Thick border: the initial state. Double border: final.</p>\n"
                    "<div class=\"scroll\"><table>\n<tr><th>From</th><th>To</th><th>On</th><th></th></tr>\n";
  for (const ast::Transition& one : lifecycle.transitions) {
    std::string from;
    for (const ast::Name& name : one.from) from += (from.empty() ? "" : ", ") + html(name.text);
    out += fmt::format("<tr><td><code>{}</code></td><td><code>{}</code></td><td><code>{}</code></td><td>{}</td></tr>\n",
                       from, html(one.to.text), html(label_of(context, one)), html_doc(one.doc));
  }
  return out + "</table></div>\n" + source_block(context, lifecycle.head.span);
}

}  // namespace lictor::cli
