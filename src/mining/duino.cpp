// Duino-Coin: lines of text. The server names its version, the client asks "JOB,user,difficulty[,key]", gets
// "last hash,expected hash,difficulty", answers "number,rate,miner,rig..." and hears GOOD or BAD. Source: the coin's
// public protocol description. The expected hash is known to both sides, so an answer is not checked here.
// Some clients end no line with a newline: a line also ends where the other side begins to speak.
#include <algorithm>
#include <array>

#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::size_t kLineMax = 512;
constexpr std::size_t kFieldsMax = 8;
constexpr std::size_t kHashDigits = 40;  // SHA-1
constexpr double kNoncesPerDifficulty = 100.0;

// Names of difficulties and boards that servers know.
constexpr std::array<std::string_view, 16> kDifficulties = {
    "LOW",     "MEDIUM",   "NET",      "EXTREME",   "AVR",   "DUE",    "ARM",  "MEGA",
    "ESP8266", "ESP8266H", "ESP8266N", "ESP8266NH", "ESP32", "ESP32S", "PICO", "PICO08"};

bool is_number(std::string_view text, bool fraction) {
  const auto allowed = [&](char c) { return (c >= '0' && c <= '9') || (fraction && c == '.'); };
  return !text.empty() && text.size() <= 24 && std::ranges::all_of(text, allowed) && std::ranges::count(text, '.') <= 1;
}

struct Fields {
  std::array<std::string_view, kFieldsMax> text;
  std::size_t count = 0;  // kFieldsMax + 1: more
};

Fields split(std::string_view line) {
  Fields out;
  for (bool more = true; more;) {
    const std::size_t comma = line.find(',');
    if (out.count == kFieldsMax) return ++out.count, out;
    out.text[out.count++] = line.substr(0, comma);
    more = comma != std::string_view::npos;
    if (more) line.remove_prefix(comma + 1);
  }
  return out;
}

class Duino final : public ByteDialect {
 public:
  Duino() { facts_.dialect = "duino"; }

  Fit see(Side side, ByteView bytes, std::uint64_t offset, bool, Timestamp at) override {
    Lines& lines = lines_[static_cast<std::size_t>(side)];
    Lines& others = lines_[side == Side::client ? 1 : 0];
    Fit best = Fit::none;
    bool read = !others.text.empty();
    if (read) best = finish(other(side), others, at);
    if (offset != lines.expected) lines.text.clear(), lines.skip = true;
    lines.expected = offset + bytes.size();
    for (const std::uint8_t byte : bytes) {
      if (byte != '\n' && (lines.skip || lines.text.size() == kLineMax)) lines.skip = true, lines.text.clear();
      else if (byte != '\n') lines.text.push_back(static_cast<char>(byte));
      else best = std::max(best, finish(side, lines, at)), read = true;
    }
    return read ? best : Fit::neutral;
  }

 private:
  struct Lines {
    std::string text;
    bool skip = false;  // to the next newline
    std::uint64_t expected = 0;
  };

  static Side other(Side side) { return side == Side::client ? Side::server : Side::client; }

  Fit finish(Side side, Lines& lines, Timestamp at) {
    if (std::exchange(lines.skip, false)) return Fit::none;
    std::string line = std::exchange(lines.text, {});
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    const Fields fields = split(line);
    const Fit fit = side == Side::client ? client(fields, at) : server(line, fields);
    if (fit == Fit::fits) facts_.role = Role::pool, facts_.coin = "duino", facts_.algorithm = "duco-s1";
    return talk::count(facts_, side, fit);
  }

  Fit client(const Fields& fields, Timestamp at) {
    if (fields.text[0] == "JOB" || fields.text[0] == "JOBXX") return ask(fields);
    const bool answer = fields.count >= 2 && fields.count <= kFieldsMax && is_number(fields.text[0], false) &&
                        is_number(fields.text[1], true);
    if (!answer || facts_.jobs == 0) return answer ? Fit::neutral : Fit::none;
    talk::note_sent(facts_.shares, at);
    ++facts_.shares.unchecked;
    if (fields.count > 2) talk::set_once(facts_.agent, fields.text[2]);
    if (fields.count > 3) talk::set_once(facts_.worker, fields.text[3]);
    return Fit::fits;
  }

  // A user and a difficulty; when that has no known name, the server's answer tells.
  Fit ask(const Fields& fields) {
    if (fields.count < 2 || fields.count > 4 || fields.text[1].empty()) return Fit::none;
    asked_ = true;
    facts_.client_greeted = true;
    talk::set_once(facts_.account, fields.text[1]);
    const bool known = fields.count > 2 && std::ranges::find(kDifficulties, fields.text[2]) != kDifficulties.end();
    if (!known) return Fit::neutral;
    asked_ = false;
    return Fit::fits;
  }

  Fit server(std::string_view line, const Fields& fields) {
    if (fields.count == 3 && talk::is_hex_digits(fields.text[0], kHashDigits, kHashDigits) &&
        talk::is_hex_digits(fields.text[1], kHashDigits, kHashDigits) && is_number(fields.text[2], false))
      return job(fields.text[2]);
    if (fields.text[0] == "GOOD" || fields.text[0] == "BLOCK") return verdict(true);
    if (fields.text[0] == "BAD") return verdict(false);
    return is_number(line, true) ? Fit::neutral : Fit::none;
  }

  Fit job(std::string_view difficulty) {
    if (std::exchange(asked_, false)) ++facts_.client_fits;
    facts_.server_agreed = true, ++facts_.jobs;
    difficulty_ = 0.0;
    for (const char digit : difficulty) difficulty_ = difficulty_ * 10.0 + (digit - '0');
    return Fit::fits;
  }

  Fit verdict(bool good) {
    if (facts_.jobs == 0) return Fit::neutral;
    ++(good ? facts_.shares.accepted : facts_.shares.rejected);
    if (good) facts_.shares.expected_hashes += difficulty_ * kNoncesPerDifficulty / 2;  // half of them on average
    return Fit::neutral;
  }

  std::array<Lines, 2> lines_;
  bool asked_ = false;
  double difficulty_ = 0.0;
};

}  // namespace

std::unique_ptr<ByteDialect> create_duino_dialect() { return std::make_unique<Duino>(); }

}  // namespace davy::mining
