// The unprivileged process that reads foreign bytes for the host senses: memory windows and program files.
//
// The privileged side only copies bytes into the worker's window; the worker looks for marks of mining and reads ELF
// headers. Not thread-safe. Start it before anything secret is in memory and before other threads. A worker that dies
// costs one request (an error here) and is replaced.
#pragma once

#include <chrono>
#include <span>

#include "base/worker.h"
#include "host/linux/memory_maps.h"
#include "mining/memory_scanner.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::size_t kExaminerWindowBytes = 8U << 20;
inline constexpr std::chrono::milliseconds kExaminerTimeout{2'000};

struct ImageTraits {
  bool is_elf = false;
  bool packed = false;
  bool sections_absent = false;
  double entropy = 0.0;  // of the largest executable segment that was handed over, bits per byte
};

class Examiner {
 public:
  // `proof_constants` is that part of the intelligence pack. Errors: as of Worker::start, and malformed constants.
  static Result<Examiner> start(const Json& proof_constants);

  // Reads the planned windows of the process (Errors: permission_denied, not_found when all are unreadable) and has
  // the worker look at them.
  Result<model::MemorySeen> examine_memory(const model::ProcessId& process, const MemoryPlan& plan);

  // Looks at the beginning of a program file; at most kExaminerWindowBytes of it.
  Result<ImageTraits> examine_image(ByteView file);

  const Worker& worker() const { return worker_; }

 private:
  explicit Examiner(Worker worker) : worker_(std::move(worker)) {}
  Worker worker_;
};

}  // namespace davy::host
