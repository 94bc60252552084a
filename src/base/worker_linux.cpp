// Frames on the socket: four bytes of length (little endian), then that many bytes. A request is the caller's bytes; an
// answer is one byte of Outcome and then the handler's bytes or the words of its error. The first frame of a child is a
// greeting: Outcome::done and three flags of Confinement, or Outcome::refused and why it could not be confined.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <new>

#include "base/file.h"
#include "base/json.h"
#include "base/worker.h"
#include "base/worker_confine.h"

namespace davy {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kReasonBytesMax = 512;
constexpr std::size_t kGreetingBytesMax = 1024;
constexpr std::chrono::seconds kStartTimeout{10};
constexpr std::chrono::milliseconds kCpuLookInterval{100};  // how often a waiting parent looks at the child's clock

enum class Outcome : std::uint8_t { done, threw, out_of_memory, refused };

// ---- inside the child ----

// Blocks until all of `into` has arrived; false when the parent is gone.
bool read_exactly(std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const ssize_t count = recv(worker_detail::kSocketFd, into.data(), into.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    into = into.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

bool write_exactly(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(worker_detail::kSocketFd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

bool send_answer(Outcome outcome, ByteView payload) {
  Bytes head;
  append_u32_le(head, static_cast<std::uint32_t>(payload.size() + 1));
  head.push_back(static_cast<std::uint8_t>(outcome));
  return write_exactly(head) && write_exactly(payload);
}

bool answer_one(const WorkerHandler& handler, ByteView request, ByteView shared) {
  try {
    return send_answer(Outcome::done, handler(request, shared));
  } catch (const std::bad_alloc&) {
    return send_answer(Outcome::out_of_memory, {});
  } catch (const std::exception& error) {
    return send_answer(Outcome::threw, as_bytes(std::string_view(error.what()).substr(0, kReasonBytesMax)));
  } catch (...) {
    return send_answer(Outcome::threw, as_bytes("unknown exception"));
  }
}

[[noreturn]] void serve(const WorkerHandler& handler, const WorkerLimits& limits, ByteView shared) {
  for (;;) {
    std::array<std::uint8_t, kHeaderBytes> head{};
    if (!read_exactly(head)) _exit(0);
    const std::size_t length = *read_u32_le(head, 0);
    if (length > limits.message_bytes_max) _exit(1);
    Bytes request(length);
    if (!read_exactly(request) || !answer_one(handler, request, shared)) _exit(0);
  }
}

// The first exception of a process may look up where its code lies, which a confined one may not.
void throw_once() {
  try {
    throw std::runtime_error("");
  } catch (const std::exception&) {
  }
}

void greet(const Result<Confinement>& confined) {
  if (!confined) {
    send_answer(Outcome::refused, as_bytes(describe(confined.error()).substr(0, kReasonBytesMax)));
    _exit(1);
  }
  const std::uint8_t flags[] = {confined->unprivileged, confined->seccomp, confined->no_network};
  if (!send_answer(Outcome::done, flags)) _exit(1);
}

// ---- inside the parent ----

// How long a call may last: by the wall, and by the processor time of the child, which only its parent can judge (a
// limit that moves from call to call would need a privilege in the parent, or trust in the child).
struct Budget {
  steady_clock::time_point deadline;
  clockid_t cpu_clock = 0;
  nanoseconds cpu_end = nanoseconds::max();

  static Budget of(pid_t pid, nanoseconds wall, nanoseconds cpu) {
    Budget budget{steady_clock::now() + wall};
    if (clock_getcpuclockid(pid, &budget.cpu_clock) == 0) budget.cpu_end = budget.cpu_used() + cpu;
    return budget;
  }
  nanoseconds cpu_used() const {
    timespec used = {};
    if (clock_gettime(cpu_clock, &used) != 0) return nanoseconds(0);
    return std::chrono::seconds(used.tv_sec) + nanoseconds(used.tv_nsec);
  }
};

enum class Transfer { done, out_of_time, out_of_cpu, broken };

Transfer wait_for(int fd, short events, const Budget& budget) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(budget.deadline - steady_clock::now());
    if (left.count() <= 0) return Transfer::out_of_time;
    pollfd wanted = {fd, events, 0};
    const int count = poll(&wanted, 1, static_cast<int>(std::min(left, kCpuLookInterval).count()));
    if (count > 0) return Transfer::done;
    if (count < 0 && errno != EINTR) return Transfer::broken;
    if (budget.cpu_used() > budget.cpu_end) return Transfer::out_of_cpu;
  }
}

Transfer send_within(int fd, ByteView bytes, const Budget& budget) {
  while (!bytes.empty()) {
    if (const auto ready = wait_for(fd, POLLOUT, budget); ready != Transfer::done) return ready;
    const ssize_t count = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return Transfer::broken;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return Transfer::done;
}

Transfer receive_within(int fd, std::span<std::uint8_t> into, const Budget& budget) {
  while (!into.empty()) {
    if (const auto ready = wait_for(fd, POLLIN, budget); ready != Transfer::done) return ready;
    const ssize_t count = recv(fd, into.data(), into.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return Transfer::broken;
    into = into.subspan(static_cast<std::size_t>(count));
  }
  return Transfer::done;
}

std::string_view why(Transfer how) {
  if (how == Transfer::out_of_time) return "no answer in time";
  return how == Transfer::out_of_cpu ? "it used up its processor time" : "it went away";
}

tl::unexpected<Error> failed(Transfer how) { return fail(ErrorCode::interrupted, std::string(why(how))); }

std::string how_it_ended(int status) {
  if (WIFEXITED(status)) return "it left with status " + std::to_string(WEXITSTATUS(status));
  if (!WIFSIGNALED(status)) return "it ended";
  switch (WTERMSIG(status)) {
    case SIGSYS: return "it made a forbidden system call";
    case SIGKILL: return "it was killed";
    default: return "it died by signal " + std::to_string(WTERMSIG(status));
  }
}

struct Answer {
  Outcome outcome;
  Bytes payload;
};

Result<Answer> read_answer(int fd, std::size_t bytes_max, const Budget& budget) {
  std::array<std::uint8_t, kHeaderBytes + 1> head{};
  if (const auto how = receive_within(fd, head, budget); how != Transfer::done) return failed(how);
  const std::size_t length = *read_u32_le(head, 0);
  const std::uint8_t outcome = head[kHeaderBytes];
  if (length == 0 || length - 1 > bytes_max) return fail(ErrorCode::interrupted, "its answer is longer than allowed");
  if (outcome > static_cast<std::uint8_t>(Outcome::refused))
    return fail(ErrorCode::interrupted, "its answer is nonsense");
  Answer answer{static_cast<Outcome>(outcome), Bytes(length - 1)};
  if (const auto how = receive_within(fd, answer.payload, budget); how != Transfer::done) return failed(how);
  return answer;
}

std::string words_of(ByteView payload) { return printable(as_text(payload).substr(0, kReasonBytesMax)); }

}  // namespace

struct Worker::State {
  std::string name;
  WorkerLimits limits;
  WorkerHandler handler;
  UniqueFd window_fd;
  std::uint8_t* window = nullptr;
  UniqueFd socket;
  pid_t pid = -1;
  Confinement confinement;
  int forks = 0;
  int failures = 0;

  State(std::string its_name, WorkerLimits its_limits, WorkerHandler its_handler)
      : name(std::move(its_name)), limits(its_limits), handler(std::move(its_handler)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    stop();
    if (window != nullptr) munmap(window, limits.shared_bytes);
  }

  // The window is a sealed memory file: the parent's mapping, made first, stays writable and is not inherited; a
  // mapping made later, the child's, can never become writable.
  Status open_window() {
    if (limits.shared_bytes == 0) return {};
    window_fd.reset(memfd_create("davy-window", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!window_fd || ftruncate(window_fd.get(), static_cast<off_t>(limits.shared_bytes)) != 0)
      return fail_errno(errno, "cannot make the shared window", name);
    void* at = mmap(nullptr, limits.shared_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, window_fd.get(), 0);
    if (at == MAP_FAILED) return fail_errno(errno, "cannot map the shared window", name);
    window = static_cast<std::uint8_t*>(at);
    if (madvise(at, limits.shared_bytes, MADV_DONTFORK) != 0)
      return fail_errno(errno, "cannot keep the shared window to the parent", name);
    if (fcntl(window_fd.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
      return fail_errno(errno, "cannot seal the shared window", name);
    return {};
  }

  // In the child: never returns.
  [[noreturn]] void run_child(int socket_fd, pid_t parent) {
    ByteView shared;
    if (limits.shared_bytes > 0) {
      void* at = mmap(nullptr, limits.shared_bytes, PROT_READ, MAP_SHARED, window_fd.get(), 0);
      if (at == MAP_FAILED) _exit(1);
      shared = {static_cast<const std::uint8_t*>(at), limits.shared_bytes};
    }
    if (!worker_detail::keep_only(socket_fd)) _exit(1);
    throw_once();
    greet(worker_detail::confine(limits, name, parent));
    try {
      serve(handler, limits, shared);
    } catch (...) {  // no memory for a request
      _exit(1);
    }
  }

  Status fork_child() {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
      return fail_errno(errno, "cannot make a socket pair", name);
    UniqueFd mine(pair[0]);
    const UniqueFd its(pair[1]);
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);  // no handler of the parent may run in the child
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) run_child(its.get(), parent);
    const int error = errno;
    sigprocmask(SIG_SETMASK, &before, nullptr);
    if (child < 0) return fail_errno(error, "cannot fork a worker", name);
    pid = child;
    socket = std::move(mine);
    ++forks;
    return {};
  }

  Status hear_greeting() {
    const Budget budget = Budget::of(pid, kStartTimeout, kStartTimeout);
    const auto greeting = read_answer(socket.get(), kGreetingBytesMax, budget);
    if (!greeting) return lose(greeting.error().message);
    if (greeting->outcome != Outcome::done || greeting->payload.size() != 3) {
      stop();
      return fail(ErrorCode::unsupported, "a worker could not be confined: " + words_of(greeting->payload), name);
    }
    confinement = {greeting->payload[0] != 0, greeting->payload[1] != 0, greeting->payload[2] != 0};
    return {};
  }

  // Whether it died since the last call (someone killed it, the kernel needed memory); reaping it is stop()'s.
  bool has_died() const {
    siginfo_t info = {};
    return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
  }

  Status ensure_running() {
    if (pid > 0 && !has_died()) return {};
    if (pid > 0) ++failures, stop();
    TRY(fork_child());
    return hear_greeting();
  }

  // Ends the child and reaps it; its pid cannot have been reused, because only this reaps it.
  int stop() {
    int status = 0;
    socket.reset();
    if (pid <= 0) return status;
    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    pid = -1;
    return status;
  }

  tl::unexpected<Error> lose(std::string_view reason) {
    ++failures;
    const std::string end = how_it_ended(stop());
    return fail(ErrorCode::interrupted, "worker lost: " + std::string(reason) + ", " + end, name);
  }

  Status send_request(ByteView request, const Budget& budget) {
    Bytes head;
    append_u32_le(head, static_cast<std::uint32_t>(request.size()));
    for (const ByteView part : {ByteView(head), request})
      if (const auto how = send_within(socket.get(), part, budget); how != Transfer::done) return lose(why(how));
    return {};
  }
};

Worker::Worker(std::unique_ptr<State> state) : state_(std::move(state)) {}
Worker::Worker(Worker&&) noexcept = default;
Worker& Worker::operator=(Worker&&) noexcept = default;
Worker::~Worker() = default;

Result<Worker> Worker::start(std::string name, WorkerLimits limits, WorkerHandler handler) {
  if (limits.message_bytes_max > (1U << 30)) return fail(ErrorCode::invalid_argument, "messages over 1 GiB", name);
  auto state = std::make_unique<State>(std::move(name), limits, std::move(handler));
  TRY(state->open_window());
  TRY(state->ensure_running());
  return Worker(std::move(state));
}

Result<Bytes> Worker::call(ByteView request, std::chrono::milliseconds timeout) {
  if (request.size() > state_->limits.message_bytes_max)
    return fail(ErrorCode::limit_exceeded, "request longer than allowed", state_->name);
  TRY(state_->ensure_running());
  const Budget budget = Budget::of(state_->pid, timeout, state_->limits.cpu);
  TRY(state_->send_request(request, budget));
  auto answer = read_answer(state_->socket.get(), state_->limits.message_bytes_max, budget);
  if (!answer) return state_->lose(answer.error().message);
  switch (answer->outcome) {
    case Outcome::done: return std::move(answer->payload);
    case Outcome::threw: return fail(ErrorCode::malformed, words_of(answer->payload), state_->name);
    case Outcome::out_of_memory: return fail(ErrorCode::limit_exceeded, "worker out of memory", state_->name);
    case Outcome::refused: break;
  }
  return state_->lose("its answer is nonsense");
}

std::span<std::uint8_t> Worker::shared() { return {state_->window, state_->limits.shared_bytes}; }
const std::string& Worker::name() const { return state_->name; }
Confinement Worker::confinement() const { return state_->confinement; }
int Worker::restarts() const { return std::max(state_->forks - 1, 0); }
int Worker::failures() const { return state_->failures; }
int Worker::pid() const { return state_->pid; }

}  // namespace davy
