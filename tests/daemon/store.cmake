# SPDX-License-Identifier: Apache-2.0
# The store and the writer, without sockets where they can do without.
winnow_test(test_words SOURCES test_words.c LIBRARIES winnow_daemon_store)
winnow_test(test_postings SOURCES test_postings.c LIBRARIES winnow_daemon_store)
winnow_test(test_store SOURCES test_store.c store_help.c LIBRARIES winnow_daemon_store)
winnow_test(test_store_random SOURCES test_store_random.c store_help.c
  LIBRARIES winnow_daemon_store)
winnow_test(test_store_query SOURCES test_store_query.c store_help.c LIBRARIES winnow_daemon_store)
