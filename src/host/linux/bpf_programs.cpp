#include "host/linux/bpf_programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/file.h"

namespace davy::host {
namespace {

// Types that can watch system calls, kernel functions or user functions, or change what they return.
bool is_tracing(unsigned type) {
  switch (type) {
    case BPF_PROG_TYPE_KPROBE:
    case BPF_PROG_TYPE_TRACEPOINT:
    case BPF_PROG_TYPE_RAW_TRACEPOINT:
    case BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE:
    case BPF_PROG_TYPE_TRACING:
    case BPF_PROG_TYPE_PERF_EVENT:
    case BPF_PROG_TYPE_LSM: return true;
    default: return false;
  }
}

}  // namespace

Result<std::vector<model::BpfProgramSeen>> list_bpf_programs(std::span<const std::uint32_t> own) {
  std::vector<model::BpfProgramSeen> out;
  std::uint32_t id = 0;
  while (out.size() < kBpfProgramsMax && ::bpf_prog_get_next_id(id, &id) == 0) {
    if (std::ranges::find(own, id) != own.end()) continue;
    const UniqueFd fd(::bpf_prog_get_fd_by_id(id));
    bpf_prog_info info{};
    std::uint32_t size = sizeof info;
    if (!fd || ::bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) continue;
    model::BpfProgramSeen program;
    program.id = id, program.uid = info.created_by_uid;
    program.name.assign(info.name, ::strnlen(info.name, sizeof info.name));
    const char* type = ::libbpf_bpf_prog_type_str(static_cast<bpf_prog_type>(info.type));
    program.program_type = type != nullptr ? type : std::to_string(info.type);
    program.tracing = is_tracing(info.type);
    out.push_back(std::move(program));
  }
  if (out.empty() && id == 0 && errno != ENOENT) return fail_errno(errno, "cannot list BPF programs");
  return out;
}

}  // namespace davy::host
