// Host names by label suffix: the entry "pool.example.org" is found for itself and for every name below it
// ("eu.pool.example.org"), never for "mypool.example.org". Letters count without case, one trailing dot is ignored, and
// names in another script are compared in the form in which they were given (IDNA is left to the caller). An entry
// added as Reach::exact is found for itself alone. The longest entry that fits wins; of equal entries the first added.
//
// Limits: names up to kNameBytesMax bytes; longer or empty ones are never entries and never found. Time of a search
// grows with the number of labels of the host, not with the number of entries. Safe to share between threads while
// nobody adds.
//
//   NameSet pools;
//   pools.add("pool.example.org", 7);
//   pools.find("EU.pool.example.org.");   // 7
//   pools.find("mypool.example.org");     // nothing
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace davy::match {

inline constexpr std::size_t kNameBytesMax = 253;  // RFC 1035 limit of a name as text, without the trailing dot

class NameSet {
 public:
  enum class Reach { with_names_below, exact };

  // False when the name is empty or too long, or already stands with that reach; then nothing changes.
  bool add(std::string_view name, std::uint32_t value, Reach reach = Reach::with_names_below);

  // The value of the longest entry that covers the host.
  std::optional<std::uint32_t> find(std::string_view host) const;

  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::optional<std::uint32_t> with_names_below;
    std::optional<std::uint32_t> exact;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };

  std::unordered_map<std::string, Slot, Hash, std::equal_to<>> slots_;
  std::size_t size_ = 0;
};

// Lower case, one trailing dot removed; empty when the name is empty or longer than kNameBytesMax.
std::string normal_name(std::string_view name);

}  // namespace davy::match
