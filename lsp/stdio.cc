#include "lsp/stdio.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "lsp/framing.h"
#include "lsp/server.h"

namespace lictor::lsp {
namespace {

constexpr size_t kMostWaiting = 20'000;            // messages; then the reader waits, and the client with it
constexpr uint64_t kMostWaitingBytes = 512 << 20;  // of their texts

struct Incoming {
  json message;
  std::string fault;  // not empty: this could not be read
  ErrorCode code = ErrorCode::kParseError;
  size_t bytes = 0;
};

/// Messages on their way from the reader to the worker.
class Queue {
 public:
  void push(Incoming incoming) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return closed_ || (list_.size() < kMostWaiting && bytes_ < kMostWaitingBytes); });
    bytes_ += incoming.bytes;
    list_.push_back(std::move(incoming));
    filled_.notify_one();
  }
  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    filled_.notify_one();
    room_.notify_one();
  }
  enum class Outcome { kMessage, kTime, kEnd };
  /// Waits for a message, at most until `deadline`.
  Outcome pop(std::optional<Server::Clock::time_point> deadline, Incoming& out) {
    std::unique_lock lock(mutex_);
    auto ready = [&] { return closed_ || !list_.empty(); };
    if (!deadline)
      filled_.wait(lock, ready);
    else if (!filled_.wait_until(lock, *deadline, ready))
      return Outcome::kTime;
    if (list_.empty()) return Outcome::kEnd;
    out = std::move(list_.front());
    list_.pop_front();
    bytes_ -= out.bytes;
    room_.notify_one();
    return Outcome::kMessage;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_, room_;
  std::deque<Incoming> list_;
  uint64_t bytes_ = 0;
  bool closed_ = false;
};

/// A client in JavaScript may send half of a surrogate pair; JSON cannot hold it, U+FFFD counts as it does.
std::string without_half_pairs(const std::string& body) {
  std::string out = body;
  auto unit = [&](size_t at) -> int {
    bool escape = at + 6 <= out.size() && out[at] == '\\' && (out[at + 1] == 'u');
    if (!escape) return -1;
    return static_cast<int>(std::strtol(out.substr(at + 2, 4).c_str(), nullptr, 16));
  };
  for (size_t at = out.find('\\'); at != std::string::npos; at = out.find('\\', at)) {
    int here = unit(at);
    if (here < 0) {
      at += 2;
      continue;
    }
    bool high = here >= 0xD800 && here < 0xDC00, low = here >= 0xDC00 && here < 0xE000;
    int next = high ? unit(at + 6) : -1;
    bool pair = high && next >= 0xDC00 && next < 0xE000;
    if ((high || low) && !pair) out.replace(at + 2, 4, "fffd");
    at += pair ? 12 : 6;
  }
  return out;
}

class Reader {
 public:
  Reader(int input, const Options& options, Server& server, Queue& queue)
      : input_(input), framer_(options.max_message_bytes), server_(server), queue_(queue) {}

  /// Until the end of the input, or until `stop` can be read from.
  void run(int stop) {
    std::string buffer(64 << 10, '\0');
    pollfd polled[2] = {{input_, POLLIN, 0}, {stop, POLLIN, 0}};
    while (true) {
      if (::poll(polled, 2, -1) < 0 && errno != EINTR) break;
      if (polled[1].revents != 0) break;
      if (polled[0].revents == 0) continue;
      ssize_t n = ::read(input_, buffer.data(), buffer.size());
      if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (n <= 0) break;
      framer_.feed(std::string_view(buffer).substr(0, static_cast<size_t>(n)));
      while (std::optional<Framer::Frame> frame = framer_.next()) take(std::move(*frame));
    }
    if (framer_.has_half()) queue_.push({{}, "the input ended in the middle of a message", ErrorCode::kParseError, 0});
    queue_.close();
  }

 private:
  void take(Framer::Frame frame) {
    if (!frame.fault.empty()) {
      queue_.push({{}, std::move(frame.fault), ErrorCode::kParseError, 0});
      return;
    }
    size_t bytes = frame.body.size();
    json message = json::parse(frame.body, nullptr, false);
    if (message.is_discarded()) message = json::parse(without_half_pairs(frame.body), nullptr, false);
    if (message.is_discarded()) {
      framer_.reread(frame.body);
      queue_.push({{}, "a message that is not JSON", ErrorCode::kParseError, 0});
      return;
    }
    if (message.is_object() && message.value("method", json()) == "$/cancelRequest") return server_.cancel(message);
    server_.enqueue(message);
    queue_.push({std::move(message), {}, ErrorCode::kParseError, bytes});
  }

  int input_;
  Framer framer_;
  Server& server_;
  Queue& queue_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

}  // namespace

int serve(int input, int output, Options options) {
  uint64_t max_bytes = options.max_message_bytes;
  bool broken = false;
  Server server(std::move(options), [&](const json& message) {
    std::string body = message.dump(-1, ' ', false, json::error_handler_t::replace);
    if (!broken) broken = !write_all(output, fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body));
  });
  Queue queue;
  int stop[2];
  if (::pipe(stop) != 0) return 1;
  Options reading;
  reading.max_message_bytes = max_bytes;
  std::thread reader([&] { Reader(input, reading, server, queue).run(stop[0]); });
  Incoming next;
  while (!server.exit_code() && !broken) {
    Queue::Outcome outcome = queue.pop(server.next_publish(), next);
    if (outcome == Queue::Outcome::kEnd) break;
    if (outcome == Queue::Outcome::kTime) {
      server.publish();
    } else if (!next.fault.empty()) {
      server.fault(next.code, next.fault);
    } else {
      server.receive(next.message);
    }
  }
  queue.close();
  (void)!::write(stop[1], "", 1);
  reader.join();
  ::close(stop[0]);
  ::close(stop[1]);
  return broken ? 1 : server.end();
}

}  // namespace lictor::lsp
