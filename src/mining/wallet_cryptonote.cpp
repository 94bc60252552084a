#include <algorithm>
#include <array>

#include "mining/base58.h"
#include "mining/keccak.h"
#include "mining/wallet_families.h"

namespace davy::mining {
namespace {

constexpr std::size_t kCharactersMin = 95;   // a tag of one byte
constexpr std::size_t kCharactersMax = 112;  // a tag of five bytes, and a payment id
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kKeysBytes = 64;  // two public keys
constexpr std::size_t kPaymentIdBytes = 8;
constexpr unsigned kTagBitsMax = 35;
constexpr std::string_view kUnknownCoin = "cryptonote-other";

// Sources: src/cryptonote_config.h (or CryptoNoteConfig.h) of each coin's node. A tag decides how an address begins:
// "Wo", "Sumo", "SaLv", "ccx7", ... No coin but Monero shares Monero's.
struct Tag {
  std::uint64_t value;
  std::string_view coin;
  std::string_view kind;
};
constexpr std::array<Tag, 27> kTags = {{{18, "monero", "standard"},           {19, "monero", "integrated"},
                                        {42, "monero", "subaddress"},         {4146, "wownero", "standard"},
                                        {6810, "wownero", "integrated"},      {12208, "wownero", "subaddress"},
                                        {0x2bb39a, "sumokoin", "standard"},   {0x29339a, "sumokoin", "integrated"},
                                        {0x8319a, "sumokoin", "subaddress"},  {0x3ef318, "salvium", "standard"},
                                        {0x55ef318, "salvium", "integrated"}, {0xf5ef318, "salvium", "subaddress"},
                                        {0x5af4, "haven", "standard"},        {0xcd774, "haven", "integrated"},
                                        {0x7ad4, "conceal", "standard"},      {0xb2, "aeon", "standard"},
                                        {28, "masari", "standard"},           {29, "masari", "integrated"},
                                        {52, "masari", "subaddress"},         {114, "oxen", "standard"},
                                        {115, "oxen", "integrated"},          {116, "oxen", "subaddress"},
                                        {0x3bbb1d, "turtlecoin", "standard"}, {0xc8ed8, "dero", "standard"},
                                        {0x145023, "unprll", "standard"},     {0x291023, "unprll", "integrated"},
                                        {0x211023, "unprll", "subaddress"}}};
// Monero's test and stage networks.
constexpr std::array<std::uint64_t, 6> kTestTags = {24, 25, 36, 53, 54, 63};

// Seven bits a byte, least significant first; the shortest form only. The bytes it took, 0 when it is none.
std::size_t read_tag(ByteView bytes, std::uint64_t& tag) {
  tag = 0;
  for (std::size_t i = 0; i < bytes.size() && 7 * i < kTagBitsMax; ++i) {
    tag |= static_cast<std::uint64_t>(bytes[i] & 0x7fU) << (7 * i);
    if (bytes[i] < 0x80) return bytes[i] == 0 && i > 0 ? 0 : i + 1;
  }
  return 0;
}

bool checksum_holds(ByteView bytes) {
  const auto digest = keccak256(bytes.first(bytes.size() - kChecksumBytes));
  return std::equal(digest.begin(), digest.begin() + kChecksumBytes, bytes.end() - kChecksumBytes);
}

std::optional<Wallet> wallet_of(std::uint64_t tag, bool integrated, std::string_view text) {
  const auto* const known = std::ranges::find(kTags, tag, &Tag::value);
  if (known == kTags.end()) {
    if (std::ranges::count(kTestTags, tag) > 0) return std::nullopt;
    return Wallet{std::string(kUnknownCoin), integrated ? "integrated" : "standard", std::string(text)};
  }
  if ((known->kind == "integrated") != integrated) return std::nullopt;
  return Wallet{std::string(known->coin), std::string(known->kind), std::string(text)};
}

}  // namespace

std::optional<Wallet> parse_cryptonote_wallet(std::string_view text) {
  if (text.size() < kCharactersMin || text.size() > kCharactersMax) return std::nullopt;
  const auto bytes = decode_monero_base58(text);
  if (!bytes) return std::nullopt;
  std::uint64_t tag = 0;
  const std::size_t tag_bytes = read_tag(*bytes, tag);
  if (tag_bytes == 0 || bytes->size() < tag_bytes + kKeysBytes + kChecksumBytes) return std::nullopt;
  const std::size_t extra = bytes->size() - tag_bytes - kKeysBytes - kChecksumBytes;
  if ((extra != 0 && extra != kPaymentIdBytes) || !checksum_holds(*bytes)) return std::nullopt;
  return wallet_of(tag, extra != 0, text);
}

}  // namespace davy::mining
