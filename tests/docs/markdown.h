// The fenced code blocks of a Markdown file, and the commands that its console blocks show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lictor::docs {

struct Block {
  std::string language;   // first word after the fence: "lictor", "console", "cpp"; empty without one
  std::string attribute;  // what follows it: "fragment"
  std::string text;       // lines between the fences, each with its newline
  int line = 0;           // 1-based, of the opening fence
};

/// All blocks fenced by three or more backticks or tildes, in order. A block that is never closed ends with the file.
std::vector<Block> fenced_blocks(std::string_view markdown);

struct Command {
  std::string text;                   // after "$ ", with continued lines joined
  std::vector<std::string> expected;  // the lines that follow, up to the next "$ "
  int line = 0;                       // 1-based, in the block
};

/// The commands of a console block. A command ending in a backslash goes on in the next line.
std::vector<Command> console_commands(std::string_view block);

/// Whether the output's lines are the expected ones. A line "..." stands for any number of lines, "..." inside a line
/// for any text; trailing blanks and empty lines at the end do not matter.
bool output_matches(const std::vector<std::string>& expected, const std::vector<std::string>& actual);

/// The text's lines without their newlines.
std::vector<std::string> split_lines(std::string_view text);

}  // namespace lictor::docs
