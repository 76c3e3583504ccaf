// Shapes of the protocol that several features use, and the errors it knows.
//
// A feature reads its parameters with at() and get(); what nlohmann::json throws when they are missing or of another kind
// becomes kInvalidParams in the server.
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <string>

#include "grammar/source.h"
#include "lsp/document.h"

namespace lictor::lsp {

using json = nlohmann::json;

enum class ErrorCode : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kInternalError = -32603,
  kServerNotInitialized = -32002,
  kRequestFailed = -32803,
  kRequestCancelled = -32800,
};

struct RpcError {
  ErrorCode code = ErrorCode::kInternalError;
  std::string message;
};
/// What a request is answered with.
using Answer = std::expected<json, RpcError>;

json to_json(const Position& position);
json to_json(const Range& range);
Position position_from(const json& value);
Range range_from(const json& value);

/// `params.textDocument.uri`
std::string uri_from(const json& params);

}  // namespace lictor::lsp
