#include "host/linux/image_digests.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/hash.h"

namespace davy::host {
namespace {

TEST(ImageDigests, OfThisProcessAndOfNone) {
  const UniqueFd proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ImageDigests digests(proc.get());
  const auto image = read_file("/proc/self/exe", kDigestBytesMax);
  ASSERT_TRUE(image.has_value());
  EXPECT_EQ(digests.of(::getpid()), to_hex(sha256(*image)));
  EXPECT_EQ(digests.of(::getpid()), to_hex(sha256(*image)));
  EXPECT_EQ(digests.of(0), "");
}

}  // namespace
}  // namespace davy::host
