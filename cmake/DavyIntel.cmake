# The development key of this clone, and the intel packs of the build tree (docs/decisions/0005-intel-packs.md).
#
# One private key for all build folders of a clone stands in build/keys/; each build has its public half in a generated
# header. A build with a release root trusts that alone, and builds for other platforms have no development key at all.
include_guard(GLOBAL)
set(DAVY_DEVELOPMENT_KEY ${CMAKE_SOURCE_DIR}/build/keys/development.pem CACHE INTERNAL "private key of this clone")

# davy_development_key(TARGET): gives TARGET "intel/development_key.inc" and the definition DAVY_RELEASE_ROOT_KEY.
function(davy_development_key target)
  set(header ${DAVY_GENERATED_DIR}/intel/development_key.inc)
  target_compile_definitions(${target} PRIVATE DAVY_RELEASE_ROOT_KEY="${DAVY_RELEASE_ROOT_KEY}")
  if(DAVY_PURE_ONLY OR DAVY_RELEASE_ROOT_KEY)
    file(CONFIGURE OUTPUT ${header} CONTENT "\"\"\n")
    return()
  endif()
  file(MAKE_DIRECTORY ${DAVY_GENERATED_DIR}/intel ${CMAKE_SOURCE_DIR}/build/keys)
  file(CHMOD ${CMAKE_SOURCE_DIR}/build/keys DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
  add_executable(make_development_key ${CMAKE_SOURCE_DIR}/src/intel/make_development_key.cpp)
  target_link_libraries(make_development_key PRIVATE davy_base)
  if(DAVY_FUZZ)
    target_link_options(make_development_key PRIVATE -fsanitize=address,undefined)
  endif()
  add_custom_command(
    OUTPUT ${header}
    COMMAND make_development_key ${DAVY_DEVELOPMENT_KEY} ${header}
    DEPENDS make_development_key
    COMMENT "Development key of this clone")
  add_custom_target(davy_development_key_header DEPENDS ${header})
  add_dependencies(${target} davy_development_key_header)
endfunction()

# davy_intel_packs(PROGRAM): build/<preset>/intel/davy.pack and sigma.pack, made by the davy just built.
function(davy_intel_packs program)
  if(DAVY_PURE_ONLY OR DAVY_RELEASE_ROOT_KEY OR DAVY_FUZZ)
    return()
  endif()
  set(folder ${CMAKE_BINARY_DIR}/intel)
  file(MAKE_DIRECTORY ${folder})
  file(GLOB knowledge CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/intel/*.yaml ${CMAKE_SOURCE_DIR}/data/evidence/*.yaml)
  file(STRINGS ${CMAKE_SOURCE_DIR}/data/intel/VERSION version LIMIT_COUNT 1)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/intel/VERSION)
  set(extra ${CMAKE_SOURCE_DIR}/data/intel/extra/pools_sigma.yaml)
  set(build $<TARGET_FILE:${program}> intel build --key ${DAVY_DEVELOPMENT_KEY} --version ${version})
  add_custom_command(
    OUTPUT ${folder}/davy.pack
    COMMAND ${build} --data ${CMAKE_SOURCE_DIR}/data --out ${folder}/davy.pack
    DEPENDS ${program} ${knowledge}
    COMMENT "Intel pack ${version}")
  add_custom_command(
    OUTPUT ${folder}/sigma.pack
    COMMAND ${build} --extra --data ${extra} --out ${folder}/sigma.pack
    DEPENDS ${program} ${extra}
    COMMENT "Intel pack of Sigma rules")
  add_custom_target(davy_pack ALL DEPENDS ${folder}/davy.pack ${folder}/sigma.pack)
endfunction()
