// How premises, rows and values read in proofs and near misses.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/body_search.h"

namespace lictor {

class ProofText {
 public:
  explicit ProofText(BodySearch& search) : search_(search), schema_(search.snapshot().plan().schema) {}

  /// The source of a span on one line, cut after 200 bytes.
  std::string source(Span span) const;
  Place place(Span span) const;
  /// complexity("stream_chat", streaming, 2)
  std::string row(uint32_t relation, const Row& row) const;
  std::vector<Datum> datums(uint32_t relation, const Row& row) const;
  std::string value(TypeId type, int64_t word) const;
  /// "a.maturity = student, m = intern": variables, fields, attributes and parameters that the literal reads, and what it
  /// binds; those that have a value.
  std::string values(const Literal& literal, BodySearch::Frame& frame) const;
  /// "m = intern", or "" where the variable has no name or no value.
  std::string variable(uint32_t slot, const BodySearch::Frame& frame) const;
  /// The named variables of a frame that are bound, in order.
  std::vector<std::pair<std::string, Datum>> bindings(const BodySearch::Frame& frame) const;

 private:
  std::string leaf_name(const Expr& expr, const BodySearch::Frame& frame) const;
  void collect(const Expr& expr, BodySearch::Frame& frame, std::vector<std::string>& out) const;
  void collect(const Literal& literal, BodySearch::Frame& frame, std::vector<std::string>& out) const;
  void collect_params(const Expr& constant, std::vector<std::string>& out) const;

  BodySearch& search_;
  const Schema& schema_;
};

}  // namespace lictor
