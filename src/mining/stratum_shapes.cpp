#include "mining/stratum_shapes.h"

#include <algorithm>

#include "mining/pool_talk.h"

namespace davy::mining::stratum {
namespace {

struct Names {
  std::string_view dialect, coin, algorithm;
};
// In the order of Family. Coins: the one that the member was made for; Ethereum stands for its family.
constexpr Names kNames[] = {{"stratum", "", ""},
                            {"stratum", "", ""},
                            {"stratum.zcash", "zcash", "equihash 200,9"},
                            {"stratum.kawpow", "ravencoin", "kawpow"},
                            {"stratum.kaspa", "kaspa", "kheavyhash"},
                            {"stratum.ergo", "ergo", "autolykos2"},
                            {"stratum.conflux", "conflux", "octopus"},
                            {"stratum.alephium", "alephium", "blake3"},
                            {"stratum.aeternity", "aeternity", "cuckoo29"},
                            {"ethereumstratum.1", "ethereum", "ethash"},
                            {"ethereumstratum.2", "ethereum", "ethash"}};
const Names& names_of(Family family) { return kNames[static_cast<std::size_t>(family)]; }

constexpr std::size_t kKaspaHeaderDigits = 80;  // a hash and a time
constexpr std::size_t kKaspaHeaderWords = 4;
constexpr std::size_t kNonceDigitsMax = 64;
constexpr std::size_t kBareNonceDigits = 6;  // shorter ones, without "0x", may be words
constexpr std::size_t kSolutionDigitsMin = 72, kSolutionDigitsMax = 4'096;
constexpr std::size_t kCycleLength = 42;
constexpr std::size_t kBranchMax = 64;
constexpr std::size_t kCoinbaseDigitsMax = 64U << 10;
constexpr std::size_t kTargetDecimalMax = 80;

struct Equihash {
  std::size_t digits;
  std::string_view name;
};
constexpr Equihash kEquihash[] = {{2'694, "equihash 200,9"},  // 1344 bytes behind fd4005
                                  {806, "equihash 192,7"},    // 400 behind fd9001
                                  {202, "equihash 144,5"},    // 100 behind 64
                                  {106, "equihash 125,4"}};   // 52 behind 34

using Items = Json::Array;
bool is_u32(const Json& value) { return is_hex(value, 8, 8); }
bool is_flag(const Json& value) { return value == Json(true) || value == Json(false); }
bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
bool is_height(const Json& value) {
  return value.is_number() || (value.string_or("").size() <= kNonceDigitsMax && is_digits(value.string_or("")));
}
bool is_job_id(const Json& value) {
  const std::string_view text = value.string_or("");
  return value.is_number() || (!text.empty() && text.size() <= 256);
}
bool is_nonce(const Json& value) { return is_hex(value, 1, kNonceDigitsMax); }
bool is_plain_nonce(const Json& value) {
  return is_nonce(value) && (value.string_or("").size() >= kBareNonceDigits || value.string_or("").starts_with("0x"));
}

bool all_hashes(const Items& items) { return items.size() <= kBranchMax && std::ranges::all_of(items, is_hash); }

// [job, previous hash, coinbase 1, coinbase 2, branch, version, bits, time, clean]; Sia leaves the version empty and
// has a longer time.
bool is_bitcoin(const Items& p) {
  return p.size() >= 8 && is_hash(p[1]) && is_hex(p[2], 2, kCoinbaseDigitsMax) && is_hex(p[3], 0, kCoinbaseDigitsMax) &&
         p[4].is_array() && all_hashes(p[4].items()) && is_hex(p[5], 0, 8) && is_u32(p[6]) && is_hex(p[7], 8, 16);
}

// [job, version, previous hash, merkle root, reserved, time, bits, clean]
bool is_zcash(const Items& p) {
  return p.size() >= 8 && is_u32(p[1]) && is_hash(p[2]) && is_hash(p[3]) && is_hash(p[4]) && is_u32(p[5]) &&
         is_u32(p[6]);
}

// [job, header, seed, target, clean, height, bits]
bool is_kawpow(const Items& p) {
  return p.size() >= 6 && is_hash(p[1]) && is_hash(p[2]) && is_hash(p[3]) && is_flag(p[4]) && is_height(p[5]);
}

// [job, header and time] or [job, [four words], time]
bool is_kaspa(const Items& p) {
  if (p.size() == 2) return is_hex(p[1], kKaspaHeaderDigits, kKaspaHeaderDigits);
  const auto number = [](const Json& word) { return word.is_number(); };
  return p.size() == 3 && p[1].items().size() == kKaspaHeaderWords && std::ranges::all_of(p[1].items(), number) &&
         p[2].is_number();
}

// [job, height, message, "", "", version, target, "", clean] or [job, height, message, "", clean]
bool is_ergo(const Items& p) {
  if (p.size() != 5 && p.size() < 8) return false;
  if (!is_height(p[1]) || !is_hash(p[2]) || !p[3].is_string()) return false;
  if (p.size() == 5) return is_flag(p[4]);
  return p[4].is_string() && is_digits(p[6].string_or("")) && p[6].string_or("").size() <= kTargetDecimalMax;
}

// [job, height, hash, boundary]
bool is_conflux(const Items& p) { return p.size() == 4 && is_height(p[1]) && is_hash(p[2]) && is_hash(p[3]); }

// [job, (version,) header, clean]
bool is_aeternity(const Items& p) {
  if (p.size() == 3) return is_hash(p[1]) && is_flag(p[2]);
  return p.size() == 4 && p[1].is_number() && is_hash(p[2]) && is_flag(p[3]);
}

// [job, seed, header, clean]
bool is_ethereum1(const Items& p) { return p.size() == 4 && is_hash(p[1]) && is_hash(p[2]) && is_flag(p[3]); }

// [job, height, header, "0" or "1"]
bool is_ethereum2(const Items& p) {
  return p.size() == 4 && is_hex(p[1], 1, 16) && is_hash(p[2]) && (p[3] == Json("0") || p[3] == Json("1"));
}

// [{jobId, fromGroup, toGroup, headerBlob, txsBlob, targetBlob}, ...]
bool is_alephium(const Items& p) {
  return !p.empty() && p.size() <= kBranchMax && std::ranges::all_of(p, [](const Json& job) {
    return is_job_id(job["jobId"]) && is_hex(job["headerBlob"], 2, kCoinbaseDigitsMax) &&
           is_hex(job["targetBlob"], 2, 64) && job["txsBlob"].is_string();
  });
}

struct Shape {
  Family family;
  bool (*fits)(const Items&);
};
constexpr Shape kNotify[] = {
    {Family::bitcoin, is_bitcoin},     {Family::zcash, is_zcash},         {Family::kawpow, is_kawpow},
    {Family::conflux, is_conflux},     {Family::ethereum1, is_ethereum1}, {Family::ethereum2, is_ethereum2},
    {Family::aeternity, is_aeternity}, {Family::kaspa, is_kaspa},         {Family::ergo, is_ergo}};

// What stands behind worker and job in a share, by the member that alone has it so.
Family family_of_share(const Items& p) {
  if (p.size() >= 5 && is_u32(p[2]) && is_nonce(p[3]) && is_hex(p[4], kSolutionDigitsMin, kSolutionDigitsMax))
    return Family::zcash;
  if (p.size() == 5 && is_nonce(p[2]) && is_hash(p[3]) && is_hash(p[4])) return Family::kawpow;
  if (p.size() >= 5 && is_nonce(p[2]) && is_hex(p[3], 8, 16) && is_hex(p[4], 8, 16)) return Family::bitcoin;
  if (p.size() == 4 && p[3].items().size() == kCycleLength) return Family::aeternity;
  if (p.size() == 4 && is_nonce(p[2]) && is_hash(p[3])) return Family::conflux;
  return Family::unknown;
}

std::string joined(const Items& p, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < p.size() && i < from + 4; ++i)
    if (p[i].is_string()) out.append(hex_digits(p[i].string_or(""))).push_back('/');
  return out;
}

std::optional<Submission> read_alephium_submit(const Json& p) {
  if (!is_job_id(p["jobId"]) || !is_nonce(p["nonce"]) || !p["fromGroup"].is_number()) return std::nullopt;
  return Submission{Family::alephium, word_of(p["worker"]), word_of(p["jobId"]), hex_digits(p["nonce"].string_or(""))};
}

// [job, nonce, worker]
bool is_ethereum2_submit(const Items& p, Family known) {
  const bool turned = is_plain_nonce(p[1]) && (known == Family::ethereum2 || !is_nonce(p[2]));
  return p.size() == 3 && turned && p[2].is_string();
}

// Ergo's shares have Bitcoin's places, some of them empty.
bool has_nonce(const Items& p) {
  const auto texts = std::ranges::all_of(
      p.begin() + 2, p.end(), [](const Json& part) { return part.is_array() || is_hex(part, 0, kSolutionDigitsMax); });
  return texts && std::any_of(p.begin() + 2, p.end(), is_plain_nonce);
}

// [["mining.notify", id, ...], ...] or ["mining.notify", id, ...]
const Json* find_subscription(const Json& list) {
  if (list.items().empty()) return nullptr;
  const Json& first = list.items()[0];
  const Json& pair = first.is_array() ? first : list;
  const bool named = !pair.items().empty() && pair.items()[0].string_or("").starts_with("mining.");
  return named ? &pair : nullptr;
}

std::optional<Welcome> read_hello(const Json& result) {
  const bool named = result["proto"] == Json(kEthereumStratum2);
  const bool usual = result["encoding"].is_string() && result["timeout"].is_string() && result["node"].is_string();
  if (!named && !usual) return std::nullopt;
  return Welcome{Family::ethereum2, true, {}};
}

}  // namespace

std::string_view dialect_of(Family family) { return names_of(family).dialect; }
std::string_view coin_of(Family family) { return names_of(family).coin; }
std::string_view algorithm_of(Family family) { return names_of(family).algorithm; }

std::optional<Family> family_of_notify(const Json& params) {
  const Items& items = params.items();
  if (is_alephium(items)) return Family::alephium;
  if (items.size() < 2 || !is_job_id(items[0])) return std::nullopt;
  const auto* shape = std::ranges::find_if(kNotify, [&](const Shape& any) { return any.fits(items); });
  if (shape == std::end(kNotify)) return std::nullopt;
  return shape->family;
}

std::optional<Submission> read_submit(const Json& params, Family known) {
  if (params.is_object()) return read_alephium_submit(params);
  const Items& items = params.items();
  if (items.size() < 3 || items.size() > 8) return std::nullopt;
  if (is_ethereum2_submit(items, known))
    return Submission{Family::ethereum2, word_of(items[2]), word_of(items[0]), hex_digits(items[1].string_or(""))};
  if (!items[0].is_string() || !is_job_id(items[1]) || !has_nonce(items)) return std::nullopt;
  return Submission{family_of_share(items), word_of(items[0]), word_of(items[1]), joined(items, 2)};
}

std::optional<Welcome> read_welcome(const Json& result) {
  if (result.is_object()) return read_hello(result);
  const Items& items = result.items();
  if (items.size() < 2 || items.size() > 3) return std::nullopt;
  if (const Json* subscription = find_subscription(items[0])) {
    const bool ethereum = subscription->items().size() > 2 && subscription->items()[2] == Json(kEthereumStratum1);
    if (!is_hex(items[1], 0, kNonceDigitsMax)) return std::nullopt;
    return Welcome{ethereum            ? Family::ethereum1
                   : items.size() == 3 ? Family::bitcoin
                                       : Family::unknown,
                   true, items[1].string_or("")};
  }
  if (items[0] == Json(true) && items[1] == Json(kEthereumStratum1)) return Welcome{Family::kaspa, true, {}};
  const bool session = items[0].is_null() || items[0].is_string();
  if (!session || !is_hex(items[1], 0, kNonceDigitsMax)) return std::nullopt;
  return Welcome{Family::unknown, false, items[1].string_or("")};
}

bool is_refusal(const Json& error) {
  const Items& items = error.items();
  if (items.size() < 2 || !items[0].is_number() || !items[1].is_string()) return false;
  return items[0].int_or(0) >= 20 && items[0].int_or(0) <= 29;
}

std::string_view equihash_of(std::size_t solution_digits) {
  const auto* at = std::ranges::find(kEquihash, solution_digits, &Equihash::digits);
  return at == std::end(kEquihash) ? std::string_view() : at->name;
}

}  // namespace davy::mining::stratum
