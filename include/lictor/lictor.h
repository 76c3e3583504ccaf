// Lictor for C++ programs: load a policy, bind a request once, decide in nanoseconds.
//
//   auto policy = lictor::Policy::load("policies/atom");
//   if (!policy) return show(policy.error());                       // lictor/error.h
//   auto govern = policy->decision("govern");
//   auto request = govern->bind({{"agent", "a1"}, {"action", "stream_chat"}});
//   if (govern->decide(*request).allowed()) ...                      // which clause, no reason: nanoseconds
//   lictor::Verdict why = govern->explain(*request);                // reason, obligations, errors, proof: microseconds
//   puts(why.json().c_str());
//
// docs/embedding.md goes through it in order of use; lictor/audit.h keeps decisions.
//
// Failure. Functions that can fail return Result (lictor/error.h): mistakes in policy, facts or request are a list of
// diagnostics in it. Errors while a policy is evaluated are no failures: the verdict lists them, and it fails closed.
// Nothing throws, save std::bad_alloc where a function is not noexcept.
//
// Threads. Policy and DecisionPoint may be used by any number of threads at once; copies share one policy. A Request
// belongs to one thread at a time: make one for each. Deciding takes no lock, also while facts change: every decision
// sees one version of the facts, whole, and names it.
//
// Lifetime. A DecisionPoint, Request or Verdict keeps its policy alive; views stay valid as long as one of them lives.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lictor/error.h"
#include "lictor/straight.h"

namespace lictor {

struct Bundle;

enum class Outcome : uint8_t {
  kAllow,
  kDeny,
  kRequire,  // allowed once the requirements are met (Verdict::requirements)
};
/// "allow", "deny", "require".
std::string_view to_text(Outcome outcome);

struct Options {
  // ---- what is loaded
  /// Set of parameters from lictor.toml, on top of its set `default`. "": none. kNotFound when it is not there.
  std::string param_set = {};
  /// NAME, VALUE as in a policy (`0.95`, `true`, `24h`): on top of the sets.
  std::vector<std::pair<std::string, std::string>> params = {};
  /// Files of further facts: .json, and .csv or .jsonl named as their relation or entity.
  std::vector<std::string> facts = {};

  // ---- how it runs
  enum class Engine : uint8_t {
    kJit,          // interpreted until native code is ready (some 10 ms, in the background), then native
    kInterpreter,  // always interpreted: no code is made; some 10 times slower
  };
  Engine engine = Engine::kJit;
  /// load() returns only when native code is in use: for measuring, not for serving.
  bool wait_for_native = false;
  /// Where native code is kept between runs. Nothing: $LICTOR_CACHE_DIR, else $XDG_CACHE_HOME/lictor, else
  /// ~/.cache/lictor. "": nowhere, and each start compiles again.
  std::optional<std::string> cache_dir = {};

  // ---- limits
  /// Steps (rows looked at) of one decision; a decision that needs more denies. Default: about a second.
  uint64_t max_steps = 50'000'000;
  /// Bytes that one decision may take for values and derived rows; a decision that needs more denies.
  uint64_t max_memory_bytes = 256ull << 20;
  /// Steps and bytes of one change of facts; one that needs more is refused (kLimit). 0 bytes: half of the memory that this
  /// process can have, at most 64 GiB.
  uint64_t max_load_steps = 20'000'000'000;
  uint64_t max_load_memory_bytes = 0;
  /// Bytes of a request's JSON; more is a mistake.
  uint64_t max_request_bytes = 1 << 20;
};

/// A decision in brief.
struct Answer {
  Outcome outcome = Outcome::kDeny;
  std::string_view clause;  // id of the clause that decided, "default" for none; lives as long as the policy
  bool native = false;      // did native code decide? The answer is the same.
  bool allowed() const { return outcome == Outcome::kAllow; }
};

/// A decision in full. Immutable; copies are cheap and share their content; any thread may read it.
class Verdict {
 public:
  /// A clause that applied, beside the one that decided.
  struct Applied {
    std::string clause;
    Outcome outcome = Outcome::kDeny;
    bool is_override = false;
    std::string reason;
  };
  /// An obligation to carry out, or a requirement to meet. Values as messages show them; json() has them typed.
  struct Effect {
    std::string name;
    std::vector<std::pair<std::string, std::string>> args;
    bool blocking = false;  // carry it out before acting on the answer; if it fails, the answer is deny
  };
  /// A change of a relation `from host`, which the decision asks the program to make. Values as messages show them. A column
  /// that `remove` leaves open is not named: it removes all rows that have the others.
  struct Change {
    bool insert = true;  // else remove
    std::string relation;
    std::vector<std::pair<std::string, std::string>> row;
  };
  /// A clause that would have given another answer, and the premise of it that did not hold.
  struct NearMiss {
    std::string clause;
    Outcome outcome = Outcome::kAllow;
    std::string premise;  // as it stands in the policy: "a.maturity >= m"
    std::string values;   // "a.maturity = student, m = intern"
    Place place;
  };

  Outcome outcome() const;
  bool allowed() const { return outcome() == Outcome::kAllow; }
  const std::string& clause() const;  // "default" when no clause applied
  const std::string& reason() const;
  bool is_override() const;
  const std::vector<Applied>& also() const;         // what else applied, strongest first
  const std::vector<Effect>& obligations() const;   // to carry out, in order
  const std::vector<Change>& changes() const;       // to make together with acting on the answer, in order
  const std::vector<Effect>& requirements() const;  // what a `require` waits for
  /// What the decision yields, by name; "" where it has no such value. As messages show it; json() has it typed.
  const std::string& yield(std::string_view name) const;
  const std::vector<std::string>& errors() const;    // of evaluation
  const std::vector<std::string>& notes() const;     // "agent `x9` is unknown; the field is none"
  const std::vector<NearMiss>& near_misses() const;  // from explain(), for deny and require: the nearest first

  const std::string& id() const;        // a ULID
  const std::string& decision() const;  // "atom.maturity.govern"
  const std::string& bundle() const;    // "sha256:..."
  uint64_t facts() const;               // version of the facts it saw
  int64_t now() const;                  // microseconds since 1970, UTC
  bool native() const;

  /// The decision in JSON, as docs/language.md has it (section 11); with `proof` when it comes from explain(). `indent` blanks per
  /// level, -1 for one line.
  std::string json(int indent = -1) const;
  /// Why, as a tree for terminals; "" when the verdict does not come from explain().
  const std::string& proof() const;

 private:
  struct Data;
  friend class DecisionPoint;
  explicit Verdict(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

/// A request that is checked and resolved: decide it as often as you like, also after facts have changed. Movable.
class Request {
 public:
  /// A field's value: text (strings, entity ids, enum members, decimals, times, durations, as JSON has them), a number or
  /// a bool. Other values are given as JSON.
  class Value {
   public:
    Value(const char* text) : Value(std::string_view(text)) {}
    Value(const std::string& text) : Value(std::string_view(text)) {}
    Value(std::string_view text);
    Value(bool value) : json_(value ? "true" : "false") {}
    template <std::integral T>
      requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    Value(T number) : json_(std::to_string(number)) {}
    /// Any JSON value: Value::json("[1, 2]").
    static Value json(std::string text);
    const std::string& text() const { return json_; }

   private:
    Value() = default;
    std::string json_;
  };
  struct Field {
    std::string_view name;
    Value value;
  };

  Request(Request&&) noexcept;
  Request& operator=(Request&&) noexcept;
  ~Request();

  /// Changes one field and checks the request again (microseconds). On failure the request is as it was.
  Result<void> set(std::string_view name, const Value& value);
  /// Leaves an optional field out.
  Result<void> unset(std::string_view name);
  /// What was noted while it was bound: unknown ids in optional fields.
  const std::vector<std::string>& notes() const;
  /// The request in canonical JSON: members sorted, no blanks.
  std::string json() const;

 private:
  struct State;
  friend class DecisionPoint;
  explicit Request(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  const detail::Straight* straight_;  // never null
};

/// One decision of a policy.
class DecisionPoint {
 public:
  /// Checks a request: an object with the fields of the decision's request type. kInvalid: a diagnostic with a JSON path
  /// for each mistake (unknown, missing and doubled fields, wrong types, unknown ids, too many bytes).
  Result<Request> bind(std::string_view json) const;
  Result<Request> bind(std::initializer_list<Request::Field> fields) const;

  /// Outcome and clause only: tens of nanoseconds, and no allocation once the request has been decided before (a decision
  /// with clauses that can err is evaluated in full: some microseconds). `now` in
  /// microseconds since 1970, UTC; without it the system's clock, asked only where the policy reads it. A request that was
  /// bound for another decision or policy is denied.
  Answer decide(Request& request) const noexcept { return decide(request, point_->uses_now ? system_now() : 0); }
  Answer decide(Request& request, int64_t now) const noexcept {
    const detail::Way& way = *request.straight_->way;
    if (way.version == point_->version->load(std::memory_order_acquire) && way.decision == point_->decision) {
      uint64_t word = request.straight_->decide(now);
      if (auto outcome = static_cast<uint8_t>(word); outcome != detail::Straight::kRefused) {
        return {static_cast<Outcome>(outcome), point_->clauses[static_cast<int32_t>(word >> 32) + 1],
                (word & 0xff00) != 0};
      }
    }
    return decide_slowly(request, now);
  }

  /// Everything but the proof: some microseconds.
  Verdict evaluate(Request& request, std::optional<int64_t> now = std::nullopt) const;
  /// Everything, with the proof, and for a denial the nearest misses: tens of microseconds and more.
  Verdict explain(Request& request, std::optional<int64_t> now = std::nullopt) const;

  /// "atom.maturity.govern".
  const std::string& name() const;

 private:
  struct Data;
  friend class Policy;
  explicit DecisionPoint(std::shared_ptr<const Data> data);
  static int64_t system_now() noexcept;
  Answer decide_slowly(Request& request, int64_t now) const noexcept;
  Verdict answer(Request& request, std::optional<int64_t> now, bool with_proof) const;
  std::shared_ptr<const Data> data_;
  const detail::StraightPoint* point_;  // in *data_
};

/// A loaded policy with its facts.
class Policy {
 public:
  /// `path`: the folder of a bundle, or one .lictor file. Loads texts, parameters and facts, or fails with all mistakes.
  static Result<Policy> load(const std::string& path, const Options& options = {});
  /// One module's text. It has no folder, so it can read no data files.
  static Result<Policy> from_text(std::string_view text, const Options& options = {});

  /// The decision called `name`, with or without its module ("govern", "atom.maturity.govern").
  Result<DecisionPoint> decision(std::string_view name) const;
  std::vector<std::string> decisions() const;

  /// Adds facts to those in force and derives what follows: all, or nothing on failure. JSON:
  ///   {"entities": {"Agent": {"a1": {"maturity": "student"}}}, "relations": {"complexity": [["stream_chat", 2]]}}
  /// Returns the new version. Decisions go on meanwhile with the version before. Cost: proportional to all facts.
  Result<uint64_t> add_facts(std::string_view json);
  /// The facts become those of the bundle and of Options::facts, and these.
  Result<uint64_t> replace_facts(std::string_view json);
  uint64_t facts_version() const;

  const std::string& name() const;         // from lictor.toml, else of the folder or file
  const std::string& version() const;      // from lictor.toml, else ""
  const std::string& bundle_hash() const;  // "sha256:...": texts, parameters, data files, library

  bool native() const;                // is native code in use yet?
  std::string native_status() const;  // since when, or why not
  /// Waits until native code is in use or is known to be impossible.
  void wait_for_native() const;

  /// Warnings from loading.
  const std::vector<Diagnostic>& warnings() const;

 private:
  struct Data;
  friend class DecisionPoint;
  friend class Verdict;
  explicit Policy(std::shared_ptr<Data> data) : data_(std::move(data)) {}
  static Result<Policy> make(Bundle&& bundle, const Options& options);
  Result<uint64_t> change_facts(std::string_view json, bool keep);
  std::shared_ptr<Data> data_;
};

/// A diagnostic as one line: "a.lictor:3:7: error: expected decimal, found string [E0301]".
std::string to_text(const Diagnostic& diagnostic);
/// The message of an error and a line for each of its diagnostics.
std::string to_text(const Error& error);

}  // namespace lictor
