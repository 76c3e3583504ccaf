#include "lsp/protocol.h"

#include <algorithm>

namespace lictor::lsp {
namespace {

/// Numbers past 2^32 are cut; negative ones and others than whole ones are no positions.
uint32_t coordinate(const json& value) {
  if (!value.is_number_unsigned()) throw json::type_error::create(302, "a position counts from 0", &value);
  return static_cast<uint32_t>(std::min<uint64_t>(value.get<uint64_t>(), UINT32_MAX));
}

}  // namespace

json to_json(const Position& position) { return {{"line", position.line}, {"character", position.character}}; }

json to_json(const Range& range) { return {{"start", to_json(range.start)}, {"end", to_json(range.end)}}; }

Position position_from(const json& value) { return {coordinate(value.at("line")), coordinate(value.at("character"))}; }

Range range_from(const json& value) { return {position_from(value.at("start")), position_from(value.at("end"))}; }

std::string uri_from(const json& params) { return params.at("textDocument").at("uri").get<std::string>(); }

}  // namespace lictor::lsp
