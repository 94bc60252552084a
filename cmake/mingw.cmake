# Windows by mingw-w64: only the rooms without platform code are built, nothing is linked.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
include(${CMAKE_CURRENT_LIST_DIR}/header_only_libraries.cmake)
