// The words that the exercise program was given, read into the settings of its commands.
//
// Own small reader rather than base/arguments.h, whose help table would stand readable in the program (see texts.h).
// Forms: --name value, flags, `--` before a command to run. Pure functions; views into the given words.
// Errors: invalid_argument, naming the wrong word.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "drill/plan.h"
#include "drill/pool.h"
#include "drill/talks/live.h"

namespace davy::drill {

class Words {
 public:
  static Result<Words> read(std::span<char*> words);

  std::optional<std::string_view> value(MaskedView option) const;  // the last one given
  std::vector<std::string_view> values(MaskedView option) const;
  bool has(MaskedView flag) const { return value(flag).has_value(); }
  Result<std::uint32_t> number(MaskedView option, std::uint32_t fallback, std::uint32_t min, std::uint32_t max) const;
  Status only(std::span<const MaskedView> allowed) const;
  const std::vector<std::string_view>& positionals() const { return positionals_; }
  std::span<char*> command() const { return command_; }  // behind `--`

 private:
  std::vector<std::pair<std::string_view, std::string_view>> options_;
  std::vector<std::string_view> positionals_;
  std::span<char*> command_;
};

struct MineRequest {
  Plan plan;
  std::string_view pool_text;                   // as given, empty for none
  std::optional<std::string_view> config_path;  // "-" is standard input
};

struct TalkRequest {
  const Talk* talk = nullptr;
  TalkChoice choice;
  std::string_view path;                // of the capture file; empty when it is played live
  std::optional<LoopbackAddress> join;  // the server to join; none to be the server
  LiveChoice live;
};

struct RelayRequest {
  LoopbackAddress server;
  TlsVersion inside = TlsVersion::none, outside = TlsVersion::none;
  LiveChoice live;
};

Result<MineRequest> read_mine(const Words& words);
Result<PoolSettings> read_pool(const Words& words);
Result<TalkRequest> read_talk(const Words& words);
Result<RelayRequest> read_relay(const Words& words);

}  // namespace davy::drill
