#include "tests/differential/proof_check.h"

namespace lictor::testing {

namespace {

std::string shape(const Place& place) {
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + "-" +
         std::to_string(place.end_line) + ":" + std::to_string(place.end_column);
}

std::string shape(const Schema& schema, const std::vector<std::pair<std::string, Datum>>& bindings) {
  std::string out = " {";
  for (const auto& [name, value] : bindings) out += name + " = " + show_source(schema, value) + "; ";
  return out + "}";
}

template <class Stopped>
std::string stopped(const Schema& schema, const Stopped& at) {
  return at.premise + " (" + at.values + ") " + shape(at.place) + " " + std::to_string(at.held) + "/" +
         std::to_string(at.total) + shape(schema, at.bindings);
}

void add(const Schema& schema, const ProofNode& node, const std::string& indent, std::string& out) {
  out += indent + std::to_string(static_cast<int>(node.kind)) + " " + node.text + " [" + node.rule + "] " +
         shape(node.place) + " r" + std::to_string(static_cast<int32_t>(node.relation)) + "(";
  for (const Datum& value : node.row) out += show_source(schema, value) + ", ";
  out += ") " + std::to_string(node.total) + shape(schema, node.bindings) + "\n";
  for (const ProofNode& child : node.children) add(schema, child, indent + "  ", out);
}

}  // namespace

std::string shape(const Schema& schema, const ProofNode& node) {
  std::string out;
  add(schema, node, "", out);
  return out;
}

std::string shape(const Schema& schema, const std::vector<NearMiss>& misses) {
  std::string out;
  for (const NearMiss& miss : misses) {
    out += miss.clause + " " + std::to_string(static_cast<int>(miss.outcome)) +
           (miss.is_override ? " override " : " ") + shape(miss.clause_place) + " " + stopped(schema, miss) + "\n";
    if (!miss.in_rule) continue;
    out += "  in " + shape(miss.in_rule->rule_place) + " " + stopped(schema, *miss.in_rule) + "\n";
  }
  return out;
}

}  // namespace lictor::testing
