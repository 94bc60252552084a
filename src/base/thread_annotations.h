// Clang's thread-safety attributes under short names; nothing under other compilers.
// See https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#pragma once

#if defined(__clang__)
#define DAVY_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define DAVY_THREAD_ATTRIBUTE(x)
#endif

#define CAPABILITY(name) DAVY_THREAD_ATTRIBUTE(capability(name))
#define SCOPED_CAPABILITY DAVY_THREAD_ATTRIBUTE(scoped_lockable)
#define GUARDED_BY(mutex) DAVY_THREAD_ATTRIBUTE(guarded_by(mutex))
#define REQUIRES(...) DAVY_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) DAVY_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) DAVY_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define RELEASE(...) DAVY_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS DAVY_THREAD_ATTRIBUTE(no_thread_safety_analysis)
