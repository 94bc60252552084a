#include "mining/keccak.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

std::string hex_of(std::string_view text) { return to_hex(keccak256(as_bytes(text))); }

TEST(Keccak, HashesPublishedVectors) {
  EXPECT_EQ(hex_of(""), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(hex_of("abc"), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  EXPECT_EQ(hex_of("The quick brown fox jumps over the lazy dog"),
            "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15");
}

TEST(Keccak, PadsAroundTheBlockLength) {
  for (const std::size_t length : {135U, 136U, 137U, 272U})
    EXPECT_NE(hex_of(std::string(length, 'a')), hex_of(std::string(length + 1, 'a')));
}

}  // namespace
}  // namespace davy::mining
