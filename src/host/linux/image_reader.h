// The program file behind a process, read through /proc/PID/exe, which reaches deleted and in-memory images too.
//
// Digests are taken here; the headers are read by the unprivileged examiner. Limit: kImageBytesMax; a larger image has
// no digest. Not thread-safe (the examiner is not).
#pragma once

#include "host/linux/examiner.h"
#include "host/linux/package_owner.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::size_t kImageBytesMax = 256U << 20;
inline constexpr std::size_t kImageHeadBytes = 4U << 20;  // handed to the examiner

struct ReadImage {
  model::ImageSeen seen;  // without package and place
  std::string md5;        // for the package database alone
};

// Errors: not_found (kernel thread, process gone), permission_denied, limit_exceeded. `examiner` may be null.
Result<ReadImage> read_image(int proc_fd, const model::ProcessSeen& process, Examiner* examiner);

// Fills in package and place.
void place_image(ReadImage& image, const PackageAnswers& packages);

// Whether the path stands where others than the administrator put programs: a temporary folder, shared memory, a home
// folder, a hidden folder, or a folder that everybody may write to.
bool is_writable_place(const std::string& path);

}  // namespace davy::host
