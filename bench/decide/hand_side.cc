#include "bench/decide/hand_side.h"

#include "bench/rivals/policy/cpp/hand.h"

namespace bench {
namespace {

template <class Workload>
class Side : public HandSide {
 public:
  Side(const std::string& dir, size_t requests) {
    workload_.load(tsv(dir + "/facts.tsv"));
    for (auto& v : tsv(dir + "/requests.tsv")) {
      if (strings_.size() == requests) break;
      Req r;
      for (size_t i = 0; i + 1 < v.size(); i++) r.s[i] = v[i];
      r.n = std::stoll(v.back());
      strings_.push_back(r);
      ids_.push_back(workload_.pre(r));
    }
  }
  bool decide(size_t request) const override { return workload_.ids(ids_[request]); }
  uint64_t loop(size_t total) const override {
    uint64_t allowed = 0;
    for (size_t i = 0, at = 0; i < total; i++) {
      allowed += workload_.ids(ids_[at]);
      if (++at == ids_.size()) at = 0;
    }
    return allowed;
  }
  uint64_t loop_strings(size_t total) const override {
    uint64_t allowed = 0;
    for (size_t i = 0, at = 0; i < total; i++) {
      allowed += workload_.str(strings_[at]);
      if (++at == strings_.size()) at = 0;
    }
    return allowed;
  }

 private:
  Workload workload_;
  std::vector<Req> strings_;
  std::vector<typename Workload::Id> ids_;
};

}  // namespace

HandGate::HandGate(const std::string& dir, size_t requests) {
  Intern agents, sessions, workspaces, actions, components;
  auto facts = tsv(dir + "/W1/facts.tsv");
  auto number = [](uint32_t found) { return found == ~0u ? -1 : static_cast<int32_t>(found); };
  for (auto& f : facts) {
    if (f[0] == "agent") agents.add(f[1]), tier_.push_back(static_cast<int8_t>(stoi(f[2])));
    if (f[0] == "action") actions.add(f[1]), needs_.push_back(static_cast<int8_t>(stoi(f[2])));
    if (f[0] == "component") components.add(f[1]), enforced_.push_back(static_cast<int8_t>(stoi(f[2])));
  }
  for (auto& f : facts) {
    if (f[0] == "session") sessions.add(f[1]), session_agent_.push_back(number(agents.find(f[2])));
    if (f[0] == "workspace") workspaces.add(f[1]), workspace_agent_.push_back(number(agents.find(f[2])));
    if (f[0] == "system") system_ = number(agents.find(f[1]));
  }
  for (auto& v : tsv(dir + "/W1/requests.tsv")) {
    if (requests_.size() == requests) break;
    requests_.push_back({number(agents.find(v[3])), number(sessions.find(v[4])), number(workspaces.find(v[2])),
                         number(actions.find(v[1])), number(components.find(v[0])), v[5] == "1"});
  }
}

[[gnu::noinline]] void HandGate::decide(const Request& r, Answer& answer) const {
  auto say = [&](int32_t outcome, int32_t clause, int64_t agent, int64_t needs) {
    answer = {outcome, clause, agent, needs};
  };
  if (r.emergency) return say(0, 0, 0, 0);
  if (r.component >= 0 && !enforced_[static_cast<size_t>(r.component)]) return say(0, 1, 0, 0);
  int32_t agent = r.agent;
  if (agent < 0 && r.session >= 0) agent = session_agent_[static_cast<size_t>(r.session)];
  if (agent < 0 && r.workspace >= 0) agent = workspace_agent_[static_cast<size_t>(r.workspace)];
  if (agent < 0) agent = system_;
  if (agent >= 0 && r.action >= 0 && tier_[static_cast<size_t>(agent)] >= needs_[static_cast<size_t>(r.action)]) {
    return say(0, 2, agent, needs_[static_cast<size_t>(r.action)]);
  }
  say(1, -1, 0, 0);
}

std::unique_ptr<HandSide> hand_side(const std::string& workload, const std::string& dir, size_t requests) {
  if (workload == "W1") return std::make_unique<Side<W1>>(dir + "/W1", requests);
  return std::make_unique<Side<W4>>(dir + "/" + workload, requests);
}

}  // namespace bench
