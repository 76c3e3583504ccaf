#include "runtime/problems.h"

namespace lictor {

Diagnostic& Problems::add(Diag id, std::initializer_list<std::string_view> args, Place place, std::string_view hint) {
  if (++count_ > most_) return spare_;
  static const SourceMap no_sources;
  Diagnostics one(no_sources);
  {
    auto builder = one.report(id, Span{});
    for (std::string_view arg : args) builder.arg(arg);
    if (!hint.empty()) builder.hint(std::string(hint));
  }
  found_.push_back(std::move(one.sorted().front()));
  found_.back().place = std::move(place);
  return found_.back();
}

Error Problems::error(std::string_view what) {
  Error error{ErrorKind::kInvalid, std::string(what), std::move(found_)};
  if (!error.diagnostics.empty()) error.message += ": " + error.diagnostics.front().message;
  if (count_ > 1) error.message += " (and " + counted(count_ - 1, "more mistake") + ")";
  found_.clear();
  count_ = 0;
  return error;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
  std::string nearest = nearest_name(name, known);
  return nearest.empty() ? "" : "did you mean `" + nearest + "`?";
}

std::string counted(uint64_t number, std::string_view thing) {
  return std::to_string(number) + " " + std::string(thing) + (number == 1 ? "" : "s");
}

}  // namespace lictor
