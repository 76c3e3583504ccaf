// What readers of facts and requests share: paths into JSON, and mistakes that have one code in facts and another in
// requests.
#pragma once

#include <string>
#include <string_view>

#include "compiler/schema.h"
#include "runtime/problems.h"

namespace lictor {

/// A place in a JSON text, as a chain that lies on the reader's stack.
struct JsonPath {
  const JsonPath* parent = nullptr;
  std::string_view key;  // of an object's member
  int64_t index = -1;    // of an array's element

  JsonPath member(std::string_view name) const { return {this, name, -1}; }
  JsonPath element(int64_t number) const { return {this, {}, number}; }
  /// "/agent/maturity", with ~ and / escaped as in JSON pointers; the whole text is "".
  std::string text() const;
};

enum class Mistake : uint8_t { kSyntax, kUnknown, kType, kRange, kMissing, kTwice, kCount, kInstance, kLimit };

/// One text that is read: where its mistakes go and how they are named.
struct Reading {
  Reading(const Schema& the_schema, Problems& the_problems, bool is_request)
      : schema(the_schema), problems(the_problems), request(is_request) {}

  const Schema& schema;
  Problems& problems;
  bool request;
  std::string file;                    // "" for requests
  uint32_t line = 0;                   // of CSV and JSON Lines; 0: none
  uint32_t longest_string = 1u << 20;  // bytes

  void report(Mistake mistake, const std::string& where, std::initializer_list<std::string_view> args,
              std::string_view hint = {});
  void report(Mistake mistake, const JsonPath& path, std::initializer_list<std::string_view> args,
              std::string_view hint = {});
  Place place() const;
};

/// "`/agent`: ", or "" for the whole text.
std::string prefix(const JsonPath& path);

}  // namespace lictor
