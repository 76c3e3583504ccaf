// The outermost layer of the protocol: `Content-Length: N`, an empty line, N bytes of JSON.
//
// A header that makes no sense ends one message, not the session: the framer skips to the next `Content-Length:` and
// says once that it did. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace lictor::lsp {

class Framer {
 public:
  /// `max_bytes`: a longer message is skipped and reported as broken.
  explicit Framer(uint64_t max_bytes) : max_bytes_(max_bytes) {}

  struct Frame {
    std::string body;
    std::string fault;  // not empty: something was skipped, and why; then there is no body
  };

  void feed(std::string_view bytes);
  /// The next message or fault that is complete.
  std::optional<Frame> next();
  /// Bytes that wait for the rest of their message.
  bool has_half() const { return !buffer_.empty() || skip_ > 0; }
  /// The body of a message that is no JSON may hold the start of the next message, when its sender broke off in the
  /// middle and began anew: takes what begins with a header back into the buffer.
  void reread(std::string_view body);

 private:
  std::optional<Frame> header();
  std::optional<Frame> broken(size_t from, std::string fault);
  bool drop_to_header(size_t from);

  uint64_t max_bytes_;
  std::string buffer_;
  std::optional<uint64_t> length_;  // of the body that follows
  uint64_t skip_ = 0;               // bytes of a body that is too long
  bool lost_ = false;               // skipping to the next header
};

}  // namespace lictor::lsp
