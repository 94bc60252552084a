// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// The few kernel structures that Davy's BPF programs look into, with only the members they read. Offsets are relocated
// at load time against the running kernel's own type information, so neither order nor size here matters; a name with
// three underscores is another shape of the same structure (older or newer kernels).
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
  struct list_head* next;
};

struct ns_common {
  unsigned int inum;
};
struct pid_namespace {
  struct ns_common ns;
};
struct mnt_namespace {
  struct ns_common ns;
};
struct net {
  struct ns_common ns;
};
struct nsproxy {
  struct mnt_namespace* mnt_ns;
  struct pid_namespace* pid_ns_for_children;
  struct net* net_ns;
};

typedef struct {
  unsigned int val;
} kuid_t;
struct cred {
  kuid_t uid;
};

struct super_block {
  unsigned int s_dev;
};
struct inode {
  unsigned short i_mode;
  unsigned long i_ino;
  unsigned int __i_nlink;
  struct super_block* i_sb;
};
struct file {
  struct inode* f_inode;
  void* private_data;
};
struct mm_struct {
  struct file* exe_file;
};

struct kernfs_node {
  __u64 id;
};
struct cgroup {
  struct kernfs_node* kn;
};
struct css_set {
  struct cgroup* dfl_cgrp;
};

// The saved floating-point state, x86: before 5.16, then behind a pointer, then (6.16) behind the task itself.
struct fxregs_state {
  __u32 mxcsr;
};
union fpregs_state {
  struct fxregs_state fxsave;
};
struct fpstate {
  union fpregs_state regs;
};
struct fpu {
  struct fpstate* fpstate;
};
struct fpu___before_5_16 {
  union fpregs_state state;
};
struct thread_struct {
  struct fpu fpu;
};
struct thread_struct___before_5_16 {
  struct fpu___before_5_16 fpu;
};
// arm64
struct user_fpsimd_state {
  __u32 fpcr;
};
struct thread_struct___arm64 {
  struct {
    struct user_fpsimd_state fpsimd_state;
  } uw;
};

struct sched_entity {
  __u64 sum_exec_runtime;
};

struct task_struct {
  unsigned int __state;
  unsigned int flags;
  int pid;
  int tgid;
  struct task_struct* real_parent;
  struct task_struct* group_leader;
  const struct cred* cred;
  struct mm_struct* mm;
  struct nsproxy* nsproxy;
  struct css_set* cgroups;
  struct sched_entity se;
  __u64 utime;
  __u64 stime;
  __u64 start_boottime;
  __u64 nvcsw;
  __u64 nivcsw;
  int recent_used_cpu;
  int wake_cpu;
  char comm[16];
  struct thread_struct thread;
};
struct task_struct___before_5_14 {
  long state;
};
struct task_struct___before_5_5 {
  __u64 real_start_time;
};
struct task_struct___before_5_16 {
  struct thread_struct___before_5_16 thread;
};
struct task_struct___arm64 {
  struct thread_struct___arm64 thread;
};

struct seq_file;
struct bpf_iter_meta {
  struct seq_file* seq;
};
struct bpf_iter__task {
  struct bpf_iter_meta* meta;
  struct task_struct* task;
};

struct sock_common {
  unsigned short skc_family;
};
struct socket {
  short type;
  struct file* file;
};
struct bpf_iter__task_file {
  struct bpf_iter_meta* meta;
  struct task_struct* task;
  __u32 fd;
  struct file* file;
};

#pragma clang attribute pop
