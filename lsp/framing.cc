// A raw line break cannot stand inside a JSON string, so `Content-Length: 7` followed by one is a header wherever it is
// found. That makes resynchronising safe.
#include "lsp/framing.h"

#include <fmt/format.h>

#include <algorithm>

namespace lictor::lsp {
namespace {

constexpr std::string_view kLength = "content-length:";
constexpr size_t kMostHeaderBytes = 4096;

bool same_letter(char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; }

/// Where `Content-Length:` begins at or after `from`, in any case of letters, or npos.
size_t find_header(std::string_view text, size_t from) {
  auto it = std::search(text.begin() + static_cast<ptrdiff_t>(std::min(from, text.size())), text.end(), kLength.begin(),
                        kLength.end(), same_letter);
  return it == text.end() ? std::string_view::npos : static_cast<size_t>(it - text.begin());
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// Digits alone, at most 18 of them.
std::optional<uint64_t> number(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  uint64_t out = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + static_cast<uint64_t>(c - '0');
  }
  return out;
}

}  // namespace

void Framer::feed(std::string_view bytes) {
  size_t skipped = static_cast<size_t>(std::min<uint64_t>(skip_, bytes.size()));
  skip_ -= skipped;
  buffer_ += bytes.substr(skipped);
}

std::optional<Framer::Frame> Framer::next() {
  if (lost_ && !drop_to_header(0)) return std::nullopt;
  if (!length_) {
    if (std::optional<Frame> fault = header()) return fault;
    if (!length_) return std::nullopt;
  }
  if (*length_ > max_bytes_) {
    std::string fault = fmt::format("a message of {} bytes was skipped: at most {} are read", *length_, max_bytes_);
    size_t here = static_cast<size_t>(std::min<uint64_t>(*length_, buffer_.size()));
    skip_ = *length_ - here;
    buffer_.erase(0, here);
    length_.reset();
    return Frame{{}, std::move(fault)};
  }
  if (buffer_.size() < *length_) return std::nullopt;
  size_t length = static_cast<size_t>(*length_);
  length_.reset();
  Frame out;
  if (length == buffer_.size()) {
    out.body = std::move(buffer_);
    buffer_.clear();
  } else {
    out.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
  }
  return out;
}

/// Reads the header lines when all of them are there; sets length_, or gives the fault.
std::optional<Framer::Frame> Framer::header() {
  std::optional<uint64_t> length;
  size_t at = 0;
  while (true) {
    size_t end = buffer_.find('\n', at);
    if (end == std::string::npos) {
      if (buffer_.size() > kMostHeaderBytes) return broken(1, "a header has no end");
      return std::nullopt;
    }
    if (end > kMostHeaderBytes) return broken(1, "a header has no end");
    std::string_view line = trim(std::string_view(buffer_).substr(at, end - at));
    bool first = at == 0;
    at = end + 1;
    if (line.empty() && first) {  // a stray line break between messages
      buffer_.erase(0, at);
      at = 0;
      continue;
    }
    if (line.empty()) break;
    size_t colon = line.find(':');
    if (colon == std::string_view::npos) return broken(at, "a header line without `:`");
    if (find_header(line, 0) != 0) continue;  // another header, such as Content-Type
    length = number(trim(line.substr(colon + 1)));
    if (!length) return broken(at, "`Content-Length` is not a number");
  }
  if (!length) return broken(at, "a header without `Content-Length`");
  buffer_.erase(0, at);
  length_ = length;
  return std::nullopt;
}

std::optional<Framer::Frame> Framer::broken(size_t from, std::string fault) {
  lost_ = true;
  drop_to_header(from);
  return Frame{{}, std::move(fault)};
}

/// Throws away what stands before the next header; false while there is none.
bool Framer::drop_to_header(size_t from) {
  size_t at = find_header(buffer_, from);
  if (at == std::string::npos) {
    size_t keep = std::min(buffer_.size(), kLength.size() - 1);  // its beginning may be the end of what is here
    buffer_.erase(0, buffer_.size() - keep);
    return false;
  }
  buffer_.erase(0, at);
  lost_ = false;
  return true;
}

void Framer::reread(std::string_view body) {
  for (size_t at = find_header(body, 0); at != std::string_view::npos; at = find_header(body, at + 1)) {
    size_t end = body.find('\n', at);
    std::string_view value = end == std::string_view::npos ? body.substr(at) : body.substr(at, end - at);
    value = trim(value.substr(kLength.size()));
    bool whole = end != std::string_view::npos;
    if (whole ? !number(value).has_value() : !value.empty() && !number(value)) continue;
    buffer_.insert(0, body.substr(at));
    return;
  }
  // Or the body broke off inside of the word itself, and what waits goes on with it.
  for (size_t part = std::min(body.size(), kLength.size() - 1); part > 0; --part) {
    std::string joined = std::string(body.substr(body.size() - part)) + buffer_.substr(0, kLength.size() - part);
    if (find_header(joined, 0) != 0) continue;
    buffer_.insert(0, body.substr(body.size() - part));
    return;
  }
}

}  // namespace lictor::lsp
