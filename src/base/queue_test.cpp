#include "base/queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace davy {
namespace {

using std::chrono::milliseconds;

TEST(Queue, KeepsOrderAndRefusesWhenFull) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.push(1));
  EXPECT_TRUE(queue.push(2));
  EXPECT_FALSE(queue.push(3));
  EXPECT_EQ(queue.refused(), 1U);
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.pop(milliseconds(0)), 1);
  EXPECT_TRUE(queue.push(4));
  EXPECT_EQ(queue.pop(milliseconds(0)), 2);
  EXPECT_EQ(queue.pop(milliseconds(0)), 4);
  EXPECT_FALSE(queue.pop(milliseconds(1)));
}

TEST(Queue, AClosedQueueGivesOutWhatItHas) {
  BoundedQueue<std::unique_ptr<int>> queue(4);
  EXPECT_TRUE(queue.push(std::make_unique<int>(5)));
  queue.close();
  EXPECT_TRUE(queue.closed());
  EXPECT_FALSE(queue.push(std::make_unique<int>(6)));
  EXPECT_EQ(**queue.pop(milliseconds(0)), 5);
  EXPECT_FALSE(queue.pop(std::chrono::hours(1)));
}

TEST(Queue, ClosingWakesAWaitingThread) {
  BoundedQueue<int> queue(1);
  std::optional<int> got = 1;
  std::thread waiting([&] { got = queue.pop(std::chrono::hours(1)); });
  queue.close();
  waiting.join();
  EXPECT_FALSE(got);
}

TEST(Queue, NothingIsLostBetweenThreads) {
  constexpr int kItems = 5000;
  BoundedQueue<int> queue(64);
  std::vector<int> sums(2);
  std::vector<std::thread> threads;
  for (int reader = 0; reader < 2; ++reader)
    threads.emplace_back([&queue, &sum = sums[static_cast<std::size_t>(reader)]] {
      while (const auto item = queue.pop(std::chrono::hours(1))) sum += *item;
    });
  for (int item = 1; item <= kItems; ++item)
    while (!queue.push(item)) std::this_thread::yield();
  queue.close();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(sums[0] + sums[1], kItems * (kItems + 1) / 2);
}

}  // namespace
}  // namespace davy
