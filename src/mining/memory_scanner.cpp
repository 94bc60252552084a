#include "mining/memory_scanner.h"

#include <algorithm>
#include <set>

#include "mining/miner_text.h"
#include "mining/randomx.h"
#include "mining/wallet.h"

namespace davy::mining {
namespace {

constexpr std::uint32_t kCodeIds = 1U << 20;  // ids below are constants
constexpr std::uint32_t kTextIds = 1U << 21;

// SHA-256 opens its library's settings when it is first used, which a confined process may not.
constexpr std::string_view kWalletOfTheFirstBlock = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";

void append(std::vector<match::Pattern>& all, std::vector<match::Pattern> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

struct MemoryScanner::Progress {
  MemoryMarks marks;
  std::set<std::uint32_t> constants;
  std::size_t looked_at = 0;
};

Result<MemoryScanner> MemoryScanner::create(const Json& proof_constants) {
  (void)parse_wallet(kWalletOfTheFirstBlock);
  ProofConstants constants = TRY(ProofConstants::parse(proof_constants));
  std::vector<match::Pattern> patterns = constants.patterns();
  append(patterns, randomx_code_patterns(kCodeIds));
  append(patterns, text_anchors(kTextIds));
  auto matcher = TRY(match::PatternMatcher::create(patterns));
  return MemoryScanner(std::move(constants), std::move(matcher));
}

void MemoryScanner::scan(const MemoryWindow& window, Progress& progress) const {
  std::size_t next_text = 0;  // anchors inside the context of the last closer look are part of it
  matcher_->scan(window.bytes, [&](std::uint32_t id, std::size_t end) {
    if (id < kCodeIds) {
      progress.constants.insert(id);
    } else if (id < kTextIds) {
      if (window.kind == MemoryWindow::Kind::anonymous_code) ++progress.marks.randomx_code;
    } else if (window.kind == MemoryWindow::Kind::anonymous_data && end >= next_text &&
               progress.looked_at < kAnchorsLookedAtMax) {
      ++progress.looked_at;
      auto seen = read_miner_text(as_text(window.bytes), end - 1, "memory");
      if (!seen) return true;
      next_text = end + model::kExcerptBytesMax;
      if (progress.marks.texts.size() < kMemoryTextsMax && !is_known(progress.marks.texts, *seen))
        progress.marks.texts.push_back(std::move(*seen));
    }
    return true;
  });
}

MemoryMarks MemoryScanner::scan(std::span<const MemoryWindow> windows) const {
  Progress progress;
  for (const MemoryWindow& window : windows) scan(window, progress);
  progress.marks.families = constants_.families(progress.constants);
  return std::move(progress.marks);
}

}  // namespace davy::mining
