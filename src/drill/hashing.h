// Proof-of-work hash functions from ordinary libraries, driven on made-up bytes.
//
// RandomX comes from librandomx with a fixed exercise text as its key, so that no result is worth anything anywhere.
// HashSource holds what threads share (RandomX cache or dataset) and must outlive its HashMachines; one machine belongs
// to one thread. Errors: io (memory), interrupted (stopped during initialisation).
//
//   HashSource source;
//   TRY(source.prepare(Algorithm::randomx, Mode::light, stopped));
//   HashMachine machine = TRY(HashMachine::create(source));
//   TRY(machine.hash(blob, result));
#pragma once

#include <atomic>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "drill/plan.h"

struct randomx_cache;
struct randomx_dataset;
struct randomx_vm;

namespace davy::drill {

class HashSource {
 public:
  HashSource() = default;
  HashSource(const HashSource&) = delete;
  HashSource& operator=(const HashSource&) = delete;
  ~HashSource();

  Status prepare(Algorithm algorithm, Mode mode, const std::atomic<bool>& stopped);

 private:
  friend class HashMachine;
  Status prepare_dataset(const std::atomic<bool>& stopped);

  Algorithm algorithm_ = Algorithm::randomx;
  int flags_ = 0;
  randomx_cache* cache_ = nullptr;
  randomx_dataset* dataset_ = nullptr;
};

class HashMachine {
 public:
  static Result<HashMachine> create(const HashSource& source);
  HashMachine(HashMachine&& other) noexcept;
  HashMachine& operator=(HashMachine&&) = delete;
  ~HashMachine();

  Status hash(ByteView input, std::span<std::uint8_t, 32> result);

 private:
  explicit HashMachine(Algorithm algorithm, randomx_vm* machine) : algorithm_(algorithm), machine_(machine) {}

  Algorithm algorithm_;
  randomx_vm* machine_;
};

}  // namespace davy::drill
