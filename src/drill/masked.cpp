#include "drill/masked.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace davy::drill {
namespace {

// Read at run time, or the compiler would unmask constant texts while compiling.
const volatile std::uint8_t runtime_seed = kMaskSeed;

}  // namespace

SecretText::SecretText(SecretText&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

SecretText::~SecretText() {
  if (data_ == nullptr) return;
  explicit_bzero(data_, capacity_);
  std::free(data_);
}

void SecretText::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  const std::size_t wanted = std::max<std::size_t>(capacity, capacity_ * 2 + 64);
  auto* grown = static_cast<char*>(std::calloc(wanted, 1));
  if (grown == nullptr) throw std::bad_alloc();
  if (data_ != nullptr) {
    std::memcpy(grown, data_, size_);
    explicit_bzero(data_, capacity_);
    std::free(data_);
  }
  data_ = grown;
  capacity_ = wanted;
}

SecretText& SecretText::add(std::string_view text) {
  if (text.empty()) return *this;
  reserve(size_ + text.size() + 1);
  std::memcpy(data_ + size_, text.data(), text.size());
  size_ += text.size();
  return *this;
}

SecretText& SecretText::add(MaskedView text) {
  reserve(size_ + text.size + 1);
  for (std::size_t i = 0; i < text.size; ++i) data_[size_ + i] = masked_byte(text.data[i], i, runtime_seed);
  size_ += text.size;
  return *this;
}

SecretText& SecretText::add_number(std::uint64_t number) {
  std::array<char, 24> digits{};
  const auto written = std::to_chars(digits.begin(), digits.end(), number);
  return add(std::string_view(digits.data(), static_cast<std::size_t>(written.ptr - digits.data())));
}

SecretText& SecretText::add_hex(const std::uint8_t* bytes, std::size_t count) {
  reserve(size_ + 2 * count + 1);
  const auto digit = [](unsigned value) { return static_cast<char>(value < 10 ? '0' + value : 'a' + value - 10); };
  for (std::size_t i = 0; i < count; ++i) {
    data_[size_++] = digit(bytes[i] >> 4U);
    data_[size_++] = digit(bytes[i] & 15U);
  }
  return *this;
}

void SecretText::clear() {
  if (data_ != nullptr) explicit_bzero(data_, capacity_);
  size_ = 0;
}

const char* SecretText::c_str() {
  reserve(size_ + 1);
  data_[size_] = '\0';
  return data_;
}

bool equals(std::string_view text, MaskedView masked) {
  if (text.size() != masked.size) return false;
  const std::uint8_t seed = runtime_seed;
  for (std::size_t i = 0; i < masked.size; ++i)
    if (text[i] != masked_byte(masked.data[i], i, seed)) return false;
  return true;
}

std::size_t find(std::string_view text, MaskedView masked, std::size_t from) {
  for (std::size_t at = from; at + masked.size <= text.size(); ++at)
    if (equals(text.substr(at, masked.size), masked)) return at;
  return std::string_view::npos;
}

bool MaskedField::store(std::string_view text) {
  if (text.size() > kBytesMax) return false;
  const std::uint8_t seed = runtime_seed;
  for (std::size_t i = 0; i < text.size(); ++i) bytes_[i] = masked_byte(text[i], i, seed);
  size_ = text.size();
  return true;
}

}  // namespace davy::drill
