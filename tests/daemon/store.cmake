# SPDX-License-Identifier: Apache-2.0
# The store and the writer, without sockets where they can do without.
winnow_test(test_words SOURCES test_words.c store_help.c LIBRARIES winnow_daemon_store)
winnow_test(test_postings SOURCES test_postings.c store_help.c LIBRARIES winnow_daemon_store)
winnow_test(test_name_form SOURCES test_name_form.c store_help.c LIBRARIES winnow_daemon_store)
winnow_test(test_store SOURCES test_store.c store_help.c LIBRARIES winnow_daemon_store)
winnow_test(test_store_same SOURCES test_store_same.c store_help.c
  LIBRARIES winnow_daemon_store TIMEOUT 300)
winnow_test(test_store_known SOURCES test_store_known.c store_help.c
  LIBRARIES winnow_daemon_store TIMEOUT 300)
winnow_test(test_store_keys SOURCES test_store_keys.c store_help.c
  LIBRARIES winnow_daemon_store TIMEOUT 300)
winnow_test(test_store_random SOURCES test_store_random.c store_help.c
  LIBRARIES winnow_daemon_store TIMEOUT 300)
winnow_test(test_store_query SOURCES test_store_query.c store_help.c
  LIBRARIES winnow_daemon_store TIMEOUT 300)
winnow_test(test_store_schema SOURCES test_store_schema.c store_help.c
  LIBRARIES winnow_daemon_store)
winnow_test(test_store_fault SOURCES test_store_fault.c store_help.c fault.c
  LIBRARIES winnow_daemon_store TIMEOUT 600)
winnow_test(test_writer SOURCES test_writer.c store_help.c fault.c
  LIBRARIES winnow_daemon_store TIMEOUT 300)
