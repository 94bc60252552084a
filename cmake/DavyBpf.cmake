# davy_bpf(TARGET src.bpf.c): compiles a BPF program and generates its skeleton <name>.skel.h. It is compiled for the other
# architecture too, which this machine can do no more than compile.
find_program(DAVY_BPF_CLANG NAMES clang-16 clang-19 clang REQUIRED)
find_program(DAVY_BPF_STRIP NAMES llvm-strip-16 llvm-strip-19 llvm-strip REQUIRED)
find_program(DAVY_BPFTOOL bpftool PATHS /usr/sbin /sbin REQUIRED)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  set(DAVY_BPF_ARCHITECTURE arm64)
  set(DAVY_BPF_OTHER x86)
else()
  set(DAVY_BPF_ARCHITECTURE x86)
  set(DAVY_BPF_OTHER arm64)
endif()

function(davy_bpf target source)
  cmake_path(GET source STEM name)
  set(folder ${CMAKE_BINARY_DIR}/bpf)
  file(MAKE_DIRECTORY ${folder})
  set(compile ${DAVY_BPF_CLANG} -g -O2 -Wall -Werror -target bpf -I/usr/include/${CMAKE_LIBRARY_ARCHITECTURE} -c ${CMAKE_CURRENT_SOURCE_DIR}/${source})
  add_custom_command(
    OUTPUT ${folder}/${name}.skel.h
    COMMAND ${compile} -D__TARGET_ARCH_${DAVY_BPF_OTHER} -o ${folder}/${name}.${DAVY_BPF_OTHER}.o
    COMMAND ${compile} -D__TARGET_ARCH_${DAVY_BPF_ARCHITECTURE} -o ${folder}/${name}.bpf.o
    COMMAND ${DAVY_BPF_STRIP} -g ${folder}/${name}.bpf.o
    COMMAND ${DAVY_BPFTOOL} gen skeleton ${folder}/${name}.bpf.o name ${name}_bpf > ${folder}/${name}.skel.h
    DEPENDS ${source} ${CMAKE_CURRENT_SOURCE_DIR}/linux/bpf/kernel_types.h ${CMAKE_CURRENT_SOURCE_DIR}/linux/bpf/task_record.h
    COMMENT "BPF program ${name}")
  add_custom_target(${name}_skeleton DEPENDS ${folder}/${name}.skel.h)
  add_dependencies(${target} ${name}_skeleton)
  target_include_directories(${target} SYSTEM PRIVATE ${folder})
endfunction()
