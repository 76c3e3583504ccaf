#include "tests/cli/command.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace lictor::test {
namespace fs = std::filesystem;

const std::string_view kDoors = R"(/// Who may enter where.
module doors

enum Rank { guest < staff < chief }
entity Person { rank: Rank, badge: string? }
entity Door { alarmed: bool = false }

obligation log(text: string)
requirement escort_by(rank: Rank)

relation opens(door: Door, rank: Rank) key(door) {
  ("front", guest)  ("office", staff)  ("vault", chief)
}

/// Doors that a rank opens, by rules.
may_open(rank, door) :- opens(door, least), rank = Rank.chief, rank >= least.

request Entry { who: Person, door: Door, tries: int 0..1_000 = 0 }

decision enter(r: Entry) {
  default deny "nothing opens {r.door} for {r.who}"

  allow rank: "a {r.who.rank} opens {r.door}"
    if opens(r.door, least), r.who.rank >= least
    then log(text: "{r.who} enters").
  deny alarmed: "{r.door} is alarmed"
    if r.door.alarmed, r.who.rank < chief.
  require escort: "more than three tries" escort_by(rank: chief)
    if r.tries > 3.
}
)";

namespace {

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(int which) {
    if (ends[which] >= 0) ::close(ends[which]);
    ends[which] = -1;
  }
};

std::vector<std::string> environment(const fs::path& folder, const RunOptions& options) {
  std::map<std::string, std::string> all = {
      {"PATH", "/usr/bin:/bin"}, {"HOME", folder.string()}, {"TERM", "xterm"}, {"LC_ALL", "C.UTF-8"}};
  for (const auto& [name, value] : options.env) all[name] = value;
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  std::vector<std::string> out;
  for (const auto& [name, value] : all) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void become(const std::vector<std::string>& words, const fs::path& folder,
                         const std::vector<std::string>& env) {
  if (chdir(folder.c_str()) != 0) _exit(126);
  execve(words[0].c_str(), pointers(words).data(), pointers(env).data());
  _exit(127);
}

/// Feeds stdin and gathers both outputs until they end or time is up. False: time is up.
bool exchange(int in, int out, int err, const RunOptions& options, Ran& ran) {
  auto end = std::chrono::steady_clock::now() + options.limit;
  std::string_view left = options.input;
  fcntl(in, F_SETFL, O_NONBLOCK);
  bool out_open = true, err_open = err >= 0, in_open = true;
  auto drain = [](int fd, std::string& into, bool& open) {
    char buffer[65536];
    ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n > 0)
      into.append(buffer, static_cast<size_t>(n));
    else
      open = false;
  };
  while (out_open || err_open) {
    auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (rest.count() <= 0) return false;
    if (in_open && left.empty()) {
      ::close(in);
      in_open = false;
    }
    pollfd fds[3] = {
        {out_open ? out : -1, POLLIN, 0}, {err_open ? err : -1, POLLIN, 0}, {in_open ? in : -1, POLLOUT, 0}};
    poll(fds, 3, static_cast<int>(rest.count()));
    if (fds[0].revents) drain(out, ran.out, out_open);
    if (fds[1].revents) drain(err, ran.err, err_open);
    if (fds[2].revents) {
      ssize_t n = ::write(in, left.data(), left.size());
      if (n > 0)
        left.remove_prefix(static_cast<size_t>(n));
      else
        left = {};
    }
  }
  if (in_open) ::close(in);
  return true;
}

void finish(pid_t child, bool in_time, Ran& ran) {
  if (!in_time) kill(child, SIGKILL);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  ran.peak_kilobytes = usage.ru_maxrss;
  ran.code = !in_time ? 124 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Ran run_program(const std::vector<std::string>& words, const fs::path& folder, const RunOptions& options) {
  signal(SIGPIPE, SIG_IGN);
  Ran ran;
  Pipe in, out, err;
  std::vector<std::string> env = environment(folder, options);
  int terminal = -1, inner = -1;
  if (options.terminal && openpty(&terminal, &inner, nullptr, nullptr, nullptr) != 0) return ran;
  auto begin = std::chrono::steady_clock::now();
  pid_t child = fork();
  if (child == 0) {
    dup2(in.ends[0], 0);
    dup2(options.terminal ? inner : out.ends[1], 1);
    dup2(options.terminal ? inner : err.ends[1], 2);
    become(words, folder, env);
  }
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  if (inner >= 0) ::close(inner);
  int input = in.ends[1];
  in.ends[1] = -1;
  bool in_time = options.terminal ? exchange(input, terminal, -1, options, ran)
                                  : exchange(input, out.ends[0], err.ends[0], options, ran);
  finish(child, in_time, ran);
  if (terminal >= 0) ::close(terminal);
  ran.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return ran;
}

CommandTest::CommandTest() {
  std::string pattern = (fs::temp_directory_path() / "lictor-test-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
}

CommandTest::~CommandTest() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Ran CommandTest::lictor(const std::vector<std::string>& args, const RunOptions& options) const {
  std::vector<std::string> words = {LICTOR_COMMAND};
  words.insert(words.end(), args.begin(), args.end());
  return run_program(words, folder_, options);
}

void CommandTest::write(const std::string& path, std::string_view text) const {
  fs::path whole = folder_ / path;
  fs::create_directories(whole.parent_path());
  std::ofstream(whole, std::ios::binary) << text;
}

std::string CommandTest::read(const std::string& path) const {
  std::ifstream file(folder_ / path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

nlohmann::json parse_json(const std::string& text) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_discarded()) return json;
  ADD_FAILURE() << "not JSON: " << text.substr(0, 2000);
  return nullptr;
}

std::vector<std::string> codes_of(const std::string& diagnostics) {
  std::vector<std::string> codes;
  nlohmann::json json = parse_json(diagnostics);
  for (const auto& one : json) codes.push_back(one.value("code", "?"));
  return codes;
}

}  // namespace lictor::test
