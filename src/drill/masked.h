// Texts that never stand readable in the program file or, longer than needed, in memory.
//
// The twin plays an adversary that hides its words: a literal goes through mask() at compile time, so .rodata holds
// only masked bytes, and is made readable at run time in a SecretText, which wipes itself. The mask is no encryption:
// it defeats a search for text, nothing else. Everything here is for one thread at a time; no errors.
//
//   SecretText line;
//   line.add(mask("{\"method\":\"")).add(name).add(mask("\"}\n"));
//   send(line.view());   // wiped when `line` goes
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace davy::drill {

inline constexpr std::uint8_t kMaskSeed = 0xA7;

constexpr char masked_byte(char byte, std::size_t position, std::uint8_t seed) {
  const auto stream = static_cast<std::uint8_t>((seed + position * 31U) ^ (position >> 3U));
  return static_cast<char>(static_cast<std::uint8_t>(byte) ^ stream ^ 0x80U);
}

struct MaskedView {
  const char* data = nullptr;
  std::size_t size = 0;
};

// Up to N bytes. The constructor runs at compile time only, so the readable literal is never emitted.
template <std::size_t N>
struct Masked {
  std::array<char, N> bytes{};
  std::size_t size = 0;

  template <std::size_t M>
  consteval Masked(const char (&text)[M]) : size(M - 1) {  // implicit: tables of texts read as tables
    static_assert(M - 1 <= N, "the text is longer than its place");
    for (std::size_t i = 0; i + 1 < M; ++i) bytes[i] = masked_byte(text[i], i, kMaskSeed);
  }
  constexpr operator MaskedView() const { return {bytes.data(), size}; }
};

template <std::size_t M>
consteval Masked<M - 1> mask(const char (&text)[M]) {
  return Masked<M - 1>(text);
}

// An append-only text on the heap; growing, clearing and going wipe what was there.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(MaskedView text) { add(text); }
  explicit SecretText(std::string_view text) { add(text); }
  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(SecretText&& other) noexcept;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText();

  SecretText& add(std::string_view text);
  SecretText& add(MaskedView text);
  SecretText& add_number(std::uint64_t number);
  SecretText& add_hex(const std::uint8_t* bytes, std::size_t count);
  void clear();

  std::string_view view() const { return {data_, size_}; }
  const char* c_str();  // with a NUL behind it
  bool empty() const { return size_ == 0; }

 private:
  void reserve(std::size_t capacity);

  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Whether a readable text equals a masked one, without unmasking it.
bool equals(std::string_view text, MaskedView masked);

// Where the masked text stands in a readable one, npos when nowhere.
std::size_t find(std::string_view text, MaskedView masked, std::size_t from = 0);

// A short text kept masked: session and job names between messages.
class MaskedField {
 public:
  static constexpr std::size_t kBytesMax = 128;

  bool store(std::string_view text);  // false and unchanged when longer than kBytesMax
  MaskedView view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, kBytesMax> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace davy::drill
