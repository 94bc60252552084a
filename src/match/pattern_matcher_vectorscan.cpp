// Problem: vectorscan 5.4.9, which distributions ship, loses hits on processors with AVX-512.
// Example: "\x81" and two more patterns, 88 bytes to scan: found or not depending on the address that the bytes lie at.
// Of random scans with patterns of few different first bytes about one in three thousand lost something, expressions
// and literals alike; it seems to be the skipping ahead to a byte that may begin a pattern. Idea: look for literals,
// and add decoys with many different bytes, so that skipping does not pay and is left out. Of 140,000 random scans none
// lost anything then, with 64 decoys as with 16. More than 64 take long to compile. The fuzz target beside this file
// keeps comparing with the portable matcher. The library's literals cannot begin with a zero byte: those zeros are
// compared here.
#include <hs/hs.h>

#include <algorithm>
#include <cassert>
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

constexpr unsigned kDecoyId = 0xffff'ffff;
constexpr std::size_t kDecoyBytes = 8;
constexpr std::size_t kDecoys = 64;

// Patterns that nobody asked for, with kDecoys different bytes at each of their positions.
std::vector<std::string> make_decoys() {
  std::vector<std::string> out(kDecoys);
  for (std::size_t i = 0; i < kDecoys; ++i)
    for (std::size_t position = 0; position < kDecoyBytes; ++position)
      out[i].push_back(static_cast<char>(i * 4 * (14 * position + 1) + position * (59 + 17 * position)));
  std::erase_if(out, [](const std::string& decoy) { return decoy[0] == '\0'; });
  return out;
}

std::size_t leading_zeros(const Pattern& pattern) {
  const auto first = std::ranges::find_if(pattern.bytes, [](std::uint8_t byte) { return byte != 0; });
  return static_cast<std::size_t>(first - pattern.bytes.begin());
}

// What the library is to look for, in the form that its compiler takes.
struct Literals {
  void add(std::string_view bytes, unsigned flag, unsigned id) {
    pointers.push_back(bytes.data()), lengths.push_back(bytes.size()), flags.push_back(flag), ids.push_back(id);
  }
  std::vector<const char*> pointers;
  std::vector<std::size_t> lengths;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
};

Result<hs_database_t*> compile(std::span<const Pattern> patterns) {
  const std::vector<std::string> decoys = make_decoys();
  Literals literals;
  for (const Pattern& pattern : patterns) {
    const ByteView wanted = ByteView(pattern.bytes).subspan(leading_zeros(pattern));
    if (wanted.empty()) return fail(ErrorCode::unsupported, "vectorscan takes no pattern of zero bytes only");
    literals.add(as_text(wanted), pattern.ignore_case ? HS_FLAG_CASELESS : 0U,
                 static_cast<unsigned>(literals.ids.size()));
  }
  for (const std::string& decoy : decoys) literals.add(decoy, 0, kDecoyId);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t code = hs_compile_lit_multi(literals.pointers.data(), literals.flags.data(), literals.ids.data(),
                                               literals.lengths.data(), static_cast<unsigned>(literals.ids.size()),
                                               HS_MODE_BLOCK, nullptr, &database, &error);
  const std::unique_ptr<hs_compile_error_t, FreeError> error_owner(error);
  if (code != HS_SUCCESS)
    return fail(ErrorCode::unsupported, "vectorscan cannot compile the patterns", error ? error->message : "");
  return database;
}

// A pattern as a scan needs it: the zeros at its start are left to us.
struct Wanted {
  std::uint32_t id;
  std::size_t size;
  std::size_t zeros;
};

// One block of a scan, as the library's callback sees it.
struct Run {
  const HitFunction& hit;
  const std::vector<Wanted>& wanted;
  ByteView bytes;     // all of them
  std::size_t base;   // where the block starts
  std::size_t known;  // hits that end at or before it were reported with the block before
  bool stopped = false;
  std::exception_ptr thrown{};
};

bool zeros_precede(const Wanted& wanted, ByteView bytes, std::size_t end) {
  if (wanted.size > end) return false;
  const ByteView zeros = bytes.subspan(end - wanted.size, wanted.zeros);
  return std::ranges::all_of(zeros, [](std::uint8_t byte) { return byte == 0; });
}

int on_match(unsigned index, unsigned long long, unsigned long long to, unsigned, void* context) {
  Run& run = *static_cast<Run*>(context);
  const std::size_t end = run.base + static_cast<std::size_t>(to);
  if (index == kDecoyId || end <= run.known || !zeros_precede(run.wanted[index], run.bytes, end)) return 0;
  try {
    run.stopped = !run.hit(run.wanted[index].id, end);
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
      wanted_.push_back({pattern.id, pattern.bytes.size(), leading_zeros(pattern)});
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
      Run run{hit, wanted_, bytes, begin, known};
      [[maybe_unused]] const hs_error_t code =
          hs_scan(database_.get(), reinterpret_cast<const char*>(block.data()), static_cast<unsigned>(block.size()), 0,
                  scratch.get(), on_match, &run);
      if (run.thrown) std::rethrow_exception(run.thrown);
      if (run.stopped) return;
      assert(code == HS_SUCCESS);  // all else is misuse
      known = begin + block.size();
    }
  }

 private:
  std::unique_ptr<hs_database_t, FreeDatabase> database_;
  Scratch prototype_;  // only cloned from, which the library allows at any time
  std::vector<Wanted> wanted_;
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
