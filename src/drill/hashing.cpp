#include "drill/hashing.h"

#include <argon2.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <randomx.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "drill/masked.h"

namespace davy::drill {
namespace {

constexpr unsigned long kDatasetStepItems = 1UL << 16U;  // between two looks at the stop flag

// The parameters of the coins that use these functions: scrypt(1024,1,1), Argon2id with 512 KiB and three passes.
constexpr std::uint64_t kScryptN = 1024;
constexpr std::uint32_t kArgonKibibytes = 512;
constexpr std::uint32_t kArgonPasses = 3;
constexpr std::size_t kArgonSaltBytes = 16;

bool hash_scrypt(ByteView input, std::span<std::uint8_t, 32> result) {
  return EVP_PBE_scrypt(reinterpret_cast<const char*>(input.data()), input.size(), input.data(), input.size(), kScryptN,
                        1, 1, 0, result.data(), result.size()) == 1;
}

bool hash_argon(ByteView input, std::span<std::uint8_t, 32> result) {
  const std::size_t salt = std::min(kArgonSaltBytes, input.size());
  return argon2id_hash_raw(kArgonPasses, kArgonKibibytes, 1, input.data(), input.size(), input.data(), salt,
                           result.data(), result.size()) == ARGON2_OK;
}

bool hash_double_sha(ByteView input, std::span<std::uint8_t, 32> result) {
  std::array<std::uint8_t, 32> first{};
  SHA256(input.data(), input.size(), first.data());
  SHA256(first.data(), first.size(), result.data());
  return true;
}

}  // namespace

HashSource::~HashSource() {
  if (dataset_ != nullptr) randomx_release_dataset(dataset_);
  if (cache_ != nullptr) randomx_release_cache(cache_);
}

Status HashSource::prepare(Algorithm algorithm, Mode mode, const std::atomic<bool>& stopped) {
  algorithm_ = algorithm;
  if (algorithm != Algorithm::randomx) return {};
  flags_ = randomx_get_flags() & ~RANDOMX_FLAG_LARGE_PAGES;
  if (mode == Mode::interpreter) flags_ &= ~RANDOMX_FLAG_JIT;
  if (mode == Mode::fast) flags_ |= RANDOMX_FLAG_FULL_MEM;
  cache_ = randomx_alloc_cache(static_cast<randomx_flags>(flags_));
  if (cache_ == nullptr) return fail(ErrorCode::io, "no memory for the cache (256 MiB)");
  const SecretText key(mask("davy exercise key"));
  randomx_init_cache(cache_, key.view().data(), key.view().size());
  if (mode == Mode::fast) return prepare_dataset(stopped);
  return {};
}

Status HashSource::prepare_dataset(const std::atomic<bool>& stopped) {
  dataset_ = randomx_alloc_dataset(static_cast<randomx_flags>(flags_));
  if (dataset_ == nullptr) return fail(ErrorCode::io, "no memory for the dataset (2080 MiB)");
  const unsigned long items = randomx_dataset_item_count();
  std::atomic<unsigned long> next{0};
  const auto fill = [&] {
    for (unsigned long at = next += kDatasetStepItems; !stopped && at - kDatasetStepItems < items;
         at = next += kDatasetStepItems)
      randomx_init_dataset(dataset_, cache_, at - kDatasetStepItems,
                           std::min(kDatasetStepItems, items - (at - kDatasetStepItems)));
  };
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) helpers.emplace_back(fill);
  fill();
  for (std::thread& helper : helpers) helper.join();
  if (stopped) return fail(ErrorCode::interrupted, "stopped during initialisation");
  randomx_release_cache(std::exchange(cache_, nullptr));
  return {};
}

Result<HashMachine> HashMachine::create(const HashSource& source) {
  if (source.algorithm_ != Algorithm::randomx) return HashMachine(source.algorithm_, nullptr);
  randomx_vm* machine = randomx_create_vm(static_cast<randomx_flags>(source.flags_), source.cache_, source.dataset_);
  if (machine == nullptr) return fail(ErrorCode::io, "cannot make a hash machine");
  return HashMachine(source.algorithm_, machine);
}

HashMachine::HashMachine(HashMachine&& other) noexcept
    : algorithm_(other.algorithm_), machine_(std::exchange(other.machine_, nullptr)) {}

HashMachine::~HashMachine() {
  if (machine_ != nullptr) randomx_destroy_vm(machine_);
}

Status HashMachine::hash(ByteView input, std::span<std::uint8_t, 32> result) {
  bool done = true;
  switch (algorithm_) {
    case Algorithm::randomx: randomx_calculate_hash(machine_, input.data(), input.size(), result.data()); break;
    case Algorithm::scrypt: done = hash_scrypt(input, result); break;
    case Algorithm::argon2id: done = hash_argon(input, result); break;
    case Algorithm::sha256d: done = hash_double_sha(input, result); break;
  }
  if (!done) return fail(ErrorCode::io, "the hash library refused");
  return {};
}

}  // namespace davy::drill
