// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// Walks the kernel's own list of tasks, so that nothing mounted over /proc, hooked in a library or hidden by hidepid
// is missed, and copies from each thread what Davy weighs. Reads only; runs only while user space reads the iterator.
#include "kernel_types.h"
#include "task_record.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

// Set by user space before each walk.
__u32 only_watched = 0;   // skip threads of processes that are not in `watched`
__u32 only_leaders = 0;   // one record for each process
__u32 only_advanced = 0;  // skip threads that used no processor time since their last record, unless stopped

// What the last record of a thread said of its time, by the low bits of its number. Two threads that share a place
// overwrite each other and are both written again: more than is needed, never less.
#define MARKS 65536
__u64 marks[MARKS];

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __type(key, __u32);
  __type(value, __u8);
} watched SEC(".maps");

#define STOPPED (0x4 | 0x8)  // __TASK_STOPPED, __TASK_TRACED

#define BPF_SEQ_WRITE(seq, value) bpf_seq_write((seq), &(value), sizeof(value))

#if defined(__TARGET_ARCH_x86)
static __always_inline void read_fp_control(struct task_struct* task, struct davy_task_record* out) {
  struct task_struct___before_5_16* old = (void*)task;
  struct fpstate* state = 0;
  if (bpf_core_field_exists(old->thread.fpu.state)) {
    out->fp_control = BPF_CORE_READ(old, thread.fpu.state.fxsave.mxcsr);
    out->has_fp_control = 1;
    return;
  }
  if (bpf_core_field_exists(task->thread.fpu)) {
    state = BPF_CORE_READ(task, thread.fpu.fpstate);
  } else {
    struct fpu* behind = (void*)task + bpf_core_type_size(struct task_struct);
    state = BPF_CORE_READ(behind, fpstate);
  }
  if (state) {
    out->fp_control = BPF_CORE_READ(state, regs.fxsave.mxcsr);
    out->has_fp_control = 1;
  }
}
#else
static __always_inline void read_fp_control(struct task_struct* task, struct davy_task_record* out) {
  struct task_struct___arm64* arm = (void*)task;
  if (!bpf_core_field_exists(arm->thread.uw)) return;
  out->fp_control = BPF_CORE_READ(arm, thread.uw.fpsimd_state.fpcr);
  out->has_fp_control = 1;
}
#endif

static __always_inline void read_image(struct task_struct* task, struct davy_task_record* out) {
  struct inode* inode = BPF_CORE_READ(task, mm, exe_file, f_inode);
  if (!inode) return;
  out->exe_inode = BPF_CORE_READ(inode, i_ino);
  out->exe_links = BPF_CORE_READ(inode, __i_nlink);
  out->exe_device = BPF_CORE_READ(inode, i_sb, s_dev);
}

static __always_inline void read_namespaces(struct task_struct* task, struct davy_task_record* out) {
  struct nsproxy* proxy = BPF_CORE_READ(task, nsproxy);
  if (!proxy) return;
  out->pid_namespace = BPF_CORE_READ(proxy, pid_ns_for_children, ns.inum);
  out->mount_namespace = BPF_CORE_READ(proxy, mnt_ns, ns.inum);
  out->net_namespace = BPF_CORE_READ(proxy, net_ns, ns.inum);
}

static __always_inline void read_times(struct task_struct* task, struct davy_task_record* out) {
  struct task_struct___before_5_5* older = (void*)task;
  struct task_struct* leader = BPF_CORE_READ(task, group_leader);
  out->cpu_ns = task->se.sum_exec_runtime;
  if (bpf_core_field_exists(task->start_boottime)) out->start_boottime_ns = BPF_CORE_READ(leader, start_boottime);
  else if (bpf_core_field_exists(older->real_start_time))
    out->start_boottime_ns = BPF_CORE_READ((struct task_struct___before_5_5*)leader, real_start_time);
  out->voluntary_switches = BPF_CORE_READ(task, nvcsw);
  out->involuntary_switches = BPF_CORE_READ(task, nivcsw);
}

static __always_inline __u32 read_state(struct task_struct* task) {
  struct task_struct___before_5_14* older = (void*)task;
  if (bpf_core_field_exists(task->__state)) return BPF_CORE_READ(task, __state);
  return (__u32)BPF_CORE_READ(older, state);
}

// The task_struct of the iterator may be read without a helper: this is all that most threads cost.
static __always_inline int has_advanced(struct task_struct* task) {
  __u64 mark = task->se.sum_exec_runtime ^ ((__u64)task->pid * 0x9e3779b97f4a7c15ULL);
  __u64* place = &marks[(__u32)task->pid & (MARKS - 1)];
  if (*place == mark) return 0;
  *place = mark;
  return 1;
}

SEC("iter/task")
int walk_tasks(struct bpf_iter__task* context) {
  struct task_struct* task = context->task;
  struct davy_task_record out = {};
  if (!task) return 0;
  out.pid = task->tgid;
  out.tid = task->pid;
  if (only_leaders && out.pid != out.tid) return 0;
  if (only_watched && !bpf_map_lookup_elem(&watched, &out.pid)) return 0;
  if (!has_advanced(task) && only_advanced && !(read_state(task) & STOPPED)) return 0;
  out.flags = task->flags;
  out.parent_pid = BPF_CORE_READ(task, real_parent, tgid);
  out.uid = BPF_CORE_READ(task, cred, uid.val);
  out.state = read_state(task);
  out.has_user_memory = BPF_CORE_READ(task, mm) != 0;
  out.last_cpu = BPF_CORE_READ(task, wake_cpu);
  out.cgroup_id = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
  bpf_probe_read_kernel(out.comm, sizeof(out.comm), task->comm);
  read_times(task, &out);
  read_namespaces(task, &out);
  if (out.has_user_memory) {
    read_image(task, &out);
    read_fp_control(task, &out);
  }
  BPF_SEQ_WRITE(context->meta->seq, out);
  return 0;
}

// Which process holds which socket, hidden processes too.
SEC("iter/task_file")
int walk_sockets(struct bpf_iter__task_file* context) {
  struct task_struct* task = context->task;
  struct file* file = context->file;
  struct davy_socket_record out = {};
  struct inode* inode;
  if (!task || !file) return 0;
  if (BPF_CORE_READ(task, tgid) != BPF_CORE_READ(task, pid)) return 0;
  inode = BPF_CORE_READ(file, f_inode);
  if ((BPF_CORE_READ(inode, i_mode) & 0170000) != 0140000) return 0;  // S_IFMT, S_IFSOCK
  out.pid = BPF_CORE_READ(task, tgid);
  out.fd = context->fd;
  out.inode = BPF_CORE_READ(inode, i_ino);
  BPF_SEQ_WRITE(context->meta->seq, out);
  return 0;
}
