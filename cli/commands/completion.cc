// lictor completion SHELL: a completion script made from the command line itself, so that it knows what the command knows.
//
// The script is a table: for each path of commands ("lictor host audit") its words, and for each option the words its
// value may have. Files are offered where nothing else fits.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command.h"
#include "cli/options.h"

namespace lictor::cli {
namespace {

struct Options {
  std::string shell;
};

struct OptionWords {
  std::vector<std::string> names;    // "-b", "--bundle"
  std::vector<std::string> choices;  // "text", "json"; empty: no fixed words
  std::string about;
  bool takes_value = false;
};

struct CommandWords {
  std::string path;                                           // "lictor host audit"
  std::vector<std::pair<std::string, std::string>> commands;  // name, summary
  std::vector<OptionWords> options;
  std::vector<std::string> arguments;  // fixed words of the first argument
};

std::vector<std::string> choices_of(const std::string& text) {
  std::vector<std::string> out;
  if (text.find('|') == std::string::npos) return out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('|', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

OptionWords words_of(const CLI::Option& option) {
  OptionWords words;
  for (const std::string& name : option.get_snames()) words.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) words.names.push_back("--" + name);
  words.choices = choices_of(option.get_option_text());
  words.about = option.get_description();
  words.takes_value = option.get_expected_max() > 0;
  return words;
}

void collect(const CLI::App& command, const std::string& path, std::vector<CommandWords>& out) {
  CommandWords words;
  words.path = path;
  for (const CLI::Option* option : command.get_options()) {
    if (option->nonpositional())
      words.options.push_back(words_of(*option));
    else if (words.arguments.empty())
      words.arguments = choices_of(option->get_option_text());
  }
  for (const CLI::App* sub : command.get_subcommands({}))
    words.commands.emplace_back(sub->get_name(), sub->get_description());
  out.push_back(words);
  for (const CLI::App* sub : command.get_subcommands({})) collect(*sub, path + " " + sub->get_name(), out);
}

std::vector<std::string> all_words(const CommandWords& command) {
  std::vector<std::string> out;
  for (const auto& [name, summary] : command.commands) out.push_back(name);
  out.insert(out.end(), command.arguments.begin(), command.arguments.end());
  for (const OptionWords& option : command.options) out.insert(out.end(), option.names.begin(), option.names.end());
  return out;
}

std::string bash_script(const std::vector<CommandWords>& commands) {
  std::string words, values, paths;
  for (const CommandWords& command : commands) {
    words += fmt::format("    \"{}\") words=\"{}\" ;;\n", command.path, fmt::join(all_words(command), " "));
    for (const auto& [name, summary] : command.commands)
      paths += fmt::format("{}\"{} {}\"", paths.empty() ? "" : " | ", command.path, name);
    for (const OptionWords& option : command.options) {
      if (!option.takes_value) continue;
      for (const std::string& name : option.names) {
        values += fmt::format("    \"{} {}\") words=\"{}\"; value=1 ;;\n", command.path, name,
                              fmt::join(option.choices, " "));
      }
    }
  }
  return fmt::format(R"(# Completion of lictor for bash: source <(lictor completion bash)
_lictor() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" path="lictor" words="" value="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path ${{COMP_WORDS[i]}}" in
      {2}) path="$path ${{COMP_WORDS[i]}}" ;;
    esac
  done
  case "$path $previous" in
{1}  esac
  if [[ -z "$value" ]]; then
    case "$path" in
{0}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ ${{#COMPREPLY[@]}} -eq 0 && "$current" != -* ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -o filenames -F _lictor lictor
)",
                     words, values, paths);
}

/// For single quotes of zsh and fish.
std::string quoted(std::string_view text, std::string_view quote_escape) {
  std::string out;
  for (char c : text) out += c == '\'' ? std::string(quote_escape) : std::string(1, c);
  return out;
}

/// One line of a zsh `_arguments`: '(-b --bundle)'{-b,--bundle}'[about]:value:_files'.
std::string zsh_option(const OptionWords& option) {
  std::string about;
  for (char c : quoted(option.about, "'\\''"))
    about += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
  std::string value;
  if (option.takes_value)
    value = option.choices.empty() ? ":value:_files" : fmt::format(":value:({})", fmt::join(option.choices, " "));
  if (option.names.size() == 1) return fmt::format(" '{}[{}]{}'", option.names[0], about, value);
  return fmt::format(" '({})'{{{}}}'[{}]{}'", fmt::join(option.names, " "), fmt::join(option.names, ","), about, value);
}

std::string zsh_function(const CommandWords& command) {
  auto name = [](std::string path) {
    for (char& c : path) c = c == ' ' ? '_' : c;
    return "_" + path;
  };
  std::string out = name(command.path) + "() {\n  _arguments -C";
  for (const OptionWords& option : command.options) out += " \\\n   " + zsh_option(option);
  if (command.commands.empty()) {
    std::string last = command.arguments.empty() ? "'*:file:_files'"
                                                 : fmt::format("'1:value:({})'", fmt::join(command.arguments, " "));
    return out + " \\\n    " + last + "\n}\n";
  }
  out +=
      " \\\n    '1:command:->command' '*::argument:->argument'\n  case $state in\n  command)\n    local -a "
      "commands=(\n";
  for (const auto& [word, summary] : command.commands)
    out += fmt::format("      '{}:{}'\n", word, quoted(summary, "'\\''"));
  out += "    )\n    _describe command commands ;;\n  argument)\n    case $words[1] in\n";
  for (const auto& [word, summary] : command.commands)
    out += fmt::format("    {}) {} ;;\n", word, name(command.path + " " + word));
  return out + "    esac ;;\n  esac\n}\n";
}

std::string zsh_script(const std::vector<CommandWords>& commands) {
  std::string out =
      "#compdef lictor\n# Completion of lictor for zsh: lictor completion zsh > \"${fpath[1]}/_lictor\"\n";
  for (const CommandWords& command : commands) out += zsh_function(command);
  return out + "if [[ \"$funcstack[1]\" == _lictor ]]; then _lictor \"$@\"; else compdef _lictor lictor; fi\n";
}

std::string fish_condition(const CommandWords& command) {
  std::string path = command.path.substr(command.path.find(' ') == std::string::npos ? command.path.size() : 7);
  if (path.empty()) return "__fish_use_subcommand";
  std::string out;
  for (size_t begin = 0; begin < path.size();) {
    size_t end = std::min(path.find(' ', begin), path.size());
    out +=
        fmt::format("{}__fish_seen_subcommand_from {}", out.empty() ? "" : "; and ", path.substr(begin, end - begin));
    begin = end + 1;
  }
  if (command.commands.empty()) return out;
  std::string words;
  for (const auto& [name, summary] : command.commands) words += " " + name;
  return out + "; and not __fish_seen_subcommand_from" + words;
}

std::string fish_script(const std::vector<CommandWords>& commands) {
  std::string out = "# Completion of lictor for fish: lictor completion fish | source\n";
  for (const CommandWords& command : commands) {
    std::string head = fmt::format("complete -c lictor -n '{}'", fish_condition(command));
    for (const auto& [name, summary] : command.commands)
      out += fmt::format("{} -f -a {} -d '{}'\n", head, name, quoted(summary, "\\'"));
    if (!command.arguments.empty()) out += fmt::format("{} -f -a '{}'\n", head, fmt::join(command.arguments, " "));
    for (const OptionWords& option : command.options) {
      out += head;
      for (const std::string& name : option.names)
        out += name[1] == '-' ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (option.takes_value)
        out += option.choices.empty() ? " -r" : fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
      out += fmt::format(" -d '{}'\n", quoted(option.about, "\\'"));
    }
  }
  return out;
}

int run_completion(const Options& options, Output& output) {
  Run unused;
  std::vector<CommandWords> commands;
  collect(*make_command_line(unused), "lictor", commands);
  output.data(options.shell == "bash"  ? bash_script(commands)
              : options.shell == "zsh" ? zsh_script(commands)
                                       : fish_script(commands));
  return kExitOk;
}

}  // namespace

void add_completion(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  options->shell = "bash";
  add_choice(command, "SHELL", options->shell, {"bash", "zsh", "fish"}, "which shell")->required();
  set_examples(command,
               "source <(lictor completion bash)\n"
               "lictor completion zsh > \"${fpath[1]}/_lictor\"\n"
               "lictor completion fish > ~/.config/fish/completions/lictor.fish");
  on_chosen<Options>(command, run, options, run_completion);
}

}  // namespace lictor::cli
