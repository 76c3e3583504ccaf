// Layout runs over an explicit stack of (indent, broken or flat, document), so documents may be as deep as they like.
#include "grammar/format_doc.h"

#include <algorithm>

namespace lictor {

uint32_t columns(std::string_view text) {
  auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<uint32_t>(std::count_if(text.begin(), text.end(), starts));
}

DocArena::Id DocArena::add(Node node) {
  nodes_.push_back(node);
  return static_cast<Id>(nodes_.size() - 1);
}

DocArena::Id DocArena::text(std::string_view text) {
  return add({.kind = Kind::kText, .width = columns(text), .text = text});
}
DocArena::Id DocArena::must_break() { return add({.kind = Kind::kText, .breaks = true}); }
DocArena::Id DocArena::raw(std::string_view text) { return add({.kind = Kind::kRaw, .breaks = true, .text = text}); }
DocArena::Id DocArena::line(std::string_view flat) {
  return add({.kind = Kind::kLine, .width = columns(flat), .text = flat});
}
DocArena::Id DocArena::hard_line(bool blank_above) {
  return add({.kind = Kind::kHardLine, .breaks = true, .blank = blank_above});
}
DocArena::Id DocArena::behind(std::string_view comment) { return add({.kind = Kind::kBehind, .text = comment}); }
DocArena::Id DocArena::own_line(std::string_view comment, bool blank_above) {
  return add({.kind = Kind::kOwnLine, .breaks = true, .blank = blank_above, .text = comment});
}
DocArena::Id DocArena::after_comment(bool blank_above) {
  return add({.kind = Kind::kAfterComment, .breaks = true, .blank = blank_above});
}
DocArena::Id DocArena::nest(int indent, Id inside) {
  return add({.kind = Kind::kNest, .breaks = nodes_[inside].breaks, .indent = indent, .first = inside});
}
DocArena::Id DocArena::group(Id inside) {
  return add({.kind = Kind::kGroup, .breaks = nodes_[inside].breaks, .first = inside});
}
DocArena::Id DocArena::concat(std::vector<Id> parts) {
  Node node{.kind = Kind::kConcat,
            .first = static_cast<uint32_t>(parts_.size()),
            .count = static_cast<uint32_t>(parts.size())};
  for (Id part : parts) node.breaks = node.breaks || nodes_[part].breaks;
  parts_.insert(parts_.end(), parts.begin(), parts.end());
  return add(node);
}

class DocLayout {
 public:
  DocLayout(const DocArena& arena, uint32_t width) : arena_(arena), width_(width) {}

  std::string run(DocArena::Id doc) {
    todo_.push_back({0, true, doc});
    while (!todo_.empty()) {
      Command command = todo_.back();
      todo_.pop_back();
      step(command);
    }
    flush_comments();
    return std::move(out_);
  }

 private:
  using Kind = DocArena::Kind;
  struct Command {
    int indent;
    bool broken;
    DocArena::Id doc;
  };

  void step(Command command) {
    const DocArena::Node& node = arena_.nodes_[command.doc];
    switch (node.kind) {
      case Kind::kText:
        write(node.text, node.width, command.indent);
        break;
      case Kind::kRaw:
        write(node.text, 0, command.indent);
        break;
      case Kind::kLine:
        if (command.broken) {
          new_line(false);
        } else {
          spaces_ += node.width;
        }
        break;
      case Kind::kHardLine:
        new_line(node.blank);
        break;
      case Kind::kBehind:
        comments_.push_back(node.text);
        break;
      case Kind::kOwnLine:
        if (!fresh_ || node.blank) new_line(node.blank);
        write(node.text, columns(node.text), command.indent);
        must_break_ = true;
        break;
      case Kind::kAfterComment:
        if (must_break_ || !comments_.empty()) new_line(node.blank);
        break;
      case Kind::kNest:
        todo_.push_back({command.indent + node.indent, command.broken, node.first});
        break;
      case Kind::kGroup: {
        bool broken = command.broken && (node.breaks || !fits({command.indent, false, node.first}));
        todo_.push_back({command.indent, broken, node.first});
        break;
      }
      case Kind::kConcat:
        for (uint32_t i = node.count; i > 0; --i) {
          todo_.push_back({command.indent, command.broken, arena_.parts_[node.first + i - 1]});
        }
        break;
    }
  }

  /// Whether `next` on one line, and what follows up to the next line break, ends before the width.
  bool fits(Command next) {
    int64_t room = static_cast<int64_t>(width_) - (fresh_ ? next.indent : column_) - spaces_;
    std::vector<Command>& probe = probe_;
    probe.assign(1, next);
    size_t rest = todo_.size();
    while (room >= 0) {
      if (probe.empty()) {
        if (rest == 0) return true;
        probe.push_back(todo_[--rest]);
      }
      Command command = probe.back();
      probe.pop_back();
      const DocArena::Node& node = arena_.nodes_[command.doc];
      switch (node.kind) {
        case Kind::kText:
          room -= node.width;
          break;
        case Kind::kRaw:
          return true;
        case Kind::kLine:
          if (command.broken) return true;
          room -= node.width;
          break;
        case Kind::kHardLine:
        case Kind::kOwnLine:
        case Kind::kAfterComment:
          return true;
        case Kind::kBehind:
          break;
        case Kind::kNest:
          probe.push_back({command.indent, command.broken, node.first});
          break;
        case Kind::kGroup:
          probe.push_back({command.indent, command.broken, node.first});
          break;
        case Kind::kConcat:
          for (uint32_t i = node.count; i > 0; --i) {
            probe.push_back({command.indent, command.broken, arena_.parts_[node.first + i - 1]});
          }
          break;
      }
    }
    return false;
  }

  void write(std::string_view text, uint32_t width, int indent) {
    if (text.empty()) return;
    if (text == " ") {
      spaces_ += fresh_ || must_break_ ? 0 : 1;
      return;
    }
    if (must_break_) new_line(false);
    if (fresh_) {
      out_.append(static_cast<size_t>(indent), ' ');
      column_ = static_cast<uint32_t>(indent);
    } else {
      out_.append(spaces_, ' ');
      column_ += spaces_;
    }
    spaces_ = 0;
    fresh_ = false;
    out_ += text;
    column_ += width;
  }

  void flush_comments() {
    for (std::string_view comment : comments_) {
      if (!fresh_) out_ += "  ";
      out_ += comment;
      fresh_ = false;
    }
    comments_.clear();
  }

  void new_line(bool blank) {
    flush_comments();
    must_break_ = false;
    spaces_ = 0;
    if (!fresh_) out_ += '\n';
    if (blank && !out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
    fresh_ = true;
    column_ = 0;
  }

  const DocArena& arena_;
  uint32_t width_;
  std::vector<Command> todo_, probe_;
  std::string out_;
  std::vector<std::string_view> comments_;  // waiting for the end of the line
  uint32_t column_ = 0;
  uint32_t spaces_ = 0;      // blanks that are written only if something follows on the line
  bool fresh_ = true;        // nothing on this line yet
  bool must_break_ = false;  // the line ends in a comment
};

std::string DocArena::layout(Id doc, uint32_t width) const { return DocLayout(*this, width).run(doc); }

std::string DocArena::flat(Id doc, bool& ok) const {
  ok = !nodes_[doc].breaks;
  if (!ok) return "";
  std::string out;
  std::vector<Id> todo{doc};
  while (!todo.empty()) {
    const Node& node = nodes_[todo.back()];
    todo.pop_back();
    if (node.kind == Kind::kText || node.kind == Kind::kLine) out += node.text;
    if (node.kind == Kind::kNest || node.kind == Kind::kGroup) todo.push_back(node.first);
    for (uint32_t i = node.kind == Kind::kConcat ? node.count : 0; i > 0; --i)
      todo.push_back(parts_[node.first + i - 1]);
  }
  return out;
}

}  // namespace lictor
