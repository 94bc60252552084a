#include "mining/cycle/tls_cycle.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace davy::mining {
namespace {

constexpr Side C = Side::client, S = Side::server;

// Records of a generated flow, put into a TlsCycle as they come; remembers what was found first.
class Flow {
 public:
  explicit Flow(std::uint64_t seed, bool from_start = true) : cycle(from_start), random_(seed) {}

  void say(Side side, std::uint32_t size) {
    if (padding > 0) size = (size + padding) / padding * padding;
    if (cycle.see(side, size, {now_}) && !found) found = cycle.judge();
  }
  void wait(double seconds) { now_ += static_cast<std::int64_t>(seconds * 1e9); }
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(random_() >> 11U) * 0x1p-53;
  }
  std::uint32_t size(std::uint32_t low, std::uint32_t high) {
    return low + static_cast<std::uint32_t>(random_() % (high - low + 1));
  }
  double chance_gap(double mean) { return -mean * std::log(1.0 - uniform(0, 1)); }
  bool chance(double probability) { return uniform(0, 1) < probability; }

  TlsCycle cycle;
  std::optional<CycleFinding> found;
  std::uint32_t padding = 0;

 private:
  std::mt19937_64 random_;
  std::int64_t now_ = 1'600'000'000'000'000'000;
};

std::uint32_t digits(std::uint32_t number) { return number < 10 ? 0 : number < 100 ? 1 : number < 1'000 ? 2 : 3; }

struct Miner {
  std::uint32_t share = 184, answer = 63, job = 378, hello = 540, welcome = 480;
  double share_gap = 8.5, job_gap = 60;
  bool counts = true;
  std::uint32_t authorize = 0;  // a second question before the first share, answered as shares are
};

// Shares and jobs as two processes of chance, as pools and their miners have them.
void mine(Flow& flow, const Miner& miner, std::uint32_t shares, bool login = true) {
  if (login) {
    flow.say(C, miner.hello), flow.wait(0.1);
    flow.say(S, 239), flow.say(S, 239);  // tickets
    flow.say(S, miner.welcome);
    if (miner.authorize > 0) flow.say(C, miner.authorize), flow.wait(0.1), flow.say(S, miner.answer);
  }
  double next_job = flow.chance_gap(miner.job_gap);
  for (std::uint32_t i = 0; i < shares; ++i) {
    double gap = flow.chance_gap(miner.share_gap);
    for (; next_job < gap; next_job = flow.chance_gap(miner.job_gap)) {
      flow.wait(next_job), gap -= next_job;
      flow.say(S, miner.job);
    }
    flow.wait(gap), next_job -= gap;
    const std::uint32_t longer = miner.counts ? digits(i + 2) : 0;
    flow.say(C, miner.share + longer);
    const double delay = flow.uniform(0.03, 0.2);
    flow.wait(delay), next_job = std::max(0.0, next_job - delay);
    flow.say(S, miner.answer + longer);
  }
}

int found_of(int flows, std::string_view profile, const std::function<void(Flow&)>& make) {
  int found = 0;
  for (int seed = 0; seed < flows; ++seed) {
    Flow flow(static_cast<std::uint64_t>(seed));
    make(flow);
    found += flow.found && flow.found->profile == profile;
  }
  return found;
}

TEST(TlsCycle, CryptonoteAfterTenShares) {
  EXPECT_GE(found_of(400, "cryptonote", [](Flow& flow) { mine(flow, {}, 11); }), 390);
}

TEST(TlsCycle, CryptonoteOfProxiesAndOldMiners) {
  const Miner old = {.share = 183, .answer = 63, .job = 253, .hello = 160, .welcome = 303, .counts = false};
  EXPECT_GE(found_of(400, "cryptonote", [&](Flow& flow) { mine(flow, old, 60); }), 380);
  const Miner proxy = {.share = 232, .answer = 63, .job = 440, .hello = 489, .welcome = 560, .share_gap = 1.2};
  EXPECT_GE(found_of(400, "cryptonote", [&](Flow& flow) { mine(flow, proxy, 60); }), 380);
}

TEST(TlsCycle, CryptonoteJoinedLate) {
  int found = 0;
  for (int seed = 0; seed < 200; ++seed) {
    Flow flow(static_cast<std::uint64_t>(seed), false);
    mine(flow, {}, 120, false);
    found += flow.found.has_value();
  }
  EXPECT_GE(found, 190);
}

TEST(TlsCycle, PaddedRecords) {
  for (const std::uint32_t padding : {16U, 64U, 128U})
    EXPECT_GE(found_of(100, "cryptonote", [&](Flow& flow) { flow.padding = padding, mine(flow, {}, 60); }), 95)
        << padding;
}

TEST(TlsCycle, KeepAlives) {
  EXPECT_GE(found_of(200, "cryptonote",
                     [](Flow& flow) {
                       flow.say(C, 540), flow.wait(0.1), flow.say(S, 480);
                       for (int i = 0; i < 60; ++i) {
                         double gap = flow.chance_gap(70);
                         for (; gap > 60; gap -= 60) flow.wait(60), flow.say(C, 103), flow.say(S, 72);
                         flow.wait(gap), flow.say(C, 186), flow.wait(0.1), flow.say(S, 64);
                         if (flow.chance(0.4)) flow.wait(1), flow.say(S, 378);
                       }
                     }),
            190);
}

TEST(TlsCycle, SplitAndCoalescedRecords) {
  EXPECT_GE(found_of(200, "cryptonote",
                     [](Flow& flow) {
                       flow.say(C, 540), flow.wait(0.1), flow.say(S, 480);
                       for (int i = 0; i < 60; ++i) {
                         flow.wait(flow.chance_gap(8));
                         if (flow.chance(0.1)) flow.say(C, 372), flow.wait(0.1), flow.say(S, 64), flow.say(S, 64);
                         else
                           flow.say(C, 185), flow.say(C, 1), flow.wait(0.1),
                               flow.say(S, flow.chance(0.1) ? 64 + 378 : 64);
                         if (flow.chance(0.1)) flow.wait(1), flow.say(S, 378);
                       }
                     }),
            190);
}

TEST(TlsCycle, Equihash) {
  const Miner miner = {
      .share = 2'817, .answer = 25, .job = 310, .hello = 101, .welcome = 90, .share_gap = 12, .counts = false};
  EXPECT_GE(found_of(200, "equihash", [&](Flow& flow) { mine(flow, miner, 60); }), 190);
}

TEST(TlsCycle, Stratum) {
  const Miner miner = {.share = 110,
                       .answer = 36,
                       .job = 720,
                       .hello = 64,
                       .welcome = 120,
                       .share_gap = 12,
                       .job_gap = 30,
                       .authorize = 70};
  EXPECT_GE(found_of(200, "stratum", [&](Flow& flow) { mine(flow, miner, 60); }), 190);
}

// Polls every 10 s, reports every 20 s, jobs every 2 s, and shares as they are found.
void mine_ethproxy(Flow& flow, double share_gap, int shares) {
  flow.say(C, 130), flow.wait(0.1), flow.say(S, 39);
  double next_share = flow.chance_gap(share_gap);
  for (int turn = 0; shares > 0; ++turn) {
    flow.say(C, 81), flow.wait(0.05), flow.say(S, 243);
    if (turn % 2 == 0) flow.say(C, 148), flow.wait(0.05), flow.say(S, 39);
    for (double left = 10; left > 0;) {
      const double step = std::min({left, next_share, flow.chance_gap(2)});
      flow.wait(step), left -= step, next_share -= step;
      if (next_share > 0) flow.say(S, 243);
      else flow.say(C, 222), flow.wait(0.05), flow.say(S, 39), next_share = flow.chance_gap(share_gap), --shares;
    }
  }
}

TEST(TlsCycle, EthproxyWithPollsAndReports) {
  for (const double gap : {15.0, 60.0, 100.0})
    EXPECT_GE(found_of(200, "ethproxy", [&](Flow& flow) { mine_ethproxy(flow, gap, 12); }), 190) << gap;
}

TEST(TlsCycle, ExplainsWhatItFound) {
  Flow flow(7);
  mine(flow, {}, 40);
  const CycleFinding found = flow.cycle.best();
  EXPECT_EQ(found.profile, "cryptonote");
  EXPECT_EQ(found.shares, 40U);
  EXPECT_EQ(found.client.high, 185U);
  EXPECT_EQ(found.server.high, 64U);
  EXPECT_NEAR(found.median_gap_s, 8.5 * 0.69, 4);
  EXPECT_NEAR(found.gap_spread, 1.28, 0.5);
  EXPECT_EQ(found.marks, kGreeted | kRelated | kPushed | kPushedOften | kTypical);  // the tenth share is no longer kept
}

// What other programs do: a name, and a flow of their kind.
struct Other {
  const char* name;
  std::function<void(Flow&)> make;
};

using Gap = std::function<double(Flow&)>;
const Gap kGaps[] = {[](Flow&) { return 5.0; }, [](Flow& f) { return f.uniform(4, 6); },
                     [](Flow& f) { return f.uniform(0, 10); }, [](Flow& f) { return f.chance_gap(5); },
                     [](Flow&) { return 0.002; }};

// Questions of one size and answers of one size, with every kind of gap.
void ask(Flow& flow, std::uint32_t question, std::uint32_t answer, std::uint32_t vary) {
  const Gap& gap = kGaps[flow.size(0, std::size(kGaps) - 1)];
  for (int i = 0; i < 150; ++i) {
    flow.wait(gap(flow));
    flow.say(C, question + flow.size(0, vary)), flow.wait(flow.uniform(0.001, 0.05));
    flow.say(S, answer + flow.size(0, vary));
  }
}

const Other kOthers[] = {
    {"psql", [](Flow& f) { f.say(C, 110), f.say(S, 400), ask(f, f.size(100, 280), f.size(30, 120), f.size(0, 3)); }},
    {"psql with a password",
     [](Flow& f) {
       f.say(C, 85), f.say(S, 24), f.say(C, 55), f.say(S, 92), f.say(C, 110), f.say(S, 420);
       ask(f, f.size(100, 280), f.size(30, 400), f.size(0, 8));
     }},
    {"redis", [](Flow& f) { ask(f, f.size(20, 250), f.size(5, 400), f.size(0, 2)); }},
    {"https api", [](Flow& f) { ask(f, f.size(150, 700), f.size(150, 4'000), f.size(0, 40)); }},
    {"ldap",
     [](Flow& f) {
       f.say(C, 60), f.say(S, 14);
       for (int i = 0; i < 150; ++i) {
         f.wait(f.chance_gap(4)), f.say(C, 190 + f.size(0, 4)), f.wait(0.01);
         f.say(S, 320 + f.size(0, 90)), f.say(S, 14);
       }
     }},
    {"imap idle",
     [](Flow& f) {
       f.say(C, 30), f.say(S, 320), f.say(C, 20), f.say(S, 60);
       for (int i = 0; i < 80; ++i) {
         f.say(C, 12), f.say(S, 10), f.wait(f.chance_gap(120)), f.say(S, 22), f.say(C, 6), f.say(S, 40);
         f.say(C, 60 + f.size(0, 2)), f.wait(0.05), f.say(S, f.size(300, 9'000));
       }
     }},
    {"mqtt publisher",
     [](Flow& f) {
       f.say(C, 90), f.say(S, 4);
       const std::uint32_t size = f.size(60, 250);
       for (int i = 0; i < 150; ++i) {
         f.wait(f.chance_gap(6)), f.say(C, size), f.wait(0.05), f.say(S, 4);
         if (i % 10 == 0) f.wait(30), f.say(C, 2), f.say(S, 2);
       }
     }},
    {"mqtt subscriber",
     [](Flow& f) {
       f.say(C, 90), f.say(S, 4), f.say(C, 60), f.say(S, 5);
       const std::uint32_t size = f.size(60, 400);
       for (int i = 0; i < 200; ++i) f.wait(f.chance_gap(3)), f.say(S, size), f.say(C, 4);
     }},
    {"syslog",
     [](Flow& f) {
       for (int i = 0; i < 200; ++i) f.wait(f.chance_gap(2)), f.say(C, f.size(90, 260));
     }},
    {"websocket telemetry",
     [](Flow& f) {
       f.say(C, 320), f.say(S, 190);
       const std::uint32_t size = f.size(100, 260), answer = f.size(30, 90);
       for (int i = 0; i < 150; ++i) {
         f.wait(5 + f.uniform(-0.5, 0.5)), f.say(C, size + f.size(0, 3)), f.wait(0.04), f.say(S, answer);
         if (i % 6 == 0) f.say(S, 2), f.say(C, 6);
       }
     }},
    {"websocket with events",
     [](Flow& f) {
       f.say(C, 420), f.say(S, 190);
       for (int i = 0; i < 150; ++i) {
         f.wait(f.chance_gap(4));
         if (f.chance(0.4)) f.say(S, f.size(120, 900));
         else f.say(C, f.size(120, 260)), f.wait(0.04), f.say(S, f.size(40, 90));
       }
     }},
    {"ticker",
     [](Flow& f) {
       f.say(C, 420), f.say(S, 190);
       for (int i = 0; i < 400; ++i) {
         f.wait(f.chance_gap(0.5)), f.say(S, 243 + f.size(0, 9));
         if (i % 40 == 0) f.say(C, 44), f.say(S, 44);
       }
     }},
    {"chat",
     [](Flow& f) {
       for (int i = 0; i < 200; ++i)
         f.wait(f.chance_gap(f.chance(0.7) ? 2 : 40)), f.say(f.chance(0.5) ? C : S, f.size(40, 500));
     }},
    {"download",
     [](Flow& f) {
       for (int i = 0; i < 40; ++i) {
         f.wait(f.chance_gap(3)), f.say(C, 480 + f.size(0, 60));
         for (std::uint32_t part = f.size(1, 20); part > 0; --part) f.say(S, 16'384);
       }
     }},
    {"ftp control",
     [](Flow& f) {
       for (int i = 0; i < 100; ++i)
         f.wait(f.chance_gap(8)), f.say(C, f.size(6, 60)), f.wait(0.03), f.say(S, f.size(20, 90));
     }},
};

TEST(TlsCycle, NothingElseIsTakenForMining) {
  constexpr int kFlowsEach = 300;
  for (const Other& other : kOthers)
    for (int seed = 0; seed < kFlowsEach; ++seed) {
      Flow flow(static_cast<std::uint64_t>(seed) * 977 + 13, seed % 3 != 0);
      other.make(flow);
      ASSERT_FALSE(flow.found) << other.name << " " << seed << " as " << flow.found->profile << ", marks "
                               << flow.found->marks;
    }
  static_assert(kFlowsEach * std::size(kOthers) >= 4'000);  // none of these: below every profile's budget
  for (const CycleProfile& profile : kCycleProfiles) EXPECT_GE(profile.budget, 3.0 / (kFlowsEach * std::size(kOthers)));
}

TEST(TlsCycle, TimersAndLoopsAreNoShares) {
  for (const double gap : {10.0, 1.0, 0.001}) {
    Flow flow(1);
    flow.say(C, 540), flow.say(S, 480);
    for (std::uint32_t i = 0; i < 500; ++i) {
      flow.wait(gap), flow.say(C, 184 + digits(i)), flow.say(S, 63 + digits(i));
      if (i % 20 == 0) flow.say(S, 378);
    }
    EXPECT_FALSE(flow.found) << gap;
  }
}

TEST(TlsCycle, PollsBesideTheSmallestShare) {
  Flow flow(5);
  for (int i = 0; i < 2'000; ++i) flow.wait(1), flow.say(C, i == 0 ? 86 : 84), flow.say(S, 40);
  EXPECT_FALSE(flow.found);
}

TEST(TlsCycle, AnyInputIsTaken) {
  Flow flow(3);
  for (int i = 0; i < 20'000; ++i)
    flow.wait(flow.uniform(-5, 90'000)), flow.say(flow.chance(0.5) ? C : S, flow.size(0, 100'000));
  EXPECT_LT(flow.cycle.best().score, 1.0);
}

}  // namespace
}  // namespace davy::mining
