// The command line as a whole: all commands from commands.def, help pages, mistakes, and the fence that no exception
// of a library crosses.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <new>

#include "cli/command.h"
#include "grammar/diagnostics.h"

namespace lictor::cli {
namespace {

constexpr size_t kNameColumn = 30;  // where descriptions begin in help pages

/// One line of a help page: `  -d, --decision NAME       the decision to make`.
std::string help_line(const std::string& name, const std::string& description) {
  if (name.size() + 3 > kNameColumn) return fmt::format("  {}\n{:{}}{}\n", name, "", kNameColumn, description);
  return fmt::format("  {:{}}{}\n", name, kNameColumn - 2, description);
}

std::string option_help(const CLI::Option& option) {
  bool positional = option.get_positional();
  std::string name = positional ? option.get_name(true, false) : option.get_name(false, true);
  size_t comma = name.find(',');
  if (comma != std::string::npos) name.insert(comma + 1, " ");
  if (!positional && !option.get_option_text().empty()) name += " " + option.get_option_text();
  return help_line(name, option.get_description());
}

/// Help pages in the form people know: summary, usage, arguments, options, commands, examples.
class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    std::string out = app->get_description() + "\n\n" + usage(*app);
    out += section("Arguments", *app, [](const CLI::Option* option) { return option->get_positional(); });
    out += commands(*app);
    out += section("Options", *app, [](const CLI::Option* option) { return option->nonpositional(); });
    if (!app->get_footer().empty()) out += "\n" + app->get_footer() + "\n";
    return out;
  }

 private:
  static std::string full_name(const CLI::App& app) {
    return app.get_parent() ? full_name(*app.get_parent()) + " " + app.get_name() : app.get_name();
  }

  static std::string usage(const CLI::App& app) {
    std::string out = "Usage: " + full_name(app);
    if (!app.get_subcommands({}).empty()) return out + " COMMAND [options]\n";
    for (const CLI::Option* option : app.get_options()) {
      if (option->nonpositional() && option->get_required()) {
        out += fmt::format(
            " {} {}", option->get_snames().empty() ? "--" + option->get_lnames()[0] : "-" + option->get_snames()[0],
            option->get_option_text());
      }
    }
    out += " [options]";
    for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->get_positional(); })) {
      std::string name = option->get_name(true, false);
      if (option->get_expected_max() > 1) name += "...";
      out += option->get_required() ? " " + name : " [" + name + "]";
    }
    return out + "\n";
  }

  template <class Filter>
  static std::string section(const char* title, const CLI::App& app, Filter filter) {
    std::string lines;
    for (const CLI::Option* option : app.get_options(filter)) lines += option_help(*option);
    return lines.empty() ? "" : fmt::format("\n{}:\n{}", title, lines);
  }

  static std::string commands(const CLI::App& app) {
    std::string lines;
    for (const CLI::App* command : app.get_subcommands({}))
      lines += help_line(command->get_name(), command->get_description());
    return lines.empty() ? "" : "\nCommands:\n" + lines;
  }
};

/// The command that was being parsed when the mistake was found, and its parents.
const CLI::App* deepest_command(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() ? full_name(*app.get_parent()) + " " + app.get_name() : app.get_name();
}

/// "did you mean `eval`?" when a word that no command bears is close to one that some command does.
std::string suggestion(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const std::string& word : words) {
    std::string name = nearest_name(word.substr(0, word.find('=')), names);
    if (!name.empty()) return fmt::format("; did you mean `{}`?", name);
  }
  return "";
}

int usage_mistake(const CLI::App& app, const std::string& what, Output& output) {
  const CLI::App* command = deepest_command(&app);
  std::string text = printable(what);
  if (!command->remaining().empty()) text += suggestion(*command, command->remaining());
  output.message(
      fmt::format("{} {}\nTry `{} --help`.\n", output.paint_message(Tone::kBad, "lictor:"), text, full_name(*command)));
  return kExitUsage;
}

/// "`--from x` is not a number": the option whose value could not be read.
std::string not_a_number(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->empty() || option->get_type_name().empty() || option->get_type_name() == "TEXT") continue;
    const std::string& value = option->results().back();
    char* end = nullptr;
    std::strtod(value.c_str(), &end);
    if (!value.empty() && *end == '\0') continue;
    return fmt::format("`{} {}` is not a number", option->get_name(), value.substr(0, 200));
  }
  return "";
}

/// CLI11 speaks in capitals and whole sentences; ours are lower case. Its kinds of mistakes are told apart by their exit
/// codes: their names are sometimes those of commands.
std::string reworded(const CLI::ParseError& error, const CLI::App& app) {
  const CLI::App& command = *deepest_command(&app);
  std::vector<std::string> extra = command.remaining();
  auto is = [&](CLI::ExitCodes code) { return error.get_exit_code() == static_cast<int>(code); };
  // A misspelt word often makes something else missing; the word is what to mend.
  if (!extra.empty() && (is(CLI::ExitCodes::ExtrasError) || is(CLI::ExitCodes::RequiredError))) {
    bool is_command = extra[0].rfind('-', 0) != 0 && !command.get_subcommands({}).empty();
    std::string_view kind = extra[0].rfind('-', 0) == 0 ? "option" : is_command ? "command" : "argument";
    return fmt::format("unknown {} `{}`", kind, extra[0].substr(0, 200));
  }
  std::string text = error.what();
  if (is(CLI::ExitCodes::RequiredError)) {
    constexpr std::string_view kTail = " is required";
    if (text == "A subcommand is required") return "a command is missing";
    if (text.ends_with(kTail)) return fmt::format("`{}` is missing", text.substr(0, text.size() - kTail.size()));
  }
  if (is(CLI::ExitCodes::ConversionError)) {
    if (std::string better = not_a_number(command); !better.empty()) return better;
  }
  return text.substr(0, 500);
}

int parse_and_run(int argc, const char* const* argv, Output& output) {
  Run run;
  std::unique_ptr<CLI::App> app = make_command_line(run);
  if (argc <= 1) {
    output.message(app->help());
    return kExitUsage;
  }
  try {
    app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    output.data(deepest_command(app.get())->help());
    return kExitOk;
  } catch (const CLI::CallForVersion&) {
    output.data(app->version() + "\n");
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    return usage_mistake(*app, reworded(error, *app), output);
  }
  return run(output);
}

int internal_error(std::string_view what, Output& output) {
  output.message(fmt::format("{} internal error: {}\n", output.paint_message(Tone::kBad, "lictor:"), printable(what)));
  return kExitInternal;
}

}  // namespace

void set_examples(CLI::App& command, const std::string& examples) {
  std::string out = "Examples:";
  for (size_t begin = 0; begin < examples.size();) {
    size_t end = std::min(examples.find('\n', begin), examples.size());
    out += "\n  " + examples.substr(begin, end - begin);
    begin = end + 1;
  }
  command.footer(out);
}

std::unique_ptr<CLI::App> make_command_line(Run& run) {
  auto app = std::make_unique<CLI::App>(
      "Lictor decides: it checks, tests and runs policies, and explains each decision.", "lictor");
  app->formatter(std::make_shared<HelpFormatter>());
  app->set_help_flag("-h,--help", "show this page");
  app->set_version_flag("--version", "lictor " LICTOR_VERSION, "show the version");
  app->require_subcommand(1);
  set_examples(*app,
               "lictor init demo && cd demo\n"
               "lictor check .\n"
               "lictor eval -b . -d access -r request.json --explain");
#define LICTOR_COMMAND(id, name, summary) add_##id(*app->add_subcommand(name, summary), run);
#include "cli/commands.def"
#undef LICTOR_COMMAND
  return app;
}

int run_command_line(int argc, const char* const* argv, Output& output) {
  try {
    return parse_and_run(argc, argv, output);
  } catch (const std::bad_alloc&) {
    return internal_error("out of memory", output);
  } catch (const std::exception& error) {
    return internal_error(error.what(), output);
  } catch (...) {
    return internal_error("an unknown exception", output);
  }
}

}  // namespace lictor::cli
