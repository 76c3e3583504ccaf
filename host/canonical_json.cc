// A SAX handler that rebuilds the text bottom-up: each value that is complete is a string; an open array or object
// collects its children's strings. Numbers keep their source text, so nothing passes through a double.
#include "host/canonical_json.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace lictor {

namespace {

using Json = nlohmann::json;

constexpr size_t kMaxDepth = 1'000;  // each level copies the text within it

class Canonical : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return value("null"); }
  bool boolean(bool b) override { return value(b ? "true" : "false"); }
  bool number_integer(number_integer_t n) override { return value(std::to_string(n)); }
  bool number_unsigned(number_unsigned_t n) override { return value(std::to_string(n)); }
  bool number_float(number_float_t, const string_t& text) override { return value(text); }
  bool string(string_t& text) override { return value(json_string(text)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back().members.contains(name)) {
      error = "the member " + json_string(name.substr(0, 200)) + " stands there twice";
      return false;
    }
    open_.back().key = name;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error = "not JSON at byte " + std::to_string(position);
    return false;
  }

  std::string text;
  std::string error;
  bool is_object = false;
  std::map<std::string, std::string> members;  // of the outermost object

 private:
  struct Open {
    bool object = false;
    std::string key;
    std::map<std::string, std::string> members;
    std::string elements;
  };

  bool open(bool object) {
    if (open_.size() >= kMaxDepth) {
      error = "nested more than " + std::to_string(kMaxDepth) + " levels deep";
      return false;
    }
    open_.push_back({.object = object, .key = {}, .members = {}, .elements = {}});
    return true;
  }

  bool close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    std::string text = done.object ? join_members(done.members) : "[" + done.elements + "]";
    if (open_.empty() && done.object) {
      is_object = true;
      members = std::move(done.members);
    }
    return value(std::move(text));
  }

  bool value(std::string piece) {
    if (open_.empty()) {
      text = std::move(piece);
    } else if (open_.back().object) {
      open_.back().members.emplace(open_.back().key, std::move(piece));
    } else {
      if (!open_.back().elements.empty()) open_.back().elements += ',';
      open_.back().elements += piece;
    }
    return true;
  }

  std::vector<Open> open_;
};

Result<void> run(std::string_view text, Canonical& handler) {
  try {
    if (Json::sax_parse(text, &handler)) return {};
  } catch (const std::exception& problem) {
    handler.error = problem.what();
  }
  return fail(ErrorKind::kInvalid, handler.error);
}

}  // namespace

Result<std::string> canonical_json(std::string_view text) {
  Canonical handler;
  if (auto done = run(text, handler); !done) return std::unexpected(done.error());
  return std::move(handler.text);
}

Result<std::map<std::string, std::string>> canonical_members(std::string_view text) {
  Canonical handler;
  if (auto done = run(text, handler); !done) return std::unexpected(done.error());
  if (!handler.is_object) return fail(ErrorKind::kInvalid, "not a JSON object");
  return std::move(handler.members);
}

std::string join_members(const std::map<std::string, std::string>& members) {
  std::string text = "{";
  for (const auto& [name, value] : members) {
    if (text.size() > 1) text += ',';
    text += json_string(name);
    text += ':';
    text += value;
  }
  return text += '}';
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          static constexpr char kDigits[] = "0123456789abcdef";
          out += "\\u00";
          out += kDigits[byte >> 4];
          out += kDigits[byte & 15];
        } else {
          out += c;
        }
    }
  }
  return out += '"';
}

}  // namespace lictor
