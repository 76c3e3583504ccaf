// What readers of facts and requests share: paths into JSON, and mistakes that have one code in facts and another in
// requests.
#pragma once

#include <optional>
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
  uint32_t line = 0;                   // where the reader stands; 0: not known
  std::string_view json;               // the JSON text that is read, with its blanks; places are found in it
  uint32_t json_line = 1;              // the line on which `json` begins; 0: its places are not those of the file
  uint32_t longest_string = 1u << 20;  // bytes

  void report(Mistake mistake, const std::string& where, std::initializer_list<std::string_view> args,
              std::string_view hint = {});
  void report(Mistake mistake, const JsonPath& path, std::initializer_list<std::string_view> args,
              std::string_view hint = {});
  /// The same, with the place of `at`, which lies below `path`.
  void report_at(Mistake mistake, const JsonPath& path, const JsonPath& at,
                 std::initializer_list<std::string_view> args, std::string_view hint = {});
  /// The text is no JSON: says where and why. `otherwise` is said where the text seems to be well-formed.
  void report_syntax(const JsonPath& path, std::string_view otherwise);
  /// The text is no JSON, or another value than an object.
  void report_no_object();
  /// Of what is read, of a path of the JSON text, or of a byte of it.
  Place place() const;
  Place place(const JsonPath& path) const;
  Place place(size_t byte) const;

 private:
  void add(Mistake mistake, const std::string& where, std::initializer_list<std::string_view> args, Place place,
           std::string_view hint);
};

/// "`/agent`: ", or "" for the whole text.
std::string prefix(const JsonPath& path);

}  // namespace lictor
