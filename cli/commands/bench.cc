// lictor bench: what one decision costs, in time and allocations, on each engine.
//
// What is measured is the quick form (outcome and clause) of requests that are bound already, as a program decides them.
// Short decisions are timed in small groups, because reading the clock takes longer than they do; the clock's own time
// is measured and taken off.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/heap.h"
#include "cli/report.h"
#include "cli/session.h"
#include "host/decision_json.h"

namespace lictor::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kMostRequestBytes = 256ull << 20;
constexpr double kEstimateNanoseconds = 20'000;  // how long a decision takes is guessed from at least this long
constexpr double kGroupNanoseconds = 250;        // a group of decisions takes at least this long
constexpr size_t kLargestGroup = 64;
constexpr size_t kMostSamples = 2'000'000;

struct Options {
  BundleArguments bundle;
  std::string decision;
  std::string request;
  std::string at;
  std::string engine;
  std::string format;
  double seconds = 1;
  bool no_jit = false;
};

struct Figures {
  std::string engine;  // which one really ran
  uint64_t decisions = 0;
  size_t group = 1;                            // decisions per reading of the clock
  double p50 = 0, p95 = 0, p99 = 0, mean = 0;  // nanoseconds per decision
  double allocations = 0;                      // per decision
};

double nanoseconds(Clock::duration d) { return std::chrono::duration<double, std::nano>(d).count(); }

/// What two readings of the clock take: the median of many.
double clock_cost() {
  std::vector<double> costs(1001);
  for (double& cost : costs) {
    auto begin = Clock::now();
    cost = nanoseconds(Clock::now() - begin);
  }
  std::nth_element(costs.begin(), costs.begin() + 500, costs.end());
  return costs[500];
}

double percentile(const std::vector<double>& sorted, double share) {
  auto rank = static_cast<size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(rank, sorted.size() - 1)];
}

/// Decides the requests in turn, again and again.
class Bench {
 public:
  Bench(Engine& engine, std::vector<BoundRequest> requests, int64_t now)
      : engine_(engine), requests_(std::move(requests)), now_(now) {}

  Figures run(double seconds) {
    warm_up();
    Figures figures;
    figures.engine = engine_name(last_.engine);
    figures.group = group_size();
    std::vector<double> samples;
    samples.reserve(kMostSamples);
    double cost = clock_cost();
    uint64_t allocations = allocation_count();
    auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    do {
      samples.push_back(std::max(0.0, time_group(figures.group) - cost) / static_cast<double>(figures.group));
    } while (samples.size() < kMostSamples && Clock::now() < end);
    figures.decisions = samples.size() * figures.group;
    figures.allocations =
        static_cast<double>(allocation_count() - allocations) / static_cast<double>(figures.decisions);
    summarize(samples, figures);
    return figures;
  }

 private:
  void decide_next() {
    last_ = engine_.decide(requests_[next_], now_);
    if (++next_ == requests_.size()) next_ = 0;
  }

  /// Every request once, then all for a while: caches are warm and whatever is made on first use is made. Slow decisions
  /// get no more than a second.
  void warm_up() {
    auto begin = Clock::now();
    for (size_t i = 0; i < requests_.size() && Clock::now() < begin + std::chrono::seconds(1); ++i) decide_next();
    auto end = std::min(Clock::now() + std::chrono::milliseconds(50), begin + std::chrono::seconds(1));
    while (Clock::now() < end) decide_next();
  }

  double time_group(size_t group) {
    auto begin = Clock::now();
    for (size_t i = 0; i < group; ++i) decide_next();
    return nanoseconds(Clock::now() - begin);
  }

  size_t group_size() {
    size_t tried = 1;
    double took = time_group(tried);
    while (took < kEstimateNanoseconds && tried < 1024) took = time_group(tried *= 2);
    double each = std::max(took / static_cast<double>(tried), 1.0);
    return std::clamp(static_cast<size_t>(kGroupNanoseconds / each) + 1, size_t{1}, kLargestGroup);
  }

  static void summarize(std::vector<double>& samples, Figures& figures) {
    std::sort(samples.begin(), samples.end());
    figures.p50 = percentile(samples, 0.50);
    figures.p95 = percentile(samples, 0.95);
    figures.p99 = percentile(samples, 0.99);
    for (double sample : samples) figures.mean += sample / static_cast<double>(samples.size());
  }

  Engine& engine_;
  std::vector<BoundRequest> requests_;
  int64_t now_;
  size_t next_ = 0;
  Quick last_;
};

struct RequestText {
  std::string_view text;
  uint64_t line;
};

/// One JSON object, or JSON Lines.
std::vector<RequestText> split_requests(std::string_view text) {
  if (nlohmann::json::accept(text)) return {{text, 1}};
  std::vector<RequestText> out;
  uint64_t line = 1;
  for (size_t begin = 0; begin < text.size(); ++line) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view one = text.substr(begin, end - begin);
    if (one.find_first_not_of(" \t\r") != one.npos) out.push_back({one, line});
    begin = end + 1;
  }
  return out;
}

Result<std::vector<BoundRequest>> bind_all(const Options& options, const Session& session, std::string_view text) {
  const Engine& engine = *session.engine;
  Result<uint32_t> decision = decision_of(session, options.decision);
  if (!decision) return std::unexpected(decision.error());
  std::vector<BoundRequest> requests;
  for (const RequestText& one : split_requests(text)) {
    Result<BoundRequest> request = BoundRequest::from_json(engine, *decision, one.text);
    if (!request) {
      Error error = request.error();
      for (Diagnostic& diagnostic : error.diagnostics) {
        Place& place = diagnostic.place;
        place.file = options.request;
        place.line = place.end_line =
            place.line > 0 ? place.line + static_cast<uint32_t>(one.line) - 1 : static_cast<uint32_t>(one.line);
        if (place.column == 0) place.column = place.end_column = 1;
      }
      return std::unexpected(error);
    }
    requests.push_back(std::move(*request));
  }
  if (requests.empty()) return fail(ErrorKind::kInvalid, fmt::format("`{}` holds no request", options.request));
  return requests;
}

Result<Figures> measure(const Options& options, const Session& session, std::string_view text) {
  Result<int64_t> now = now_of(options.at, session.schema());
  if (!now) return std::unexpected(now.error());
  Result<std::vector<BoundRequest>> requests = bind_all(options, session, text);
  if (!requests) return std::unexpected(requests.error());
  return Bench(*session.engine, std::move(*requests), *now).run(options.seconds);
}

std::string as_text(const std::vector<Figures>& all, const Output& output) {
  std::string head = fmt::format("{:8}{:>10}{:>10}{:>10}{:>10}{:>13}{:>14}", "engine", "p50", "p95", "p99", "mean",
                                 "allocations", "decisions");
  std::string out = output.paint(Tone::kBold, head) + "\n";
  for (const Figures& f : all) {
    std::string allocations = counts_allocations() ? fmt::format("{:.3g}", f.allocations) : "unknown";
    out += fmt::format("{:8}{:>10}{:>10}{:>10}{:>10}{:>13}{:>14}\n", f.engine, show_nanoseconds(f.p50),
                       show_nanoseconds(f.p95), show_nanoseconds(f.p99), show_nanoseconds(f.mean), allocations,
                       show_count(f.decisions));
  }
  return out;
}

std::string as_json(const std::vector<Figures>& all) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const Figures& f : all) {
    nlohmann::ordered_json one = {{"engine", f.engine}, {"p50_ns", f.p50},   {"p95_ns", f.p95},
                                  {"p99_ns", f.p99},    {"mean_ns", f.mean}, {"decisions", f.decisions},
                                  {"group", f.group}};
    if (counts_allocations()) one["allocations"] = f.allocations;
    out.push_back(one);
  }
  return out.dump(2) + "\n";
}

int run_bench(const Options& options, Output& output) {
  Result<std::string> text = read_file(options.request, kMostRequestBytes);
  if (!text) return report(text.error(), nullptr, options.format, output);
  std::vector<Figures> all;
  for (const char* engine : {"interp", "jit"}) {
    if (options.engine != "both" && options.engine != engine) continue;
    int code = kExitInternal;
    Session* session =
        open_session(options.bundle, engine_options(engine, options.no_jit), options.format, output, code);
    if (!session) return code;
    Result<Figures> figures = measure(options, *session, *text);
    if (!figures) return report(figures.error(), session->bundle.analysis.sources.get(), options.format, output);
    if (engine == std::string_view("jit") && figures->engine != "jit") {
      output.message(fmt::format("native code is not in use: {}\n", printable(session->engine->native_status())));
    }
    all.push_back(*figures);
  }
  output.data(options.format == "json" ? as_json(all) : as_text(all, output));
  return kExitOk;
}

}  // namespace

void add_bench(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  add_bundle_options(command, options->bundle, true);
  command.add_option("-d,--decision", options->decision, "which decision; may be left out where there is just one")
      ->option_text("NAME");
  command.add_option("-r,--request", options->request, "a request as JSON, or many as JSON Lines")
      ->option_text("FILE")
      ->required();
  command.add_option("--at", options->at, "the decisions' `now` (default: the clock)")->option_text("TIME");
  add_choice(command, "--engine", options->engine, {"both", "interp", "jit"}, "which engine");
  command.add_flag("--no-jit", options->no_jit, "never make native code");
  command.add_option("--seconds", options->seconds, "how long, for each engine (default 1)")
      ->option_text("N")
      ->check(number_between(0.01, 3600));
  add_choice(command, "--format", options->format, {"text", "json"}, "how to show the figures");
  set_examples(command,
               "lictor bench -b policies/atom -d govern -r requests.jsonl\nlictor bench -b . -r request.json --engine "
               "jit --seconds 5");
  on_chosen<Options>(command, run, options, run_bench);
}

}  // namespace lictor::cli
