#include "runtime/json_values.h"

namespace lictor {

std::string_view json_token(ondemand::value& value) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\t' || token.back() == '\n' || token.back() == '\r')) {
    token.remove_suffix(1);
  }
  return token;
}

std::string json_found(ondemand::value& value) {
  constexpr size_t kShown = 40;
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return "something that is not JSON";
  switch (type) {
    case ondemand::json_type::array:
      return "an array";
    case ondemand::json_type::object:
      return "an object";
    case ondemand::json_type::string:
      return "a string";
    case ondemand::json_type::number: {
      std::string_view token = json_token(value);
      return "the number `" + std::string(token.substr(0, kShown)) + (token.size() > kShown ? "...`" : "`");
    }
    case ondemand::json_type::boolean:
      return json_token(value) == "true" ? "true" : "false";
    case ondemand::json_type::null:
      return "null";
  }
  return "something else";
}

simdjson::error_code json_skip(ondemand::value value, int depth) {
  if (depth > kDeepestJson) return simdjson::DEPTH_ERROR;
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::array: {
      ondemand::array array;
      if (auto error = value.get_array().get(array)) return error;
      for (auto one : array) {
        ondemand::value item;
        if (auto error = std::move(one).get(item)) return error;
        if (auto error = json_skip(item, depth + 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::object: {
      ondemand::object object;
      if (auto error = value.get_object().get(object)) return error;
      for (auto one : object) {
        ondemand::field field;
        if (auto error = std::move(one).get(field)) return error;
        std::string_view key;
        if (auto error = field.unescaped_key().get(key)) return error;
        if (auto error = json_skip(field.value(), depth + 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::string: {
      std::string_view text;
      return value.get_string().get(text);
    }
    case ondemand::json_type::number:
      return is_json_number(json_token(value)) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
    case ondemand::json_type::boolean: {
      bool truth = false;
      return value.get_bool().get(truth);
    }
    case ondemand::json_type::null: {
      bool is_null = false;
      return value.is_null().get(is_null);
    }
  }
  return simdjson::TAPE_ERROR;
}

}  // namespace lictor
