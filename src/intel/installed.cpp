#include "intel/installed.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "intel/knowledge.h"

namespace davy::intel {
namespace {

constexpr std::size_t kLastSeenBytesMax = 256;
constexpr unsigned kPackMode = 0644;
constexpr unsigned kLastSeenMode = 0600;

std::string in(const std::string& folder, const char* name) { return folder + "/" + name; }

// Nothing seen yet is serial 0; a file that cannot be read is an error, or deleting a byte would undo the protection.
Result<std::uint64_t> last_seen(const std::string& folder) {
  const auto bytes = read_file(in(folder, kLastSeen), kLastSeenBytesMax);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return 0;
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  const auto json = Json::parse(as_text(*bytes));
  if (!json || !(*json)["serial"].is_number())
    return fail(ErrorCode::malformed, "the record of the last pack seen is damaged", in(folder, kLastSeen));
  return (*json)["serial"].uint_or(UINT64_MAX);
}

Status remember(const std::string& folder, std::uint64_t serial) {
  Json json = Json::object();
  json.set("serial", serial);
  return write_file_durably(in(folder, kLastSeen), as_bytes(json.dump()), kLastSeenMode);
}

// Nothing, when there is none yet.
Status keep_current_as_previous(const std::string& folder) {
  const auto current = read_file(in(folder, kCurrentPack), kPackBytesMax);
  if (!current && current.error().code == ErrorCode::not_found) return {};
  if (!current) return tl::unexpected<Error>(current.error());
  return write_file_durably(in(folder, kPreviousPack), *current, kPackMode);
}

Status make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail_errno(error.value(), "cannot make the folder", folder);
  return {};
}

}  // namespace

Result<PackHeader> install(const std::string& folder, ByteView bytes, const TrustStore& trust, Timestamp now) {
  const Pack pack = TRY(read_pack(bytes, trust, now));
  TRY(Knowledge::load(bytes, trust, now));  // verified is not enough, it must also be usable
  TRY(make_folder(folder));
  const std::uint64_t seen = TRY(last_seen(folder));
  if (pack.header.serial < seen)
    return fail(ErrorCode::untrusted,
                "serial " + std::to_string(pack.header.serial) + " is older than " + std::to_string(seen) +
                    ", which was installed here before",
                pack.header.version);
  TRY(keep_current_as_previous(folder));
  TRY(remember(folder, pack.header.serial));
  TRY(write_file_durably(in(folder, kCurrentPack), bytes, kPackMode));
  return pack.header;
}

Result<PackHeader> rollback(const std::string& folder, const TrustStore& trust, Timestamp now) {
  const std::string path = in(folder, kPreviousPack);
  const Bytes previous = TRY(read_file(path, kPackBytesMax));
  const Bytes current = TRY(read_file(in(folder, kCurrentPack), kPackBytesMax));
  const Pack pack = TRY(about(path, read_pack(previous, trust, now)));
  TRY(about(path, Knowledge::load(previous, trust, now)));
  TRY(write_file_durably(in(folder, kCurrentPack), previous, kPackMode));
  TRY(write_file_durably(in(folder, kPreviousPack), current, kPackMode));
  return pack.header;
}

}  // namespace davy::intel
