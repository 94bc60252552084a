// Subjects: what a finding can be about. Evidence names its subject by key; the description of the subject is kept
// once.
//
// A key says which thing it is and never changes while the thing lives: a process is its pid and start time (a pid
// alone is reused), a flow its addresses and ports, a file its path through containers. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace davy::model {

using SubjectKey = std::string;

struct ProcessSubject {
  std::string host;
  std::int64_t pid = 0;
  std::uint64_t start_boottime_ns = 0;  // since boot, as the kernel keeps it: the second half of the key
  Timestamp start_time;
  std::string exe;      // path of the image as the kernel names it, may end in " (deleted)"
  std::string sha256;   // of the image, empty when it was not read
  std::string cmdline;  // arguments joined by spaces, truncated to kCommandLineBytesMax
  std::string user;
  std::optional<std::string> container;
  std::vector<std::string> lineage;  // names from the first ancestor down to the process itself
  bool ended = false;                // before it could be described
  double cores = 0.0;                // processor use while it was observed, in whole processors
};

// From the least to the most; both 0 when nothing is known.
struct Range {
  double low = 0.0, high = 0.0;
};

struct FlowSubject {
  std::string protocol;  // "tcp" or "udp"
  std::string source;
  std::uint16_t source_port = 0;
  std::string destination;
  std::uint16_t destination_port = 0;
  std::uint64_t bytes = 0;
  std::string server_name;
  // Known only where the flow was seen on the wire:
  std::int64_t first_ns = 0, last_ns = 0;  // since 1970; the first is part of the key, because ports are used again
  std::uint64_t packets = 0;
  std::string dialect, coin, wallet, worker, agent;
  double hashes_per_second = 0.0;  // from the accepted shares
  double hash_rate_error = 0.0;    // one standard error, as a share of it
  Range watts, kilowatt_hours;     // estimates for that rate, and for the time it was seen; empty where none is known
};

struct FileSubject {
  std::string path;
  std::string member;  // the way through containers, "app.tar.gz!usr/lib/x.js"; empty for the file itself
  std::string sha256;
  std::uint64_t size = 0;
};

struct HostSubject {
  std::string host;
};

// Something with an address on the network, seen from outside.
struct DeviceSubject {
  std::string address;
  std::string mac;  // empty where the wire does not show it
  std::uint16_t vlan = 0;
  std::string name;   // that it gave itself
  std::string owner;  // as declared
};

using Subject = std::variant<HostSubject, ProcessSubject, FlowSubject, FileSubject, DeviceSubject>;

inline constexpr std::size_t kCommandLineBytesMax = 4096;

SubjectKey key_of(const Subject& subject);
SubjectKey process_key(std::int64_t pid, std::uint64_t start_boottime_ns);
SubjectKey host_key();

// "process", "flow", "file", "host", "device": the `kind` of the JSON form.
std::string_view kind_of(const Subject& subject);

// As in a finding (docs/contracts.md).
Json to_json(const Range& range);  // [low, high]
Json to_json(const Subject& subject);

}  // namespace davy::model
