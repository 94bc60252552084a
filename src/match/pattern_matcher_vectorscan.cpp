#include <hs/hs.h>

#include <algorithm>
#include <exception>
#include <new>
#include <string>

#include "match/pattern_matcher.h"

namespace davy::match {
namespace {

struct FreeDatabase {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct FreeScratch {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
struct FreeError {
  void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
using Scratch = std::unique_ptr<hs_scratch_t, FreeScratch>;

// Each byte as \xNN: the form that takes every byte value, NUL at the start included.
std::string expression_of(const Bytes& bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes) out.append("\\x").append(to_hex({&byte, 1}));
  return out;
}

Result<hs_database_t*> compile(std::span<const Pattern> patterns) {
  std::vector<std::string> expressions;
  std::vector<const char*> pointers;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  expressions.reserve(patterns.size());
  for (const Pattern& pattern : patterns) {
    pointers.push_back(expressions.emplace_back(expression_of(pattern.bytes)).c_str());
    flags.push_back(pattern.ignore_case ? HS_FLAG_CASELESS : 0U);
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const auto count = static_cast<unsigned>(patterns.size());
  const hs_error_t code =
      hs_compile_multi(pointers.data(), flags.data(), ids.data(), count, HS_MODE_BLOCK, nullptr, &database, &error);
  const std::unique_ptr<hs_compile_error_t, FreeError> error_owner(error);
  if (code != HS_SUCCESS)
    return fail(ErrorCode::unsupported, "vectorscan cannot compile the patterns", error ? error->message : "");
  return database;
}

// One block of a scan, as the library's callback sees it.
struct Run {
  const HitFunction& hit;
  const std::vector<std::uint32_t>& ids;
  std::size_t base;   // where the block starts
  std::size_t known;  // hits that end at or before it were reported with the block before
  bool stopped = false;
  std::exception_ptr thrown{};
};

int on_match(unsigned index, unsigned long long, unsigned long long to, unsigned, void* context) {
  Run& run = *static_cast<Run*>(context);
  const std::size_t end = run.base + static_cast<std::size_t>(to);
  if (end <= run.known) return 0;
  try {
    run.stopped = !run.hit(run.ids[index], end);
  } catch (...) {
    run.thrown = std::current_exception();
    run.stopped = true;
  }
  return run.stopped ? 1 : 0;
}

class FastMatcher final : public PatternMatcher {
 public:
  FastMatcher(hs_database_t* database, std::span<const Pattern> patterns, std::size_t block_bytes)
      : database_(database), block_bytes_(block_bytes) {
    for (const Pattern& pattern : patterns) {
      ids_.push_back(pattern.id);
      longest_ = std::max(longest_, pattern.bytes.size());
    }
  }

  Status prepare() {
    hs_scratch_t* scratch = nullptr;
    if (hs_alloc_scratch(database_.get(), &scratch) != HS_SUCCESS)
      return fail(ErrorCode::unsupported, "vectorscan cannot prepare its scratch memory");
    prototype_.reset(scratch);
    if (block_bytes_ <= longest_) return fail(ErrorCode::invalid_argument, "a block is shorter than a pattern");
    return {};
  }

  void scan(ByteView bytes, const HitFunction& hit) const override {
    hs_scratch_t* clone = nullptr;
    if (hs_clone_scratch(prototype_.get(), &clone) != HS_SUCCESS) throw std::bad_alloc();
    const Scratch scratch(clone);
    std::size_t known = 0;
    while (known < bytes.size()) {
      const std::size_t begin = known - std::min(known, longest_ - 1);
      const ByteView block = bytes.subspan(begin, std::min(block_bytes_, bytes.size() - begin));
      Run run{hit, ids_, begin, known};
      hs_scan(database_.get(), reinterpret_cast<const char*>(block.data()), static_cast<unsigned>(block.size()), 0,
              scratch.get(), on_match, &run);
      if (run.thrown) std::rethrow_exception(run.thrown);
      if (run.stopped) return;
      known = begin + block.size();
    }
  }

 private:
  std::unique_ptr<hs_database_t, FreeDatabase> database_;
  Scratch prototype_;  // only cloned from, which the library allows at any time
  std::vector<std::uint32_t> ids_;
  std::size_t longest_ = 1;
  std::size_t block_bytes_;
};

}  // namespace

Result<std::unique_ptr<PatternMatcher>> create_fast_matcher(std::span<const Pattern> patterns,
                                                            std::size_t block_bytes) {
  TRY(check_patterns(patterns));
  hs_database_t* const database = TRY(compile(patterns));
  auto matcher = std::make_unique<FastMatcher>(database, patterns, std::min(block_bytes, kFastBlockBytes));
  TRY(matcher->prepare());
  return matcher;
}

}  // namespace davy::match
