// The hand-written side of bench_decide, behind a fence: hand.h is a program of its own style.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// One workload of bench/rivals/policy/cpp/hand.h with its first `requests` requests interned before.
class HandSide {
 public:
  virtual ~HandSide() = default;
  virtual bool decide(size_t request) const = 0;
  /// Decides request 0..n-1 round and round, `total` times; returns how many were allowed.
  virtual uint64_t loop(size_t total) const = 0;
  /// The same from the request's strings: look-ups included.
  virtual uint64_t loop_strings(size_t total) const = 0;
};

/// W1 once more, as a function that is called with a request of words and gives what Lictor gives: outcome, clause, and
/// the values of the clause's message (agent, tier needed). What a careful author of a library would write by hand.
class HandGate {
 public:
  struct Request {
    int32_t agent, session, workspace, action, component;  // -1: unknown or left out
    bool emergency;
  };
  struct Answer {
    int32_t outcome, clause;  // 0 allow, 1 deny; -1: the default
    int64_t agent, needs;
  };
  HandGate(const std::string& dir, size_t requests);
  void decide(const Request& request, Answer& answer) const;
  const std::vector<Request>& requests() const { return requests_; }

 private:
  std::vector<int32_t> session_agent_, workspace_agent_;
  std::vector<int8_t> tier_, needs_, enforced_;
  int32_t system_ = -1;
  std::vector<Request> requests_;
};

/// `workload`: W1, W4_10 ... W4_10000; `dir`: what gen.py and to_tsv.py made.
std::unique_ptr<HandSide> hand_side(const std::string& workload, const std::string& dir, size_t requests);

}  // namespace bench
