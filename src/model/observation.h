// Observations: what the senses saw, as immutable, timestamped, typed values. Nothing here is a judgement.
//
// Every type lists its fields once (`fields`), and both directions of the JSON form follow from that list, so a
// recording holds exactly what the detectors were given. Integers are exact; times are nanoseconds since 1970 (`at`) or
// since boot (`*_boottime_ns`). Foreign text (names, arguments) is stored as `printable()` text.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "model/behaviour_observation.h"
#include "model/wire_observation.h"

namespace davy::model {

// The machine under examination; the first observation of every examination.
struct HostSeen {
  std::string host;
  std::string boot_id;
  std::string kernel;
  std::uint32_t cpus = 1;
  std::uint64_t memory_bytes = 0;
  double watts_per_core = 0.0;    // assigned by configuration, for the cost estimate
  std::int64_t boot_time_ns = 0;  // wall-clock time of boot

  static constexpr std::string_view kType = "host_seen";
  static void fields(auto& self, auto&& field) {
    field("host", self.host), field("boot_id", self.boot_id), field("kernel", self.kernel), field("cpus", self.cpus);
    field("memory_bytes", self.memory_bytes), field("watts_per_core", self.watts_per_core);
    field("boot_time_ns", self.boot_time_ns);
  }
};

// A sense that is on, or off and why.
struct SenseSeen {
  std::string id;  // "bpf.task_iter"
  bool on = false;
  std::string why;
  bool required = false;  // the examination is incomplete without it

  static constexpr std::string_view kType = "sense_seen";
  static void fields(auto& self, auto&& field) {
    field("id", self.id), field("on", self.on), field("why", self.why), field("required", self.required);
  }
};

// Which process: a pid is reused, a pid with its start time is not.
struct ProcessId {
  std::int64_t pid = 0;
  std::uint64_t start_boottime_ns = 0;

  static void fields(auto& self, auto&& field) {
    field("pid", self.pid), field("start_boottime_ns", self.start_boottime_ns);
  }
  friend auto operator<=>(const ProcessId&, const ProcessId&) = default;
};

// What the kernel and /proc say of one process.
struct ProcessSeen {
  ProcessId process;
  std::int64_t parent_pid = 0;
  std::uint32_t uid = 0;
  std::string user;
  std::string comm;               // the name that the process shows
  std::string exe;                // image path, " (deleted)" behind it when it is gone; empty when unreadable
  std::string executed_as;        // the file name given to exec, which later changes of argv do not touch
  std::vector<std::string> argv;  // truncated to kCommandLineBytesMax in all
  bool argv_truncated = false;
  std::string cgroup;
  std::string container;             // id, empty when in none
  std::vector<std::string> lineage;  // names from the first ancestor down to this process
  bool kernel_thread = false;
  bool has_user_memory = true;
  std::uint64_t exe_device = 0;
  std::uint64_t exe_inode = 0;
  std::uint32_t exe_links = 0;
  bool exe_in_memory = false;  // memfd: it never was a file
  bool exe_replaced = false;   // deleted, but another file stands at its path (an upgrade does that)
  bool own_pid_namespace = false;
  bool own_mount_namespace = false;
  bool own_net_namespace = false;
  std::int32_t nice = 0;
  bool ended = false;  // before it could be described: its number may be another's now

  static constexpr std::string_view kType = "process_seen";
  static void fields(auto& self, auto&& field) {
    field("process", self.process), field("parent_pid", self.parent_pid), field("uid", self.uid);
    field("user", self.user), field("comm", self.comm), field("exe", self.exe);
    field("executed_as", self.executed_as), field("argv", self.argv), field("argv_truncated", self.argv_truncated);
    field("cgroup", self.cgroup), field("container", self.container), field("lineage", self.lineage);
    field("kernel_thread", self.kernel_thread), field("has_user_memory", self.has_user_memory);
    field("exe_device", self.exe_device), field("exe_inode", self.exe_inode), field("exe_links", self.exe_links);
    field("exe_in_memory", self.exe_in_memory), field("exe_replaced", self.exe_replaced);
    field("own_pid_namespace", self.own_pid_namespace), field("own_mount_namespace", self.own_mount_namespace);
    field("own_net_namespace", self.own_net_namespace), field("nice", self.nice), field("ended", self.ended);
  }
};

// One look at one thread whose processor time advanced since the look before.
struct ThreadSample {
  ProcessId process;
  std::int64_t tid = 0;
  std::uint64_t cpu_ns = 0;       // processor time gained since the look before
  std::uint64_t interval_ns = 0;  // time between the two looks
  bool has_fp_control = false;
  std::uint32_t fp_control = 0;  // x86: MXCSR; arm64: FPCR
  std::string architecture;      // "x86_64" or "aarch64", which tells how to read fp_control
  std::string source;            // "bpf", "ptrace", "proc"

  static constexpr std::string_view kType = "thread_sample";
  static void fields(auto& self, auto&& field) {
    field("process", self.process), field("tid", self.tid), field("cpu_ns", self.cpu_ns);
    field("interval_ns", self.interval_ns), field("has_fp_control", self.has_fp_control);
    field("fp_control", self.fp_control), field("architecture", self.architecture), field("source", self.source);
  }
};

// What one process used over the whole examination.
struct ProcessLoad {
  ProcessId process;
  std::uint64_t interval_ns = 0;
  std::uint64_t cpu_ns = 0;               // all threads, while observed
  std::uint64_t lifetime_cpu_ns = 0;      // since the process started
  std::uint64_t voluntary_switches = 0;   // gained while observed: about one for each blocking system call
  std::uint64_t io_calls_per_second = 0;  // read and write calls; 0 when unreadable
  bool has_io_calls = false;
  std::uint32_t looks = 0;
  std::uint32_t looks_stopped = 0;  // looks that found it stopped by a signal

  static constexpr std::string_view kType = "process_load";
  static void fields(auto& self, auto&& field) {
    field("process", self.process), field("interval_ns", self.interval_ns), field("cpu_ns", self.cpu_ns);
    field("lifetime_cpu_ns", self.lifetime_cpu_ns), field("voluntary_switches", self.voluntary_switches);
    field("io_calls_per_second", self.io_calls_per_second), field("has_io_calls", self.has_io_calls),
        field("looks", self.looks);
    field("looks_stopped", self.looks_stopped);
  }
};

// Who sees the process: seen by the kernel's own list, absent elsewhere, on this many walks in a row.
struct HiddenSeen {
  ProcessId process;
  std::uint32_t walks = 0;          // consecutive walks with the same result
  bool missing_in_proc = false;     // a raw directory read of /proc does not list it
  bool missing_in_library = false;  // readdir(3), which a preloaded library can change, does not list it
  bool covered = false;             // something is mounted over /proc/PID, or it answers for another process
  std::string witness;              // who saw it: "bpf.task_iter", "detached_proc", "pid_probe"

  static constexpr std::string_view kType = "hidden_seen";
  static void fields(auto& self, auto&& field) {
    field("process", self.process), field("walks", self.walks), field("missing_in_proc", self.missing_in_proc);
    field("missing_in_library", self.missing_in_library), field("covered", self.covered);
    field("witness", self.witness);
  }
};

// The program file behind a process, read through the kernel so that deleted and in-memory images can be seen too.
struct ImageSeen {
  ProcessId process;
  std::string path;
  std::string sha256;
  std::uint64_t size = 0;
  std::string package;          // owner, empty when none
  std::string package_state;    // "unchanged", "changed", "unowned", "unknown" (no package database readable)
  bool writable_place = false;  // in a folder that everybody may write to, or under a home folder
  bool is_elf = false;
  bool packed = false;  // UPX or its shape
  bool sections_absent = false;
  double entropy = 0.0;  // of the largest loaded executable segment, bits per byte
  bool script_interpreter = false;

  static constexpr std::string_view kType = "image_seen";
  static void fields(auto& self, auto&& field) {
    field("process", self.process), field("path", self.path), field("sha256", self.sha256), field("size", self.size);
    field("package", self.package), field("package_state", self.package_state);
    field("writable_place", self.writable_place), field("is_elf", self.is_elf), field("packed", self.packed);
    field("sections_absent", self.sections_absent), field("entropy", self.entropy);
    field("script_interpreter", self.script_interpreter);
  }
};

struct FamilySeen {
  std::string family;  // "randomx", "cryptonight", ...
  std::uint32_t distinct = 0;
  std::uint32_t minimum = 0;  // how many distinct constants the family needs to count
  bool weak = false;          // never alone

  static void fields(auto& self, auto&& field) {
    field("family", self.family), field("distinct", self.distinct), field("minimum", self.minimum);
    field("weak", self.weak);
  }
};

// Text in memory or on a command line that has the structure of miner configuration or conversation.
struct MinerTextSeen {
  std::string kind;     // "pool_url", "login", "job", "config", "command_line"
  std::string excerpt;  // printable, at most kExcerptBytesMax
  std::string pool;     // host:port, empty when none
  std::string wallet;   // address with a valid checksum, empty when none
  std::string coin;
  std::string algorithm;
  std::string place;  // "memory", "argv"

  static void fields(auto& self, auto&& field) {
    field("kind", self.kind), field("excerpt", self.excerpt), field("pool", self.pool), field("wallet", self.wallet);
    field("coin", self.coin), field("algorithm", self.algorithm), field("place", self.place);
  }
};

struct AllocationSeen {
  std::string what;  // "randomx.dataset", "randomx.cache", "randomx.scratchpad"
  std::uint64_t bytes = 0;
  std::uint32_t count = 0;

  static void fields(auto& self, auto&& field) {
    field("what", self.what), field("bytes", self.bytes), field("count", self.count);
  }
};

// What the worker found in the windows of a process's memory that it was handed.
struct MemorySeen {
  ProcessId process;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_left_out = 0;  // over the limits, or unreadable
  double milliseconds = 0.0;
  std::uint32_t randomx_code = 0;  // RandomX machine-code sequences in anonymous executable pages
  std::uint64_t anonymous_code_bytes = 0;
  std::vector<FamilySeen> families;
  std::vector<MinerTextSeen> texts;
  std::vector<AllocationSeen> allocations;

  static constexpr std::string_view kType = "memory_seen";
  static void fields(auto& self, auto&& field) {
    field("process", self.process), field("bytes", self.bytes), field("bytes_left_out", self.bytes_left_out);
    field("milliseconds", self.milliseconds), field("randomx_code", self.randomx_code);
    field("anonymous_code_bytes", self.anonymous_code_bytes), field("families", self.families);
    field("texts", self.texts), field("allocations", self.allocations);
  }
};

// A socket that a process holds.
struct SocketSeen {
  ProcessId process;
  std::string protocol;  // "tcp", "udp"
  std::string local;
  std::uint16_t local_port = 0;
  std::string remote;
  std::uint16_t remote_port = 0;
  std::string state;  // "established", "listen", ...
  std::uint64_t inode = 0;
  std::uint64_t cookie = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint32_t idle_ms = 0;  // since the last data in either direction
  std::uint64_t net_namespace = 0;
  std::string server_name;  // a name for the remote address known without asking the network, else empty

  static constexpr std::string_view kType = "socket_seen";
  static void fields(auto& self, auto&& field) {
    field("process", self.process), field("protocol", self.protocol), field("local", self.local);
    field("local_port", self.local_port), field("remote", self.remote), field("remote_port", self.remote_port);
    field("state", self.state), field("inode", self.inode), field("cookie", self.cookie);
    field("bytes_sent", self.bytes_sent), field("bytes_received", self.bytes_received);
    field("idle_ms", self.idle_ms), field("net_namespace", self.net_namespace);
    field("server_name", self.server_name);
  }
};

// /etc/ld.so.preload: libraries that every dynamic program loads.
struct PreloadSeen {
  std::string path;
  std::vector<std::string> libraries;
  std::vector<std::string> packages;  // owner of each library, empty text where none
  bool library_disagrees = false;     // a raw read and the C library's read of the file differ

  static constexpr std::string_view kType = "preload_seen";
  static void fields(auto& self, auto&& field) {
    field("path", self.path), field("libraries", self.libraries), field("packages", self.packages);
    field("library_disagrees", self.library_disagrees);
  }
};

// A BPF program in the kernel that is not Davy's.
struct BpfProgramSeen {
  std::uint32_t id = 0;
  std::string program_type;  // "kprobe", "raw_tracepoint", "cgroup_skb", ...
  std::string name;
  std::uint32_t uid = 0;
  bool tracing = false;  // of a type that can watch or change what programs see

  static constexpr std::string_view kType = "bpf_program_seen";
  static void fields(auto& self, auto&& field) {
    field("id", self.id), field("program_type", self.program_type), field("name", self.name), field("uid", self.uid);
    field("tracing", self.tracing);
  }
};

// The senses have finished; detectors that need the whole conclude now.
struct ExaminationEnd {
  std::uint64_t observed_ns = 0;  // how long threads were watched
  std::uint64_t processes = 0;
  std::uint64_t threads = 0;
  std::uint64_t lost = 0;        // records that did not reach the senses
  std::uint64_t truncated = 0;   // things read in part
  std::uint64_t unreadable = 0;  // things that refused to be read
  std::uint64_t over_limit = 0;  // things left out because a limit was reached

  static constexpr std::string_view kType = "examination_end";
  static void fields(auto& self, auto&& field) {
    field("observed_ns", self.observed_ns), field("processes", self.processes), field("threads", self.threads);
    field("lost", self.lost), field("truncated", self.truncated), field("unreadable", self.unreadable);
    field("over_limit", self.over_limit);
  }
};

struct Observation {
  using Value = std::variant<HostSeen, SenseSeen, ProcessSeen, ThreadSample, ProcessLoad, HiddenSeen, ImageSeen,
                             MemorySeen, SocketSeen, PreloadSeen, BpfProgramSeen, ExaminationEnd, FlowSeen,
                             ConversationSeen, TlsSeen, NameSeen, CaptureEnd, PolicySeen, HostActivity, ContactsSeen,
                             NeighboursSeen, DeviceSeen, MinerServiceSeen, ProbeSeen>;
  Timestamp at;
  Value value;
};

// {"type":"process_seen","at":1767322800123456789,...}; parse is its exact inverse. Unknown members are ignored (a
// newer recorder), an unknown type or a member of the wrong type is malformed.
Json to_json(const Observation& observation);
Result<Observation> parse_observation(const Json& json);

// Receives observations in order of time.
class ObservationSink {
 public:
  virtual ~ObservationSink() = default;
  virtual void accept(Observation observation) = 0;
};

}  // namespace davy::model
