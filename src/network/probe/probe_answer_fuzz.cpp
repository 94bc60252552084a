// A server's answer to each question of a prober, from hostile bytes; the first byte chooses the question.
#include "network/probe/probe_answer.h"
#include "network/probe/probe_question.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace davy::network::probe;
  if (size == 0) return 0;
  const auto questions = questions_for(true);
  const davy::Bytes sent = bytes_of(questions[data[0] % questions.size()], "pool.example", 7);
  const Answer answer = judge_answer(sent, davy::ByteView(data + 1, size - 1), {"invalid address used for login"});
  if (answer.excerpt.size() > 4 * kExcerptMax) __builtin_trap();
  return 0;
}
