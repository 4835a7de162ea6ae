/* SPDX-License-Identifier: Apache-2.0 */
/* The store: what becomes of an article, and the events of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_help.h"

static wd_outcome_t s_retract(help_fixture_t *f, const char *id)
{
    wd_outcome_t outcome = {0};
    assert_int_equal(wd_store_begin(f->store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_retract(f->store, id, &outcome), WD_OK);
    assert_int_equal(wd_store_commit(f->store), WD_OK);
    return outcome;
}

/* The topics of all events, joined by blanks. */
static char *s_topics(help_fixture_t *f)
{
    static char topics[4096];
    wd_reader_t *reader = help_reader(f->folder);
    wd_events_t *events = NULL;
    uint64_t complete, last;
    topics[0] = '\0';
    assert_int_equal(wd_reader_replay(reader, 1, NULL, 0, 0, &events, &complete, &last), WD_OK);
    for (size_t i = 0; events != NULL && i < wd_events_count(events); i++) {
        if (i > 0)
            strcat(topics, " ");
        strncat(topics, wd_events_at(events, i)->topic, wd_events_at(events, i)->topic_size);
    }
    wd_events_unref(&events);
    wd_reader_close(&reader);
    return topics;
}

static void test_an_article_is_accepted_and_stored(void **state)
{
    help_fixture_t *f = *state;
    wd_outcome_t outcome = help_accept(f->store, "a", "Text of it.");
    assert_int_equal(outcome.rev, 1);
    assert_int_equal(outcome.revision, 1);
    assert_int_equal(outcome.state, WD_ACCEPTED);
    assert_false(outcome.duplicate);
    assert_int_equal(wd_store_backlog(f->store), 1);

    wd_finished_t *finished = help_finished(f->store, 1, 2);
    assert_string_equal(finished->job->article->text, "Text of it.");
    assert_true(wd_finished_seal(finished));
    assert_int_equal(wd_store_begin(f->store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_finish(f->store, finished), WD_OK);
    assert_int_equal(wd_store_commit(f->store), WD_OK);
    wd_finished_destroy(&finished);

    size_t count = 0;
    wd_outcome_t *ended = wd_store_take_ended(f->store, &count);
    assert_int_equal(count, 1);
    assert_string_equal(ended[0].id, "a");
    assert_int_equal(ended[0].state, WD_STORED);
    assert_int_equal(ended[0].facts, 2);
    assert_int_equal(ended[0].first, 1);
    assert_int_equal(ended[0].last, 3);
    wd_outcome_clear(&ended[0]);
    free(ended);
    assert_int_equal(wd_store_backlog(f->store), 0);
    assert_string_equal(s_topics(f),
                        "fact.investment.created fact.statement.created article.stored");
}

static void test_an_event_says_what_the_protocol_promises(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "Text of it.");
    help_store(f->store, help_finished(f->store, 1, 1));
    wd_events_t *events = wd_store_take_events(f->store);
    assert_int_equal(wd_events_count(events), 2);
    char expected[2048];
    char *record = help_record("investment", "Halden Marine", "Bergen", "40000000", "EUR");
    snprintf(expected, sizeof expected,
             "{\"epoch\":\"%s\",\"seq\":1,\"prev\":0,\"time\":\"2023-11-14T22:13:20.124Z\","
             "\"change\":\"created\",\"fact\":\"1.1\",\"article\":{\"id\":\"a\",\"revision\":1,"
             "\"source\":\"Example Daily\",\"title\":\"A \\\"headline\\\"\","
             "\"published\":\"2022-06-23\"},\"record\":%s}",
             wd_store_epoch(f->store), record);
    free(record);
    assert_int_equal(wd_events_at(events, 0)->body_size, strlen(expected));
    assert_memory_equal(wd_events_at(events, 0)->body, expected, strlen(expected));
    snprintf(expected, sizeof expected,
             "{\"epoch\":\"%s\",\"seq\":2,\"prev\":0,\"time\":\"2023-11-14T22:13:20.124Z\","
             "\"state\":\"stored\",\"facts\":1,\"article\":{\"id\":\"a\",\"revision\":1,"
             "\"source\":\"Example Daily\",\"title\":\"A \\\"headline\\\"\","
             "\"published\":\"2022-06-23\"}}",
             wd_store_epoch(f->store));
    assert_int_equal(wd_events_at(events, 1)->body_size, strlen(expected));
    assert_memory_equal(wd_events_at(events, 1)->body, expected, strlen(expected));
    wd_events_unref(&events);
}

/* Also after the article's state has moved on. */
static void test_replayed_bytes_are_those_published(void **state)
{
    help_fixture_t *f = *state;
    wd_events_t *published[4];
    help_accept(f->store, "a", "one");
    help_store(f->store, help_finished(f->store, 1, 5));
    published[0] = wd_store_take_events(f->store);
    help_accept(f->store, "a", "two");
    help_store(f->store, help_finished(f->store, 2, 3));
    published[1] = wd_store_take_events(f->store);
    help_accept(f->store, "b", "bad");
    wd_finished_t *finished = help_finished(f->store, 3, 0);
    wd_finished_fail(finished, "it is \"bad\"");
    help_store(f->store, finished);
    published[2] = wd_store_take_events(f->store);
    s_retract(f, "a");
    published[3] = wd_store_take_events(f->store);

    wd_reader_t *reader = help_reader(f->folder);
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < wd_events_count(published[i]); k++) {
            const wd_event_t *event = wd_events_at(published[i], k);
            wd_events_t *replayed = NULL;
            uint64_t complete, last;
            assert_int_equal(
                wd_reader_replay(reader, event->seq, NULL, 0, 1, &replayed, &complete, &last),
                WD_OK);
            const wd_event_t *again = wd_events_at(replayed, 0);
            assert_int_equal(again->seq, event->seq);
            assert_int_equal(complete, event->seq);
            assert_int_equal(again->topic_size, event->topic_size);
            assert_memory_equal(again->topic, event->topic, event->topic_size);
            assert_int_equal(again->body_size, event->body_size);
            assert_memory_equal(again->body, event->body, event->body_size);
            wd_events_unref(&replayed);
        }
        wd_events_unref(&published[i]);
    }
    wd_reader_close(&reader);
}

static void test_the_same_again_is_a_duplicate(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    wd_outcome_t again = help_accept(f->store, "a", "one");
    assert_true(again.duplicate);
    assert_int_equal(again.state, WD_ACCEPTED);
    assert_int_equal(again.rev, 1);
    help_store(f->store, help_finished(f->store, 1, 2));
    again = help_accept(f->store, "a", "one");
    assert_true(again.duplicate);
    assert_int_equal(again.state, WD_STORED);
    assert_int_equal(again.facts, 2);
    assert_int_equal(again.first, 1);
    assert_int_equal(again.last, 3);
    /* of an earlier revision too */
    help_accept(f->store, "a", "two");
    help_store(f->store, help_finished(f->store, 2, 1));
    again = help_accept(f->store, "a", "one");
    assert_true(again.duplicate);
    assert_int_equal(again.revision, 1);
    assert_int_equal(again.state, WD_SUPERSEDED);
    /* the same text under another id is another article */
    wd_outcome_t other = help_accept(f->store, "b", "one");
    assert_false(other.duplicate);
    assert_int_equal(other.revision, 1);
}

static void test_twice_in_one_transaction(void **state)
{
    help_fixture_t *f = *state;
    wd_article_t *article = help_article("a", "one");
    wd_outcome_t first = {0}, second = {0};
    assert_int_equal(wd_store_begin(f->store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_accept(f->store, article, &first), WD_OK);
    assert_int_equal(wd_store_accept(f->store, article, &second), WD_OK);
    assert_int_equal(wd_store_commit(f->store), WD_OK);
    assert_false(first.duplicate);
    assert_true(second.duplicate);
    assert_int_equal(first.rev, second.rev);
    wd_article_destroy(&article);
}

static void test_a_revision_takes_the_place_of_the_one_before(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    help_store(f->store, help_finished(f->store, 1, 1));
    wd_outcome_t second = help_accept(f->store, "a", "two");
    assert_int_equal(second.revision, 2);
    assert_false(second.duplicate);
    help_store(f->store, help_finished(f->store, 2, 2));
    assert_string_equal(s_topics(f), "fact.investment.created article.stored"
                                     " fact.investment.retracted article.superseded"
                                     " fact.investment.created fact.statement.created"
                                     " article.stored");
}

static void test_a_late_result_stores_nothing(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    wd_finished_t *late = help_finished(f->store, 1, 3);
    help_accept(f->store, "a", "two");
    help_store(f->store, help_finished(f->store, 2, 1));
    size_t count = 0;
    wd_outcome_t *ended = wd_store_take_ended(f->store, &count);
    assert_int_equal(count, 2); /* whoever waits for the first is told, too */
    assert_int_equal(ended[0].rev, 1);
    assert_int_equal(ended[0].state, WD_SUPERSEDED);
    assert_int_equal(ended[1].rev, 2);
    for (size_t i = 0; i < count; i++)
        wd_outcome_clear(&ended[i]);
    free(ended);
    help_store(f->store, late);
    assert_null(wd_store_take_events(f->store));
    assert_string_equal(s_topics(f), "article.superseded fact.investment.created article.stored");
}

static void test_finishing_in_order_of_revisions(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    wd_finished_t *first = help_finished(f->store, 1, 1);
    help_accept(f->store, "a", "two");
    wd_finished_t *second = help_finished(f->store, 2, 1);
    help_store(f->store, first);
    help_store(f->store, second);
    assert_string_equal(s_topics(f), "fact.investment.created article.stored"
                                     " fact.investment.retracted article.superseded"
                                     " fact.investment.created article.stored");
}

static void test_a_failure_leaves_the_revision_before(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    help_store(f->store, help_finished(f->store, 1, 1));
    help_accept(f->store, "a", "two");
    wd_finished_t *finished = help_finished(f->store, 2, 1);
    assert_true(wd_finished_fail(finished, "no"));
    help_store(f->store, finished);
    assert_string_equal(s_topics(f), "fact.investment.created article.stored article.failed");
    wd_outcome_t again = help_accept(f->store, "a", "two");
    assert_int_equal(again.state, WD_FAILED);
    assert_string_equal(again.reason, "no");
    wd_outcome_clear(&again);
    again = help_accept(f->store, "a", "one");
    assert_int_equal(again.state, WD_STORED);
}

static void test_retracting(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    help_store(f->store, help_finished(f->store, 1, 1));
    help_accept(f->store, "a", "two");
    wd_finished_t *late = help_finished(f->store, 2, 1);
    wd_outcome_t outcome = s_retract(f, "a");
    assert_int_equal(outcome.revision, 2);
    assert_int_equal(outcome.state, WD_RETRACTED);
    assert_int_equal(outcome.first, 3);
    assert_int_equal(outcome.last, 5);
    help_store(f->store, late);
    assert_string_equal(s_topics(f), "fact.investment.created article.stored"
                                     " fact.investment.retracted article.retracted"
                                     " article.retracted");
    assert_true(s_retract(f, "a").duplicate);
    assert_int_equal(help_accept(f->store, "a", "one").state, WD_RETRACTED);
    /* a new text begins anew */
    wd_outcome_t third = help_accept(f->store, "a", "three");
    assert_false(third.duplicate);
    assert_int_equal(third.revision, 3);
    help_store(f->store, help_finished(f->store, third.rev, 1));
}

static void test_retracting_or_retrying_what_is_not_there(void **state)
{
    help_fixture_t *f = *state;
    wd_outcome_t outcome = {0};
    help_accept(f->store, "a", "one");
    assert_int_equal(wd_store_begin(f->store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_retract(f->store, "b", &outcome), WD_E_NOT_FOUND);
    assert_string_equal(wd_store_message(f->store), "no article \"b\"");
    assert_int_equal(wd_store_retry(f->store, "b", &outcome), WD_E_NOT_FOUND);
    assert_int_equal(wd_store_retry(f->store, "a", &outcome), WD_E_NOT_FAILED);
    assert_string_equal(wd_store_message(f->store), "article \"a\" has not failed: it is accepted");
    assert_int_equal(wd_store_commit(f->store), WD_OK);
}

static void test_retrying(void **state)
{
    help_fixture_t *f = *state;
    wd_outcome_t outcome = {0};
    help_accept(f->store, "a", "one");
    wd_finished_t *finished = help_finished(f->store, 1, 0);
    assert_true(wd_finished_fail(finished, "no"));
    help_store(f->store, finished);
    assert_int_equal(wd_store_begin(f->store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_retry(f->store, "a", &outcome), WD_OK);
    assert_int_equal(wd_store_commit(f->store), WD_OK);
    assert_int_equal(outcome.state, WD_ACCEPTED);
    assert_int_equal(wd_store_backlog(f->store), 1);
    help_store(f->store, help_finished(f->store, 1, 1));
    assert_string_equal(s_topics(f), "article.failed fact.investment.created article.stored");
}

static void test_three_crashes_put_an_article_aside(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    help_accept(f->store, "b", "two");
    const int64_t suspects[] = {1, 77};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(wd_store_backlog(f->store), 2);
        assert_int_equal(wd_store_begin(f->store, HELP_NOW), WD_OK);
        assert_int_equal(wd_store_blame(f->store, suspects, 2), WD_OK);
        assert_int_equal(wd_store_commit(f->store), WD_OK);
    }
    assert_string_equal(s_topics(f), "article.failed");
    wd_outcome_t outcome = help_accept(f->store, "a", "one");
    assert_int_equal(outcome.state, WD_FAILED);
    assert_string_equal(outcome.reason, "it was in work at three crashes of the daemon");
    wd_outcome_clear(&outcome);
    assert_int_equal(help_accept(f->store, "b", "two").state, WD_ACCEPTED);
}

static void test_work_comes_in_order_suspects_apart(void **state)
{
    help_fixture_t *f = *state;
    char id[16];
    for (int i = 0; i < 10; i++) {
        snprintf(id, sizeof id, "a%d", i);
        help_accept(f->store, id, "text");
    }
    const int64_t suspects[] = {2, 5};
    assert_int_equal(wd_store_begin(f->store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_blame(f->store, suspects, 2), WD_OK);
    assert_int_equal(wd_store_blame(f->store, suspects, 1), WD_OK);
    assert_int_equal(wd_store_commit(f->store), WD_OK);
    static const int64_t order[] = {1, 3, 4, 6, 7, 8, 9, 10};
    wd_job_t *jobs[10];
    size_t count = 0;
    bool more = false;
    assert_int_equal(wd_store_unfinished(f->store, false, 0, 10, SIZE_MAX, jobs, &count, &more),
                     WD_OK);
    assert_int_equal(count, 8);
    assert_false(more);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(jobs[i]->rev, order[i]);
        wd_job_destroy(&jobs[i]);
    }
    assert_int_equal(wd_store_unfinished(f->store, false, 4, 2, SIZE_MAX, jobs, &count, &more),
                     WD_OK);
    assert_int_equal(count, 2);
    assert_true(more);
    assert_int_equal(jobs[0]->rev, 6);
    wd_job_destroy(&jobs[0]);
    wd_job_destroy(&jobs[1]);
    assert_int_equal(wd_store_unfinished(f->store, true, 0, 10, SIZE_MAX, jobs, &count, &more),
                     WD_OK);
    assert_int_equal(count, 2);
    assert_int_equal(jobs[0]->rev, 5); /* one crash; the other has two */
    assert_int_equal(jobs[0]->attempts, 1);
    assert_int_equal(jobs[1]->rev, 2);
    wd_job_destroy(&jobs[0]);
    wd_job_destroy(&jobs[1]);
}

static void test_a_rollback_leaves_nothing(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    wd_finished_t *finished = help_finished(f->store, 1, 3);
    assert_true(wd_finished_seal(finished));
    assert_int_equal(wd_store_begin(f->store, HELP_NOW), WD_OK);
    assert_int_equal(wd_store_finish(f->store, finished), WD_OK);
    wd_store_rollback(f->store);
    assert_null(wd_store_take_events(f->store));
    assert_int_equal(wd_store_last(f->store), 0);
    assert_int_equal(wd_store_streams(f->store), 1);
    help_check(f->folder);
    help_store(f->store, finished);
    assert_int_equal(wd_store_last(f->store), 4);
    assert_int_equal(wd_store_streams(f->store), 4);
}

static void test_all_stands_after_opening_again(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    help_store(f->store, help_finished(f->store, 1, 2));
    help_accept(f->store, "b", "two");
    char epoch[37];
    snprintf(epoch, sizeof epoch, "%s", wd_store_epoch(f->store));
    wd_store_close(&f->store);
    f->store = help_open(f->folder);
    assert_string_equal(wd_store_epoch(f->store), epoch);
    assert_int_equal(wd_store_last(f->store), 3);
    assert_int_equal(wd_store_backlog(f->store), 1);
    uint64_t last = 0;
    assert_string_equal(wd_store_stream(f->store, 1, &last), "fact.investment");
    assert_int_equal(last, 1);
    assert_true(help_accept(f->store, "a", "one").duplicate);
    assert_int_equal(help_accept(f->store, "a", "new").rev, 3);
}

static void test_a_second_daemon_is_refused(void **state)
{
    help_fixture_t *f = *state;
    wd_code_t code = WD_OK;
    char message[512];
    assert_null(wd_store_open(f->folder, NULL, &code, message, sizeof message));
    assert_int_equal(code, WD_E_LOCKED);
    assert_non_null(strstr(message, "another winnowd uses this store"));
}

static void test_replay_by_prefix_and_page(void **state)
{
    help_fixture_t *f = *state;
    for (int i = 0; i < 5; i++) {
        char text[16];
        snprintf(text, sizeof text, "t%d", i);
        help_accept(f->store, text, text);
        help_store(f->store, help_finished(f->store, i + 1, 3)); /* 4 events each */
    }
    wd_reader_t *reader = help_reader(f->folder);
    static const char *const prefixes[] = {"fact.statement.", "nothing"};
    wd_events_t *events = NULL;
    uint64_t complete = 0, last = 0;
    assert_int_equal(wd_reader_replay(reader, 1, prefixes, 2, 2, &events, &complete, &last), WD_OK);
    assert_int_equal(wd_events_count(events), 2);
    assert_int_equal(wd_events_at(events, 0)->seq, 2);
    assert_int_equal(wd_events_at(events, 1)->seq, 6);
    assert_int_equal(complete, 6);
    assert_int_equal(last, 20);
    wd_events_unref(&events);
    assert_int_equal(wd_reader_replay(reader, 7, prefixes, 2, 0, &events, &complete, &last), WD_OK);
    assert_int_equal(wd_events_count(events), 3);
    assert_int_equal(complete, 20);
    wd_events_unref(&events);
    assert_int_equal(wd_reader_replay(reader, 21, NULL, 0, 0, &events, &complete, &last), WD_OK);
    assert_null(events);
    assert_int_equal(complete, 20);
    static const char *const none[] = {"winnow."};
    assert_int_equal(wd_reader_replay(reader, 0, none, 1, 0, &events, &complete, &last), WD_OK);
    assert_null(events);
    assert_int_equal(complete, 20);
    wd_reader_close(&reader);
}

static void test_the_status_counts(void **state)
{
    help_fixture_t *f = *state;
    help_accept(f->store, "a", "one");
    help_store(f->store, help_finished(f->store, 1, 3));
    help_accept(f->store, "b", "one");
    wd_reader_t *reader = help_reader(f->folder);
    wd_store_status_t status;
    char *streams = NULL;
    assert_int_equal(wd_reader_status(reader, &status), WD_OK);
    assert_int_equal(status.articles[WD_STORED], 1);
    assert_int_equal(status.articles[WD_ACCEPTED], 1);
    assert_int_equal(status.facts, 3);
    assert_int_equal(status.last, 4);
    assert_int_equal(status.schema, help_number(f->folder, "PRAGMA user_version"));
    assert_true(status.wal_bytes > 0);
    assert_int_equal(wd_reader_streams(reader, &streams), WD_OK);
    assert_string_equal(streams, "{\"article\":4,\"fact.investment\":1,\"fact.statement\":2,"
                                 "\"fact.founding\":3}");
    free(streams);
    assert_string_equal(wd_reader_epoch(reader), wd_store_epoch(f->store));
    assert_int_equal(wd_reader_verify(reader), WD_OK);
    wd_reader_close(&reader);
}

static void test_an_empty_store_answers(void **state)
{
    help_fixture_t *f = *state;
    wd_reader_t *reader = help_reader(f->folder);
    char *streams = NULL;
    wd_rows_t rows = {0};
    assert_int_equal(wd_reader_streams(reader, &streams), WD_OK);
    assert_string_equal(streams, "{}");
    free(streams);
    assert_int_equal(wd_reader_query(reader, &(wd_query_t){.text = "x"}, &rows), WD_OK);
    assert_int_equal(rows.count, 0);
    assert_null(rows.next);
    assert_int_equal(wd_reader_articles(reader, &(wd_articles_query_t){0}, &rows), WD_OK);
    assert_int_equal(rows.count, 0);
    wd_reader_close(&reader);
}

#define T(name) cmocka_unit_test_setup_teardown(name, help_setup, help_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_an_article_is_accepted_and_stored),
        T(test_an_event_says_what_the_protocol_promises),
        T(test_replayed_bytes_are_those_published),
        T(test_the_same_again_is_a_duplicate),
        T(test_twice_in_one_transaction),
        T(test_a_revision_takes_the_place_of_the_one_before),
        T(test_a_late_result_stores_nothing),
        T(test_finishing_in_order_of_revisions),
        T(test_a_failure_leaves_the_revision_before),
        T(test_retracting),
        T(test_retracting_or_retrying_what_is_not_there),
        T(test_retrying),
        T(test_three_crashes_put_an_article_aside),
        T(test_work_comes_in_order_suspects_apart),
        T(test_a_rollback_leaves_nothing),
        T(test_all_stands_after_opening_again),
        T(test_a_second_daemon_is_refused),
        T(test_replay_by_prefix_and_page),
        T(test_the_status_counts),
        T(test_an_empty_store_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
