# SPDX-License-Identifier: Apache-2.0
# The store and the writer as a library of their own, so that tests and benches can do without the rest.
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(CZMQ REQUIRED IMPORTED_TARGET libczmq)
pkg_check_modules(ZMQ REQUIRED IMPORTED_TARGET libzmq)

# The versions of the schema, in order. A new one is a new file in migrations/.
set(WINNOW_SCHEMA_STEPS
  ${CMAKE_CURRENT_LIST_DIR}/schema.sql
  ${CMAKE_CURRENT_LIST_DIR}/migrations/2.sql
  ${CMAKE_CURRENT_LIST_DIR}/migrations/3.sql)

set(schema_c ${CMAKE_CURRENT_BINARY_DIR}/schema.c)
add_custom_command(
  OUTPUT ${schema_c}
  COMMAND ${CMAKE_COMMAND} -DOUT=${schema_c} "-DSTEPS=${WINNOW_SCHEMA_STEPS}"
          -P ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  DEPENDS ${WINNOW_SCHEMA_STEPS} ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  VERBATIM)

add_library(winnow_daemon_store STATIC
  article.c
  backlog.c
  buf.c
  decimal.c
  digest.c
  events.c
  identity.c
  name.c
  name_words.c
  parcel.c
  postings.c
  record.c
  same.c
  store.c
  store_digest.c
  store_fact.c
  store_index.c
  store_keys.c
  store_known.c
  store_query.c
  store_read.c
  store_read_fact.c
  store_replay.c
  store_schema.c
  store_search.c
  store_settle.c
  store_write.c
  words.c
  writer.c
  writer_actor.c
  ${schema_c})
target_include_directories(winnow_daemon_store PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(winnow_daemon_store
  PUBLIC PkgConfig::CZMQ PkgConfig::ZMQ PkgConfig::SQLITE
  PRIVATE PkgConfig::SODIUM PkgConfig::UTF8PROC m winnow_warnings)
