#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The Python client with a real winnowd:  test_python.py WINNOWD"""
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile

import winnow_client as wn

TEXT = "Acme Corp. was founded in 1999 in Berlin. It invested 5 million yuan in a plant."


class Daemon:
    def __init__(self, winnowd):
        self.winnowd = winnowd
        self.folder = tempfile.mkdtemp(prefix="winnow-py-")
        self.base = f"ipc://{self.folder}/d"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.winnowd, "--data", self.folder + "/data", "--http", "off",
             "--intake", self.base + ".intake", "--events", self.base + ".events",
             "--query", self.base + ".query"],
            stderr=open(self.folder + "/log", "ab"))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self, ok):
        self.process.terminate()
        code = self.process.wait()
        if not ok:
            sys.stderr.write(open(self.folder + "/log").read()[-4000:])
        shutil.rmtree(self.folder)
        return code


def refused(code, call, *arguments, **fields):
    try:
        call(*arguments, **fields)
    except wn.Refused as fault:
        assert fault.code == code, f"{fault} instead of {code}"
        return fault.answer
    raise AssertionError(f"not refused: {code}")


def pushing(daemon):
    intake = wn.Intake(daemon.base + ".intake", "test_python")
    pong = intake.ping()
    assert pong["session"] is False
    refused("no_session", intake.push, TEXT)
    welcome = intake.hello()
    assert welcome["versions"] == [1] and welcome["instance"] == pong["instance"]
    assert welcome["limits"]["text"] == 1048576
    assert intake.ping()["session"] is True

    accepted, stored = intake.push(TEXT, id="a", source="Example", published="2022-06-23")
    assert accepted == {"id": "a", "revision": 1, "duplicate": False, "state": "accepted"}
    assert stored["state"] == "stored" and stored["duplicate"] is False
    assert stored["facts"] >= 1 and stored["last"] - stored["first"] == stored["facts"]
    accepted, again = intake.push(TEXT, id="a")
    assert accepted["duplicate"] is True and again == {**stored, "duplicate": True}
    _, revised = intake.push(TEXT + " It rained.", id="a")
    assert revised["revision"] == 2 and revised["duplicate"] is False
    accepted, none = intake.push("It rained.", answer="accepted")
    assert accepted["id"].startswith("b2:") and none is None

    # many at once: answers may come in any order, each to its request
    requests = [intake.begin(f"Note {i}.", id=f"n{i}") for i in range(50)]
    for i, request in reversed(list(enumerate(requests))):
        kinds = [intake.answer(request)[0], intake.answer(request)[0]]
        assert kinds == [wn.ACCEPTED, wn.STORED], (i, kinds)
    return intake, welcome


def refusals(intake):
    refused("empty_text", intake.push, "")
    answer = refused("invalid_utf8", intake.push, b"It was a caf\xe9.", id="x")
    assert answer["offset"] == 12 and answer["retry"] is False
    assert refused("nul_byte", intake.push, b"a\0b")["offset"] == 1
    refused("too_large", intake.push, b"x" * 1048577)
    assert refused("bad_field", intake.push, TEXT, id="")["field"] == "id"
    assert refused("bad_field", intake.push, TEXT, id="x" * 1025)["field"] == "id"
    assert refused("bad_field", intake.push, TEXT, title="a\nb")["field"] == "title"
    assert refused("bad_field", intake.push, TEXT, published="today")["field"] == "published"
    assert refused("bad_field", intake.push, TEXT, other=1)["field"] == "other"

    def raw(kind, *frames, version=1):
        return intake.answer(intake.send(kind, *frames, version=version))

    refused("bad_json", raw, wn.PUSH, b'{"id":"a","id":"b"}', b"x")
    refused("bad_json", raw, wn.PUSH, b"{", b"x")
    refused("bad_json", raw, wn.PUSH, b"[" * 17 + b"]" * 17, b"x")
    refused("bad_message", raw, wn.PUSH, b"{}")
    refused("bad_message", raw, wn.PUSH, b"{}", b"x", b"y")
    refused("bad_message", raw, wn.STATUS)
    assert refused("bad_version", raw, wn.PING, version=9)["versions"] == [1]
    intake.socket.send_multipart([b"XX\x01\x05", b"\0" * 8])
    refused("bad_message", intake.answer, 0)
    refused("not_found", intake.retract, "nobody")
    refused("not_failed", intake.retry, "a")


def asking(daemon, welcome):
    query = wn.Query(daemon.base + ".query")
    assert query.ping()["epoch"] == welcome["epoch"]
    status = query.status()
    assert status["epoch"] == welcome["epoch"] and status["articles"]["stored"] >= 51, status
    rows = list(query.rows(wn.QUERY, entity="acme", limit=1))
    assert rows and all(row["article"]["id"] == "a" for row in rows), rows
    assert all(row["status"] == "current" for row in rows)
    both = list(query.rows(wn.QUERY, article="a", retracted=True))
    assert len(both) > len(list(query.rows(wn.QUERY, article="a")))
    row = rows[0]
    shown = query.show(fact=row["fact"])
    assert shown["record"] == row["record"]
    assert shown["context"]["evidence"] == row["record"]["evidence"]["text"]
    article = query.show(article="a")
    text = article["text"].encode()
    for fact in article["facts"]:
        evidence = fact["record"]["evidence"]
        assert text[evidence["start"] : evidence["end"]].decode() == evidence["text"]
    listed = list(query.rows(wn.ARTICLES, limit=7))
    revisions = {(row["id"], row["revision"]) for row in listed}
    assert len(listed) == len(revisions) == 53 and ("a", 1) in revisions, len(listed)
    refused("not_found", query.show, id="nobody")
    refused("bad_field", query.show)
    assert refused("bad_field", query.replay, 0)["field"] == "from"
    return query


def events(daemon, intake, query):
    last = query.status()["last"]
    head, log = query.replay(1)
    assert head["complete"] == head["last"] == last and len(log) == last
    follower = wn.Follower(daemon.base + ".events", daemon.base + ".query", page=7)
    stream = follower.events()
    first = list(itertools.islice(stream, last))
    assert [seq for _, seq, _ in first] == list(range(1, last + 1))
    assert [(topic, body) for topic, _, body in first] == [(e[0], e[2]) for e in log]
    previous = {}
    for topic, seq, body in first:
        name = topic.rsplit(b".", 1)[0]
        event = json.loads(body)
        assert event["seq"] == seq and event["prev"] == previous.get(name, 0), event
        previous[name] = seq

    # retracted and pushed while the follower looks on, then through a kill
    assert intake.retract("a")["state"] == "retracted"
    _, stored = intake.push("Beta Ltd. was founded in 2001 in Paris.", id="b")
    more = list(itertools.islice(stream, stored["last"] - last))
    assert more[-1][0] == b"article.stored" and more[-1][1] == stored["last"]
    assert any(topic.endswith(b".retracted") for topic, _, _ in more)
    daemon.kill()
    daemon.start()
    fresh = wn.Intake(daemon.base + ".intake", "test_python")
    assert fresh.hello()["epoch"] == follower.epoch
    accepted, again = fresh.push("Beta Ltd. was founded in 2001 in Paris.", id="b")
    assert accepted["duplicate"] is True and again["facts"] == stored["facts"]
    _, stored = fresh.push("Gamma Inc. was founded in 2002 in Rome.", id="c")
    rest = list(itertools.islice(stream, stored["last"] - more[-1][1]))
    assert [seq for _, seq, _ in rest] == list(range(more[-1][1] + 1, stored["last"] + 1))
    _, some = wn.Query(daemon.base + ".query").replay(1, ["fact.founding."])
    assert some and all(topic.startswith(b"fact.founding.") for topic, _, _ in some)


def main():
    daemon = Daemon(os.path.abspath(sys.argv[1]))
    ok = False
    try:
        intake, welcome = pushing(daemon)
        refusals(intake)
        query = asking(daemon, welcome)
        events(daemon, intake, query)
        ok = True
    finally:
        code = daemon.end(ok)
    assert code == 0, f"winnowd ended with {code}"
    print("all is well")


main()
