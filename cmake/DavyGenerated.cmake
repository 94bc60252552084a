# What the build makes from data: the text table (data/text) and the development key (build tree only).
set(DAVY_GENERATED_DIR ${CMAKE_BINARY_DIR}/generated)
find_program(DAVY_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

file(GLOB davy_texts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/text/*.yaml)
add_custom_command(
  OUTPUT ${DAVY_GENERATED_DIR}/base/text_table.inc ${DAVY_GENERATED_DIR}/base/text_ids.inc
  COMMAND ${DAVY_PYTHON} ${CMAKE_SOURCE_DIR}/tools/compile_text.py ${DAVY_GENERATED_DIR}/base ${davy_texts}
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/compile_text.py ${davy_texts}
  COMMENT "Compiling the text table")
add_custom_target(davy_generated DEPENDS ${DAVY_GENERATED_DIR}/base/text_table.inc ${DAVY_GENERATED_DIR}/base/text_ids.inc)
