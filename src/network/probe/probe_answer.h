// What a server's answer to a question says: is it a pool's?
//
// The question and the answer go through the same unwrapper and dialects as a captured conversation. Beyond that, an
// error object in answer to our id is compared with the sentences that pools say (part "pool_errors" of the pack). A
// server that sends the question back is an echo, and no pool. Foreign bytes: fuzzed. Deterministic; thread-safe.
//
//   const Answer answer = judge_answer(sent, received, sentences);
//   if (answer.kind == AnswerKind::job) report(answer.dialect);
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

namespace davy::network::probe {

inline constexpr std::size_t kAnswerBytesMax = 64U << 10;
inline constexpr std::size_t kExcerptMax = 160;
inline constexpr std::size_t kSentencesMax = 500;

enum class AnswerKind : std::uint8_t {
  nothing,     // no byte
  other,       // something that is no pool's
  echo,        // our own words
  pool_error,  // a refusal in a pool's words
  greeting,    // our greeting answered as only pools do
  job,         // work given to us
};
std::string_view name_of(AnswerKind kind);
AnswerKind parse_answer_kind(std::string_view name);  // `other` for what is none

struct Answer {
  AnswerKind kind = AnswerKind::nothing;
  std::string dialect, coin;
  std::string excerpt;  // the beginning of what came back, printable
};

// The sentences of the part "pool_errors": {"sentences":[{"text","source"}]}, in lower case. Errors: malformed.
Result<std::vector<std::string>> parse_sentences(const Json& part);

Answer judge_answer(ByteView sent, ByteView received, const std::vector<std::string>& sentences);

}  // namespace davy::network::probe
