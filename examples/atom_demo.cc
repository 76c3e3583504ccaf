// Decides a file of requests against the ATOM pack, says what came out and how fast, explains one denial, keeps every
// decision in a hash-chained audit, verifies the chain, and shows that a forged copy is found out.
//
// usage: example_atom_demo BUNDLE REQUESTS.jsonl AUDIT
#include <unistd.h>

#include <langinfo.h>
#include <algorithm>
#include <chrono>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "lictor/audit.h"
#include "lictor/lictor.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kParamSet = "production";
constexpr int kRepeat = 64;  // calls per measurement: one call is shorter than reading the clock
constexpr int kRounds = 20;

// ---- Output: 78 columns, colours on a terminal only -----------------------------------------------------------------

class Screen {
 public:
  Screen() {
    const char* no_color = std::getenv("NO_COLOR");
    color_ = isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
    std::setlocale(LC_CTYPE, "");
    utf8_ = std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  }
  std::string bold(const std::string& text) const { return paint("1", text); }
  std::string dim(const std::string& text) const { return paint("2", text); }
  std::string good(const std::string& text) const { return paint("32", text); }
  std::string bad(const std::string& text) const { return paint("31", text); }
  std::string outcome(lictor::Outcome outcome, const std::string& text) const {
    return outcome == lictor::Outcome::kAllow  ? good(text)
           : outcome == lictor::Outcome::kDeny ? bad(text)
                                               : paint("33", text);
  }
  std::string bar(double share, int width) const {
    std::string text;
    for (int i = 0; i < static_cast<int>(share * width + 0.5); ++i) text += utf8_ ? "\u2588" : "#";
    return text;
  }
  void title(const std::string& text) const {
    std::string rule;
    for (size_t i = text.size() + 1; i < 74; ++i) rule += utf8_ ? "\u2500" : "-";
    std::printf("\n  %s %s\n", bold(text).c_str(), dim(rule).c_str());
  }

 private:
  std::string paint(const char* code, const std::string& text) const {
    return color_ ? std::string("\033[") + code + "m" + text + "\033[0m" : text;
  }
  bool color_ = false, utf8_ = false;
};

const Screen& screen() {
  static const Screen one;
  return one;
}

/// 1234567 as "1,234,567".
std::string grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string pad(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string cut(const std::string& text, size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

/// Prints `text` at `indent`, broken at blanks and commas to stay within 78 columns.
void wrapped(const std::string& text, size_t indent) {
  const size_t width = 78 - indent;
  std::string rest = text;
  while (!rest.empty()) {
    size_t end = rest.size();
    if (end > width) {
      end = rest.find_last_of(" ,", width - 1);
      end = end == std::string::npos || end < width / 2 ? width : end + 1;
    }
    std::printf("%*s%s\n", static_cast<int>(indent), "", rest.substr(0, end).c_str());
    rest.erase(0, end);
  }
}

[[noreturn]] void die(const lictor::Error& error) {
  std::fprintf(stderr, "%s\n", lictor::to_text(error).c_str());
  std::exit(3);
}

template <class T>
T need(lictor::Result<T> result) {
  if (!result) die(result.error());
  return std::move(*result);
}

// ---- The work -------------------------------------------------------------------------------------------------------

struct Decided {
  lictor::Request request;
  lictor::Verdict verdict;
};

std::vector<lictor::Request> bind_all(const lictor::DecisionPoint& point, const std::string& path) {
  std::ifstream in(path);
  if (!in) die({lictor::ErrorKind::kUnreadable, "`" + path + "` cannot be read", {}});
  std::vector<lictor::Request> requests;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) requests.push_back(need(point.bind(line)));
  }
  if (requests.empty()) die({lictor::ErrorKind::kInvalid, "`" + path + "` holds no requests", {}});
  return requests;
}

struct Times {
  double p50 = 0, p99 = 0;
};

Times measure(const lictor::DecisionPoint& point, std::vector<Decided>& decided) {
  std::vector<double> nanoseconds;
  nanoseconds.reserve(decided.size() * kRounds);
  for (int round = 0; round < kRounds; ++round) {
    for (Decided& one : decided) {
      auto start = Clock::now();
      for (int i = 0; i < kRepeat; ++i) {
        if (point.decide(one.request).outcome != one.verdict.outcome()) {
          die({lictor::ErrorKind::kInternal, "the brief and the full answer differ for " + one.request.json(), {}});
        }
      }
      double each = std::chrono::duration<double, std::nano>(Clock::now() - start).count() / kRepeat;
      nanoseconds.push_back(each);
    }
  }
  std::sort(nanoseconds.begin(), nanoseconds.end());
  return {nanoseconds[nanoseconds.size() * 50 / 100], nanoseconds[nanoseconds.size() * 99 / 100]};
}

template <class Key>
std::vector<std::pair<Key, int>> most_frequent(const std::map<Key, int>& counts) {
  std::vector<std::pair<Key, int>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

void show_outcomes(const std::vector<Decided>& decided) {
  std::map<lictor::Outcome, int> outcomes;
  std::map<std::pair<lictor::Outcome, std::string>, int> clauses;
  std::map<std::string, int> reasons;
  int noted = 0;
  for (const Decided& one : decided) {
    ++outcomes[one.verdict.outcome()];
    ++clauses[{one.verdict.outcome(), one.verdict.clause()}];
    if (!one.verdict.allowed()) ++reasons[one.verdict.reason()];
    noted += !one.verdict.notes().empty();
  }
  screen().title("Decisions");
  for (const auto& [outcome, count] : outcomes) {
    double share = count / static_cast<double>(decided.size());
    std::printf("  %s %6s  %5.1f %%  %s\n", screen().outcome(outcome, pad(std::string(to_text(outcome)), 8)).c_str(),
                grouped(static_cast<uint64_t>(count)).c_str(), share * 100,
                screen().outcome(outcome, screen().bar(share, 50)).c_str());
  }
  screen().title("By clause");
  for (const auto& [key, count] : most_frequent(clauses)) {
    std::printf("  %6s  %s %s\n", grouped(static_cast<uint64_t>(count)).c_str(),
                screen().outcome(key.first, pad(std::string(to_text(key.first)), 7)).c_str(), key.second.c_str());
  }
  screen().title("Denied, by reason");
  auto sorted = most_frequent(reasons);
  int rest = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i >= 8)
      rest += sorted[i].second;
    else
      std::printf("  %6s  %s\n", grouped(static_cast<uint64_t>(sorted[i].second)).c_str(),
                  cut(sorted[i].first, 68).c_str());
  }
  if (rest > 0) std::printf("  %6d  for %zu other reasons\n", rest, sorted.size() - 8);
  if (noted > 0)
    std::printf(
        "  %s\n",
        screen().dim(std::to_string(noted) + " requests named ids that no fact knows; each decision notes it").c_str());
}

/// The first denial that a single premise away would have been an allow.
Decided* denial_worth_a_look(std::vector<Decided>& decided) {
  auto found =
      std::find_if(decided.begin(), decided.end(), [](const Decided& one) { return one.verdict.clause() == "below"; });
  if (found == decided.end()) {
    found = std::find_if(decided.begin(), decided.end(), [](const Decided& one) { return !one.verdict.allowed(); });
  }
  return found == decided.end() ? nullptr : &*found;
}

/// The proof, its files named as they lie in the bundle.
void show_proof(std::string proof, const std::string& folder) {
  for (size_t at = proof.find(folder); at != std::string::npos; at = proof.find(folder, at))
    proof.erase(at, folder.size());
  for (size_t at = 0; at < proof.size();) {
    size_t end = std::min(proof.find('\n', at), proof.size());
    std::printf("    %s\n", cut(proof.substr(at, end - at), 76).c_str());
    at = end + 1;
  }
}

void explain_one(const lictor::DecisionPoint& point, Decided& one, const std::string& folder) {
  lictor::Verdict why = point.explain(one.request, one.verdict.now());
  screen().title("One denial, explained");
  wrapped(one.request.json(), 2);
  std::printf("\n  %s %s: %s\n", screen().outcome(why.outcome(), std::string(to_text(why.outcome()))).c_str(),
              screen().bold(why.clause()).c_str(), why.reason().c_str());
  std::printf("\n  because\n");
  show_proof(why.proof(), folder);
  if (why.near_misses().empty()) return;
  const auto& miss = why.near_misses().front();
  std::printf("\n  nearest to another answer: %s %s, but for\n", std::string(to_text(miss.outcome)).c_str(),
              screen().bold(miss.clause).c_str());
  wrapped(miss.premise, 4);
  if (!miss.values.empty()) wrapped("here " + miss.values, 4);
  std::printf("    %s\n", screen()
                              .dim("at " + miss.place.file + ":" + std::to_string(miss.place.line) + ":" +
                                   std::to_string(miss.place.column))
                              .c_str());
}

lictor::AuditHead write_audit(const std::string& path, const std::vector<Decided>& decided) {
  auto log = need(lictor::AuditLog::open(path));
  std::vector<lictor::AuditRecord> records;
  for (const Decided& one : decided) records.push_back(lictor::audit_record(one.request, one.verdict));
  auto start = Clock::now();
  lictor::AuditHead head = need(log.append(records));
  double milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  std::printf("  %s records written durably in %.1f ms to %s\n", grouped(records.size()).c_str(), milliseconds,
              path.c_str());
  return head;
}

void verify(const std::string& path, const lictor::AuditHead& head) {
  auto start = Clock::now();
  auto report = need(lictor::verify_audit(path, head));
  double milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (!report.ok) die({lictor::ErrorKind::kInternal, "the audit does not verify: " + report.finding, {}});
  std::printf("  %s: %s records in %.1f ms, against the head kept aside\n", screen().good("chain verified").c_str(),
              grouped(report.records).c_str(), milliseconds);
  std::printf("  %s\n", screen().dim("head " + grouped(head.seq) + ": " + head.hash).c_str());
}

/// Changes one letter of one record in a copy of the file, below SQLite, as somebody with the disk in hand would.
void show_tampering(const std::string& path, const lictor::AuditRecord& victim, const lictor::AuditHead& head) {
  std::string copy = path + ".tampered";
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  size_t at = bytes.find(victim.id);
  size_t reason = at == std::string::npos ? at : bytes.find(victim.reason, at);
  if (reason == std::string::npos) die({lictor::ErrorKind::kInternal, "the record is not in the file", {}});
  bytes[reason] = bytes[reason] == 'x' ? 'y' : 'x';
  std::ofstream(copy, std::ios::binary | std::ios::trunc) << bytes;
  auto report = need(lictor::verify_audit(copy, head));
  if (report.ok || report.bad != victim.seq)
    die({lictor::ErrorKind::kInternal, "the tampering was not found at its place", {}});
  std::printf("  a copy with one letter of record %s changed: %s\n", grouped(victim.seq).c_str(),
              screen().bad("found").c_str());
  wrapped(report.finding, 4);
  std::filesystem::remove(copy);
}

lictor::AuditRecord record_with_id(const std::string& path, const std::string& id) {
  lictor::AuditRecord found;
  auto done = lictor::read_audit(path, 1, [&](const lictor::AuditRecord& record) {
    found = record;
    return record.id != id;
  });
  if (!done) die(done.error());
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s BUNDLE REQUESTS.jsonl AUDIT\n", argv[0]);
    return 2;
  }
  auto start = Clock::now();
  auto policy = need(lictor::Policy::load(argv[1], {.param_set = kParamSet, .wait_for_native = true}));
  double load = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  auto point = need(policy.decision("govern"));

  std::vector<Decided> decided;
  for (lictor::Request& request : bind_all(point, argv[2])) {
    lictor::Verdict verdict = point.evaluate(request);
    decided.push_back({std::move(request), std::move(verdict)});
  }

  std::printf("\n  %s\n",
              screen()
                  .bold(policy.name() + " " + policy.version() + ": " + point.name() + ", parameters of " + kParamSet)
                  .c_str());
  std::printf("  %s\n", screen().dim(policy.bundle_hash()).c_str());
  show_outcomes(decided);

  Times times = measure(point, decided);
  screen().title("Time");
  std::printf("  loaded, compiled and ready in %.0f ms; engine: %s\n", load,
              policy.native() ? "native (JIT)" : "interpreter");
  if (!policy.native()) wrapped(policy.native_status(), 2);
  std::printf("  one decision: p50 %.0f ns, p99 %.0f ns\n", times.p50, times.p99);
  std::printf("  %s\n", screen()
                            .dim("requests bound beforehand; " + grouped(decided.size() * kRounds) + " samples of " +
                                 std::to_string(kRepeat) + " calls each")
                            .c_str());

  Decided* denial = denial_worth_a_look(decided);
  if (denial != nullptr) explain_one(point, *denial, std::string(argv[1]) + "/");

  screen().title("Audit");
  lictor::AuditHead head = write_audit(argv[3], decided);
  verify(argv[3], head);
  const Decided& victim = denial != nullptr ? *denial : decided[decided.size() / 2];
  show_tampering(argv[3], record_with_id(argv[3], victim.verdict.id()), head);
  std::printf("\n");
  return 0;
}
