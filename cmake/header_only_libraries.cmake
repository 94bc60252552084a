# A cross compiler must not see the host's /usr/include, but the header-only libraries in it are the same on every
# platform: link just those into a folder of the build tree.
set(DAVY_SYSTEM_INCLUDES ${CMAKE_BINARY_DIR}/header_only)
file(MAKE_DIRECTORY ${DAVY_SYSTEM_INCLUDES})
foreach(library boost tl)
  if(NOT EXISTS ${DAVY_SYSTEM_INCLUDES}/${library})
    file(CREATE_LINK /usr/include/${library} ${DAVY_SYSTEM_INCLUDES}/${library} SYMBOLIC)
  endif()
endforeach()
