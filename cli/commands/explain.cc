// lictor explain CODE: the page of a diagnostic.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "cli/command.h"
#include "cli/pages.h"
#include "grammar/diagnostics.h"

namespace lictor::cli {
namespace {

struct Options {
  std::string code;
};

/// Headings bold, code blocks coloured; all other Markdown reads well as it is.
std::string styled(std::string_view page, const Output& output) {
  std::string out;
  bool in_code = false;
  for (size_t begin = 0; begin < page.size();) {
    size_t end = std::min(page.find('\n', begin), page.size());
    std::string_view line = page.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with("```")) {
      in_code = !in_code;
    } else if (in_code) {
      out += "    " + output.paint(Tone::kAccent, line) + "\n";
    } else if (line.starts_with("#")) {
      line.remove_prefix(line.find_first_not_of("# "));
      out += output.paint(Tone::kBold, line) + "\n";
    } else {
      out += std::string(line) + "\n";
    }
  }
  return out;
}

int run_explain(const Options& options, Output& output) {
  std::string code = options.code;
  std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return std::toupper(c); });
  std::vector<std::string> codes;
  for (const Page& page : diagnostic_pages()) {
    if (page.code == code) {
      output.data(styled(page.text, output));
      return kExitOk;
    }
    codes.emplace_back(page.code);
  }
  std::string near = nearest_name(code, codes);
  output.message(fmt::format("{} there is no diagnostic `{}`{}\n", output.paint_message(Tone::kBad, "lictor:"),
                             printable(options.code.substr(0, 200)),
                             near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
  return kExitUsage;
}

}  // namespace

void add_explain(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  command.add_option("CODE", options->code, "as diagnostics end with it: E0201")->required();
  set_examples(command, "lictor explain E0201");
  on_chosen<Options>(command, run, options, run_explain);
}

}  // namespace lictor::cli
