// An unprivileged process that parses foreign bytes on behalf of a privileged one.
//
// The worker is forked, gives up its descriptors, user, network and system calls, and then answers requests over a
// socket pair with the handler it was forked with. It can read the window that the parent fills and compute; it cannot
// open, connect, execute, trace or write outside its own memory. Whatever it does wrong (dies, hangs, answers nonsense)
// costs one request: it is killed, counted, and a fresh one is forked for the next call. One that died between two
// calls costs none.
//
// Ownership: a Worker owns its process and window; both end with it. Not thread-safe: one call at a time. Start it
// early and from a thread that lives as long as it does (the kernel ends the worker with that thread): the worker holds
// a copy of the parent's memory at that moment, so nothing secret may be in it, and no other thread should hold a lock
// that the handler needs. The handler must not open files (locales, time zones), nor start threads.
//
// Limits: WorkerLimits, each with a unit. Errors of start(): unsupported (seccomp missing), io. Errors of call():
// interrupted (the worker died, hung past `timeout` or `cpu`, or broke the framing), limit_exceeded (request too long,
// or the worker ran out of memory), malformed (the handler threw). Linux only (worker_linux.cpp).
//
//   Worker worker = TRY(Worker::start("parser", {}, [](ByteView request, ByteView shared) { return parse(shared); }));
//   std::ranges::copy(foreign, worker.shared().begin());
//   const Bytes answer = TRY(worker.call(request, std::chrono::milliseconds(200)));
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"

namespace davy {

struct WorkerLimits {
  std::size_t address_space_bytes = 512U << 20;  // beyond what the parent had mapped at the fork
  std::chrono::milliseconds cpu{10'000};         // processor time of one call
  std::size_t message_bytes_max = 16U << 20;     // a request, and an answer
  std::size_t shared_bytes = 0;                  // the window; 0 for none
};

// Runs inside the worker. `shared` is the whole window, read-only. It may throw; the message reaches the caller.
using WorkerHandler = std::function<Bytes(ByteView request, ByteView shared)>;

// What the machine let the worker give up. A root that may not change its user (an unmapped user namespace) leaves
// `unprivileged` false; its capabilities are dropped all the same.
struct Confinement {
  bool unprivileged = false;  // neither root nor capabilities
  bool seccomp = false;       // always true after start()
  bool no_network = false;    // in a network namespace of its own; sockets are refused by seccomp in any case
};

class Worker {
 public:
  static Result<Worker> start(std::string name, WorkerLimits limits, WorkerHandler handler);

  Worker(Worker&&) noexcept;
  Worker& operator=(Worker&&) noexcept;
  ~Worker();

  // One request, one answer.
  Result<Bytes> call(ByteView request, std::chrono::milliseconds timeout);

  // Memory that the parent writes and the worker reads.
  std::span<std::uint8_t> shared();

  const std::string& name() const;
  Confinement confinement() const;
  int restarts() const;  // workers forked after the first
  int failures() const;  // workers that died, in a call or between two
  int pid() const;       // -1 when the last one died and none was forked since

 private:
  struct State;
  explicit Worker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace davy
