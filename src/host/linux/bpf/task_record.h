// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// What the BPF programs write and user space reads: fixed-size records, the same layout on both sides.
#pragma once

#include <linux/types.h>

struct davy_task_record {
  __u64 cpu_ns;  // user and system time as the scheduler counts it, not by ticks that a program can dodge
  __u64 start_boottime_ns;
  __u64 exe_inode;
  __u64 cgroup_id;
  __u64 voluntary_switches;
  __u64 involuntary_switches;
  __u32 pid;
  __u32 tid;
  __u32 parent_pid;
  __u32 uid;
  __u32 fp_control;
  __u32 exe_device;  // the kernel's encoding: major << 20 | minor
  __u32 exe_links;
  __u32 flags;  // the task's PF_ flags
  __u32 state;
  __u32 pid_namespace;
  __u32 mount_namespace;
  __u32 net_namespace;
  __u32 last_cpu;
  __u8 has_fp_control;
  __u8 has_user_memory;
  __u8 unused[2];
  char comm[16];
};

struct davy_socket_record {
  __u64 inode;
  __u32 pid;
  __u32 fd;
};
