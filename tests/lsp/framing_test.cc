// Bytes to messages: whole, in pieces, and broken in every way that a header can be.
#include "lsp/framing.h"

#include <gtest/gtest.h>

namespace lictor::lsp {
namespace {

std::string frame(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Bodies, and faults as "!fault", fed `step` bytes at a time.
std::vector<std::string> read(const std::string& bytes, size_t step = SIZE_MAX, uint64_t max_bytes = 1000) {
  Framer framer(max_bytes);
  std::vector<std::string> out;
  for (size_t at = 0; at < bytes.size(); at += std::min(step, bytes.size() - at)) {
    framer.feed(std::string_view(bytes).substr(at, step));
    for (int i = 0; i < 100; ++i) {
      auto next = framer.next();
      if (!next) break;
      out.push_back(next->fault.empty() ? next->body : "!" + next->fault);
    }
  }
  return out;
}

using Strings = std::vector<std::string>;

TEST(Framing, WholeMessages) {
  EXPECT_EQ(read(frame("{}") + frame("[1]")), (Strings{"{}", "[1]"}));
  EXPECT_EQ(read(frame("")), (Strings{""}));
}

TEST(Framing, PiecesOfAnySizeGiveTheSame) {
  std::string bytes = frame("{\"a\": 1}") + "\r\n" + frame("{\"b\": \"Content-Length: 7\"}") +
                      "Content-Length: x\r\n\r\n{}" + frame("{\"c\": 3}");
  Strings whole = read(bytes);
  ASSERT_EQ(whole.size(), 4u);
  for (size_t step = 1; step < 20; ++step) EXPECT_EQ(read(bytes, step), whole) << step;
}

TEST(Framing, OtherHeadersAndLetters) {
  EXPECT_EQ(read("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-LENGTH:2\r\n\r\n{}"),
            (Strings{"{}"}));
  EXPECT_EQ(read("Content-Length: 2\n\n{}"), (Strings{"{}"}));
}

TEST(Framing, BadLengthsAreSkipped) {
  for (const char* length : {"x", "-5", "", "99999999999999999999", "1 2", "0x10", "2.5"}) {
    Strings got = read("Content-Length: " + std::string(length) + "\r\n\r\n{\"lost\": 1}" + frame("{}"));
    EXPECT_EQ(got, (Strings{"!`Content-Length` is not a number", "{}"})) << length;
  }
}

TEST(Framing, HeadersThatAreNone) {
  EXPECT_EQ(read("Content-Type: x\r\n\r\n{}" + frame("[]")), (Strings{"!a header without `Content-Length`", "[]"}));
  EXPECT_EQ(read("GET / HTTP/1.1\r\n\r\n" + frame("[]")), (Strings{"!a header line without `:`", "[]"}));
  EXPECT_EQ(read(std::string(10'000, 'x') + frame("[]")), (Strings{"!a header has no end", "[]"}));
  Strings endless = read("Content-Length: " + std::string(10'000, '1') + "\r\n\r\n" + frame("[]"));
  EXPECT_EQ(endless.back(), "[]");
}

TEST(Framing, TooLongIsSkippedWithoutBeingKept) {
  std::string bytes = frame(std::string(1001, 'x')) + frame("{}");
  for (size_t step : {size_t{1}, size_t{100}, SIZE_MAX}) {
    EXPECT_EQ(read(bytes, step), (Strings{"!a message of 1001 bytes was skipped: at most 1000 are read", "{}"}));
  }
}

TEST(Framing, HalfAMessageIsSeen) {
  Framer framer(1000);
  framer.feed("Content-Length: 10\r\n\r\n{\"a\"");
  EXPECT_FALSE(framer.next().has_value());
  EXPECT_TRUE(framer.has_half());
  framer.feed(": 1234");
  EXPECT_EQ(framer.next()->body, "{\"a\": 1234");
  EXPECT_FALSE(framer.has_half());
}

/// A sender that broke off in the middle: the rest of the length is taken from the next message.
TEST(Framing, RereadFindsTheMessageInside) {
  std::string second = frame("{\"second\": 2}"), third = frame("{\"third\": 3}");
  // However much of what follows the broken message swallows.
  for (size_t swallowed = 1; swallowed <= second.size() + 5; ++swallowed) {
    Framer framer(1000);
    framer.feed("Content-Length: " + std::to_string(5 + swallowed) + "\r\n\r\n{\"a\":" + second + third);
    auto broken = framer.next();
    ASSERT_TRUE(broken.has_value());
    framer.reread(broken->body);
    Strings rest;
    while (auto next = framer.next()) rest.push_back(next->fault.empty() ? next->body : "!");
    EXPECT_EQ(rest.back(), "{\"third\": 3}") << swallowed;
    EXPECT_EQ(rest.front(), "{\"second\": 2}") << swallowed;
  }
}

}  // namespace
}  // namespace lictor::lsp
