// A bounded queue between threads. What does not fit is refused and counted, never waited for and never silent.
//
// Thread-safe. Owns the items inside. After close() nothing more enters; what is inside can still be taken.
//
//   BoundedQueue<Observation> queue(kObservationsMax);
//   if (!queue.push(std::move(observation))) { /* counted in queue.refused() */ }
//   while (auto next = queue.pop(std::chrono::milliseconds(100))) detector.observe(*next);
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "base/mutex.h"

namespace davy {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity_items) : capacity_(capacity_items) {}

  // False when the queue is full or closed; the item is then gone and counted.
  bool push(T item) EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      if (closed_ || items_.size() >= capacity_) {
        ++refused_;
        return false;
      }
      items_.push_back(std::move(item));
    }
    arrived_.notify_one();
    return true;
  }

  // The oldest item; nothing when none came within `timeout`, or at once when the queue is closed and empty.
  std::optional<T> pop(std::chrono::milliseconds timeout) EXCLUDES(mutex_) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const MutexLock lock(mutex_);
    while (items_.empty() && !closed_)
      if (!arrived_.wait_until(mutex_, deadline)) break;
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  void close() EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      closed_ = true;
    }
    arrived_.notify_all();
  }

  bool closed() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return closed_;
  }
  std::size_t size() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return items_.size();
  }
  std::uint64_t refused() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return refused_;
  }
  std::size_t capacity() const { return capacity_; }

 private:
  const std::size_t capacity_;
  mutable Mutex mutex_;
  Condition arrived_;
  std::deque<T> items_ GUARDED_BY(mutex_);
  std::uint64_t refused_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace davy
