// A lifecycle of documents and a watch over users: their guards are random bodies over what moves and who moves it.
#include "tests/differential/generate.h"

namespace lictor::testing {

/// ` if BODY`, or nothing.
std::string Generator::guard(std::vector<std::pair<std::string, char>> names, int percent) {
  if (!chance(percent)) return "";
  Scope scope;
  scope.bound = std::move(names);
  scope.level = 100;
  return " if " + body(scope, 1 + below(2));
}

std::string Generator::lifecycle() {
  const std::vector<std::pair<std::string, char>> names = {{"object", 'D'}, {"actor", 'U'}};
  auto with_note = names;
  with_note.emplace_back("note", 'S');
  with_note.emplace_back("many", 'I');
  auto line = [&](const std::string& text) { return with_single_marked("  " + text + ".\n"); };
  std::string out = "lifecycle of Doc(actor: User) {\n  initial s0\n  final s3\n";
  if (chance(50)) out += line("deny own: \"no {actor}\" on go, back" + guard(names, 90));
  out += line("s0 -> s1 on go" + guard(names, 60));
  out += line("s1 -> s2 on go" + guard(names, 60) + (chance(40) ? " then tell(\"{object} by {actor.level}\")" : ""));
  out += line("s2 -> s0 on back(note: string, many: int): \"back {note}\"" + guard(with_note, 70));
  if (chance(50)) {  // two targets, told apart by a test
    std::string limit = std::to_string(below(4));
    out += line("s1 -> s0 on back if many < " + limit);
    out += line("s1 -> s2 on back if many >= " + limit);
  }
  out += line(std::string(chance(50) ? "any" : "s1, s2") + " -> s3 on close" +
              (chance(40) ? " require approval(count: object.size)" : "") + guard(names, 60));
  if (chance(60)) out += line("s1 -> s0 after " + std::to_string(1 + below(9)) + "m" + guard({{"object", 'D'}}, 50));
  return out + "}\n";
}

std::string Generator::watch() {
  Scope scope;
  scope.bound = {{"who", 'U'}, {"n", 'I'}};
  scope.level = 100;
  return with_single_marked("watch w(who: User, n: int): \"{who} has {n}\" if User(who), n = who.level + " +
                            std::to_string(below(3)) + ", " + body(scope, 1 + below(3)) +
                            " for 1m then tell(\"{who}\") clear tell(\"{n}\")\n");
}

}  // namespace lictor::testing
