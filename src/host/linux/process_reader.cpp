#include "host/linux/process_reader.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "base/lines.h"
#include "host/image_path.h"
#include "host/linux/proc_root.h"

namespace davy::host {
namespace {

constexpr std::uint64_t kAuxvExecutedAs = 31;  // AT_EXECFN of <elf.h>
constexpr std::size_t kContainerIdDigits = 64;

std::string read_link(int proc_fd, const std::string& path) {
  std::string out(4096, '\0');
  const ssize_t length = ::readlinkat(proc_fd, path.c_str(), out.data(), out.size());
  out.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return out;
}

// Another process's memory is foreign: at most a page of it, and only up to the first NUL.
std::string read_string(std::int64_t pid, std::uint64_t address) {
  std::string out(kExecutedAsBytesMax, '\0');
  std::size_t have = 0;
  while (have < out.size()) {  // page by page: the string may end at the last mapped one
    const std::size_t step = std::min(out.size() - have, 4096 - static_cast<std::size_t>((address + have) % 4096));
    iovec local{out.data() + have, step};
    iovec remote{reinterpret_cast<void*>(address + have), step};
    if (::process_vm_readv(static_cast<pid_t>(pid), &local, 1, &remote, 1, 0) != static_cast<ssize_t>(step)) break;
    have += step;
    if (out.find('\0', have - step) < have) break;
  }
  out.resize(std::min(out.find('\0'), have));
  return out;
}

std::string executed_as(int proc_fd, std::int64_t pid) {
  const auto auxv = read_proc(proc_fd, std::to_string(pid) + "/auxv", 4096);
  const std::uint64_t address = auxv ? executed_as_address(as_bytes(*auxv)) : 0;
  return address == 0 ? std::string() : read_string(pid, address);
}

// The path of the last line that matters: the unified hierarchy ("0::/path"), else the first.
std::string cgroup_path(std::string_view text) {
  std::string_view first = text.substr(0, text.find('\n'));
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (line.starts_with("0::") && line.size() > 4) first = line;
  }
  const std::size_t colon = first.find(':', first.find(':') + 1);
  return colon == std::string_view::npos ? std::string() : printable(first.substr(colon + 1));
}

bool stands_elsewhere(const model::ProcessSeen& process) {
  struct stat info {};
  const std::string path(without_deleted_mark(process.exe));
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

void read_image_name(const ProcessReadScope& scope, const std::string& folder, model::ProcessSeen& out) {
  const std::string target = read_link(scope.proc_fd, folder + "/exe");
  out.exe = printable(target);
  out.exe_in_memory = target.starts_with("/memfd:");
  const bool deleted = is_deleted(target) && !out.exe_in_memory;
  out.exe_replaced = deleted && !out.own_mount_namespace && stands_elsewhere(out);
}

void read_namespaces(const ProcessReadScope& scope, const TaskRecord& record, model::ProcessSeen& out) {
  const auto first = scope.table->find(1);
  if (first == scope.table->end() || record.pid == 1) return;
  const auto differs = [](std::uint32_t a, std::uint32_t b) { return a != 0 && b != 0 && a != b; };
  out.own_pid_namespace = differs(record.pid_namespace, first->second.pid_namespace);
  out.own_mount_namespace = differs(record.mount_namespace, first->second.mount_namespace);
  out.own_net_namespace = differs(record.net_namespace, first->second.net_namespace);
}

}  // namespace

std::vector<std::string> lineage_of(const ProcessTable& table, std::int64_t pid) {
  std::vector<std::string> out;
  for (auto at = table.find(pid); at != table.end() && out.size() < kLineageMax;
       at = table.find(at->second.parent_pid)) {
    out.push_back(printable(at->second.comm));
    if (at->second.parent_pid == at->first) break;
  }
  std::ranges::reverse(out);
  return out;
}

std::vector<std::string> split_arguments(std::string_view cmdline, bool& truncated) {
  truncated = cmdline.size() > model::kCommandLineBytesMax;
  cmdline = cmdline.substr(0, model::kCommandLineBytesMax);
  std::vector<std::string> out;
  while (!cmdline.empty()) {
    if (out.size() == kArgumentsMax) return truncated = true, out;
    const std::size_t end = std::min(cmdline.find('\0'), cmdline.size());
    out.push_back(printable(cmdline.substr(0, end)));
    cmdline.remove_prefix(std::min(end + 1, cmdline.size()));
  }
  while (!out.empty() && out.back().empty()) out.pop_back();  // a title written over the arguments leaves NULs behind
  return out;
}

std::string container_of(std::string_view cgroup) {
  std::size_t run = 0;
  for (std::size_t at = 0; at <= cgroup.size(); ++at) {
    if (at < cgroup.size() && std::isxdigit(static_cast<unsigned char>(cgroup[at])) != 0) {
      ++run;
      continue;
    }
    if (run == kContainerIdDigits) return std::string(cgroup.substr(at - run, run));
    run = 0;
  }
  return {};
}

std::uint64_t executed_as_address(ByteView auxv) {
  for (std::size_t at = 0; at + 16 <= auxv.size(); at += 16)
    if (read_u64_le(auxv, at) == kAuxvExecutedAs) return read_u64_le(auxv, at + 8).value_or(0);
  return 0;
}

model::ProcessSeen describe_ended(const ProcessReadScope& scope, const TaskRecord& record) {
  model::ProcessSeen out;
  out.process = {record.pid, record.start_boottime_ns};
  out.parent_pid = record.parent_pid, out.uid = record.uid, out.user = scope.users->name_of(record.uid);
  out.comm = printable(record.comm), out.lineage = lineage_of(*scope.table, record.pid);
  out.kernel_thread = record.kernel_thread, out.has_user_memory = record.has_user_memory;
  out.exe_device = record.exe_device, out.exe_inode = record.exe_inode, out.exe_links = record.exe_links;
  out.ended = true;
  return out;
}

model::ProcessSeen read_process(const ProcessReadScope& scope, const TaskRecord& record) {
  model::ProcessSeen out = describe_ended(scope, record);
  out.ended = false;
  read_namespaces(scope, record, out);
  if (record.kernel_thread) return out;
  const std::string folder = std::to_string(record.pid);
  read_image_name(scope, folder, out);
  if (const auto words = read_proc(scope.proc_fd, folder + "/cmdline", model::kCommandLineBytesMax + 1))
    out.argv = split_arguments(*words, out.argv_truncated);
  out.executed_as = printable(executed_as(scope.proc_fd, record.pid));
  if (const auto text = read_proc(scope.proc_fd, folder + "/cgroup", 8192)) {
    out.cgroup = cgroup_path(*text);
    out.container = container_of(out.cgroup);
  }
  const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(record.pid));
  out.nice = ::sched_getscheduler(static_cast<pid_t>(record.pid)) == SCHED_IDLE ? 20 : nice;
  return out;
}

}  // namespace davy::host
