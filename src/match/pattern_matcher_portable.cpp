// Problem: find thousands of patterns in one pass, in time that does not depend on how many there are.
// Example: {"pool", "ool+"} in "xpool+" ends at 5 and at 6.
// Idea (Aho and Corasick, Communications of the ACM 18(6), 1975): a trie of all patterns whose missing edges lead where
// the longest suffix already read would go on. Here the edges are filled in for every byte class, so each input byte
// costs one look-up. Bytes that no pattern holds share a class, and letters lose their case on the way in; a pattern
// with case is compared with the input where the automaton says that it may end.
#include <algorithm>
#include <array>
#include <queue>

#include "match/pattern_matcher.h"

namespace davy::match {
namespace {

using State = std::uint32_t;
constexpr State kRoot = 0;
constexpr State kNone = ~State{0};
constexpr std::size_t kCellsMax = 64U << 20;  // edges in all: 256 MiB

constexpr std::uint8_t folded(std::uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte | 0x20U) : byte;
}

class PortableMatcher final : public PatternMatcher {
 public:
  static Result<std::unique_ptr<PatternMatcher>> create(std::span<const Pattern> patterns) {
    auto matcher = std::make_unique<PortableMatcher>();
    matcher->patterns_.assign(patterns.begin(), patterns.end());
    matcher->choose_classes();
    std::size_t states = 1;
    for (const Pattern& pattern : patterns) states += pattern.bytes.size();
    if (states * matcher->classes_ > kCellsMax)
      return fail(ErrorCode::limit_exceeded, "the patterns need too large an automaton");
    matcher->add_state();
    for (std::uint32_t i = 0; i < patterns.size(); ++i) matcher->add(i);
    matcher->connect();
    return matcher;
  }

  void scan(ByteView bytes, const HitFunction& hit) const override {
    State state = kRoot;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      state = edges_[state * classes_ + class_of_[bytes[i]]];
      if (first_output_[state] != kNone && !report(state, bytes.first(i + 1), hit)) return;
    }
  }

 private:
  void choose_classes() {
    class_of_.fill(0);
    std::array<bool, 256> used{};
    for (const Pattern& pattern : patterns_)
      for (const std::uint8_t byte : pattern.bytes) used[folded(byte)] = true;
    for (std::size_t byte = 0; byte < 256; ++byte)
      if (used[byte]) class_of_[byte] = static_cast<std::uint16_t>(classes_++);
    for (std::size_t byte = 'A'; byte <= 'Z'; ++byte) class_of_[byte] = class_of_[byte | 0x20U];
  }

  State add_state() {
    edges_.resize(edges_.size() + classes_, kNone);
    own_.push_back(kNone);
    return static_cast<State>(own_.size() - 1);
  }

  void add(std::uint32_t index) {
    State state = kRoot;
    for (const std::uint8_t byte : patterns_[index].bytes) {
      const std::size_t cell = state * classes_ + class_of_[byte];
      if (edges_[cell] == kNone) {
        const State fresh = add_state();
        edges_[cell] = fresh;
      }
      state = edges_[cell];
    }
    same_end_.push_back(own_[state]);
    own_[state] = index;
  }

  // Breadth first, so that the state a failure leads to is complete before it is copied from.
  void connect() {
    std::vector<State> failure(own_.size(), kRoot);
    first_output_.assign(own_.size(), kNone);
    next_output_.assign(own_.size(), kNone);
    std::queue<State> waiting;
    waiting.push(kRoot);
    while (!waiting.empty()) {
      const State state = waiting.front();
      waiting.pop();
      const State shorter = failure[state];
      next_output_[state] = state == kRoot ? kNone : first_output_[shorter];
      first_output_[state] = own_[state] != kNone ? state : next_output_[state];
      for (std::size_t c = 0; c < classes_; ++c) {
        State& edge = edges_[state * classes_ + c];
        const State otherwise = state == kRoot ? kRoot : edges_[shorter * classes_ + c];
        if (edge == kNone) {
          edge = otherwise;
        } else {
          failure[edge] = otherwise;
          waiting.push(edge);
        }
      }
    }
  }

  bool report(State state, ByteView read, const HitFunction& hit) const {
    for (State at = first_output_[state]; at != kNone; at = next_output_[at])
      for (std::uint32_t i = own_[at]; i != kNone; i = same_end_[i])
        if (ends_with(read, patterns_[i]) && !hit(patterns_[i].id, read.size())) return false;
    return true;
  }

  static bool ends_with(ByteView read, const Pattern& pattern) {
    return pattern.ignore_case || std::ranges::equal(read.last(pattern.bytes.size()), pattern.bytes);
  }

  std::vector<Pattern> patterns_;
  std::array<std::uint16_t, 256> class_of_{};
  std::size_t classes_ = 1;  // class 0: bytes that no pattern holds
  std::vector<State> edges_;
  std::vector<std::uint32_t> own_;       // the last pattern added that ends here
  std::vector<std::uint32_t> same_end_;  // of a pattern: the one added before it that ends in the same state
  std::vector<State> first_output_;      // the nearest state on the way of failures where a pattern ends
  std::vector<State> next_output_;       // the one after it
};

}  // namespace

Result<std::unique_ptr<PatternMatcher>> create_portable_matcher(std::span<const Pattern> patterns) {
  TRY(check_patterns(patterns));
  return PortableMatcher::create(patterns);
}

}  // namespace davy::match
