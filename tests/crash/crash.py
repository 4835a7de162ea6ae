# SPDX-License-Identifier: Apache-2.0
"""Kills winnowd at random moments under load, and sees that it forgot and repeated nothing.

A round: three pushers send articles (new ones, further revisions, the same again, retractions) and send
again what was not answered; at a random moment the daemon is killed, while it starts, under load, or
while it drains after SIGTERM; it is started again, perhaps killed again; then everything that was
answered must come to its end. After each round:

  1. every article that was answered ACCEPTED is there, in the revision that the answer named, and finished;
  2. the same id and text always had the same revision, and one effect;
  3. events are numbered 1, 2, 3 … without a gap, and name the one before in their stream;
  4. a subscriber that was connected all along, and filled its gaps by REPLAY, has the same frames, byte for
     byte, as one that joins now and replays everything;
  5. no fact twice: a fact lives from its creation to its retraction, and what changes about it happens
     meanwhile; those that QUERY gives are those that are left, with the status and the number of sources that the
     events left them with;
  6. an article that was in work at three crashes may have failed: RETRY brings it to its end.

Every few rounds the store is closed (SIGTERM must end with 0), its file is examined by SQLite, the facts are
compared with those of winnow-extract for the same texts, and a new store is begun.

Randomness comes from --seed, which is printed; what the machine does beside is not repeated.
"""

import argparse
import collections
import datetime
import glob
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
import wire  # noqa: E402
from texts import Texts  # noqa: E402

DATES = ("2021-03-05", "2022-06-23", "2023-11-14", None)


class Fault(AssertionError):
    """A promise was broken; the text says which."""


def demand(condition, text, *args):
    if not condition:
        raise Fault(text % args)


class Pusher:
    """One client of intake: keeps to its credit, sends again what was not answered."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.queue = collections.deque()  # (kind, meta, text) not sent yet
        self.sent = {}                    # request -> (kind, meta, text, answered ACCEPTED?)
        self.request = 0
        self.connect()

    def connect(self):
        self.socket = self.world.daemon.context.socket(zmq.DEALER)
        for option, value in ((zmq.LINGER, 0), (zmq.SNDHWM, 0), (zmq.RCVHWM, 0),
                              (zmq.RECONNECT_IVL, 5), (zmq.RECONNECT_IVL_MAX, 50)):
            self.socket.setsockopt(option, value)
        self.socket.connect(self.world.daemon.intake)
        self.say_hello()

    def say_hello(self):
        """A new session: what waited for an answer waits to be sent again, in the same order."""
        self.credit = [0, 0]
        self.in_flight = [0, 0]
        self.draining = False
        for request in sorted(self.sent, reverse=True):
            kind, meta, text, _ = self.sent[request]
            self.queue.appendleft((kind, meta, text))
        self.sent.clear()
        self.request += 1
        self.hello = self.request
        self.socket.send_multipart(wire.pack(wire.HELLO, self.hello, {"client": self.name}))
        self.heard = time.monotonic()

    def close(self):
        self.socket.close(0)

    def idle(self):
        return not self.queue and not self.sent and not self.hello

    def cost(self, meta, text):
        return len(wire.dumps(meta)) + len(text)

    def send_more(self):
        """Sends what credit allows."""
        while self.queue and not self.hello and not self.draining:
            kind, meta, text = self.queue[0]
            if kind == wire.PUSH:
                size = self.cost(meta, text)
                if self.in_flight[0] + 1 > self.credit[0] or self.in_flight[1] + size > self.credit[1]:
                    return
                self.in_flight[0] += 1
                self.in_flight[1] += size
            self.queue.popleft()
            self.request += 1
            self.sent[self.request] = (kind, meta, text, False)
            frames = wire.pack(kind, self.request, meta, *([text] if kind == wire.PUSH else []))
            self.socket.send_multipart(frames)

    def take(self):
        """Takes every message that is there."""
        while True:
            try:
                frames = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                break
            self.heard = time.monotonic()
            self.answered(wire.Answer(frames))
        self.send_more()
        # Silence while something is to be done: perhaps the session is gone with the daemon.
        if not self.idle() and time.monotonic() - self.heard > self.world.patience:
            self.say_hello()

    def release(self, meta, text):
        self.in_flight[0] -= 1
        self.in_flight[1] -= self.cost(meta, text)

    def answered(self, got):
        if got.kind == wire.CREDIT:
            self.credit = [int.from_bytes(got.frames[0], "big"), int.from_bytes(got.frames[1], "big")]
            return
        if got.kind == wire.DRAIN:
            self.draining = True
            return
        if got.kind == wire.WELCOME:
            if got.request == self.hello:
                self.hello = 0
                credit = got.json()["credit"]
                self.credit = [credit["messages"], credit["bytes"]]
                self.world.saw_epoch(got.json()["epoch"])
            return
        if got.request not in self.sent:
            return  # of an earlier session
        kind, meta, text, accepted = self.sent[got.request]
        says = got.json()
        if got.kind == wire.REFUSED:
            if kind == wire.RETRY and says["code"] == "not_failed":
                del self.sent[got.request]  # the first RETRY was heard, its answer was lost
                return
            demand(says["retry"], "%s: refused for good: %r", self.name, says)
            demand(says["code"] in ("no_session", "draining", "overloaded"),
                   "%s: refused %r in spite of credit", self.name, says)
            if says["code"] == "no_session" and not self.hello:
                self.say_hello()
            elif kind == wire.PUSH and not accepted:
                self.release(meta, text)
                del self.sent[got.request]
                self.queue.appendleft((kind, meta, text))
            return
        if got.kind == wire.ACCEPTED:
            if kind == wire.PUSH:
                demand(not accepted, "%s: ACCEPTED twice for one request: %r", self.name, says)
                self.release(meta, text)
                self.world.accepted(meta, text, says)
            if meta.get("answer") == "accepted":
                del self.sent[got.request]
            else:
                self.sent[got.request] = (kind, meta, text, True)
        elif got.kind == wire.STORED:
            if kind == wire.PUSH:
                demand(accepted, "%s: STORED before ACCEPTED: %r", self.name, says)
                self.world.ended(meta, text, says)
            elif kind == wire.RETRACT:
                demand(says["state"] == "retracted", "RETRACT was answered %r", says)
                self.world.was_retracted(meta["id"])
            del self.sent[got.request]
        else:
            raise Fault("%s: unexpected %r" % (self.name, got))


class Follower:
    """A subscriber that misses nothing: SUB for the news, REPLAY for the gaps (PROTOCOL.md, section 4)."""

    def __init__(self, world):
        self.world = world
        self.n = 0
        self.events = []  # (topic, seq, body), seq = index + 1
        self.published = self.replayed = self.known = 0
        self.socket = wire.subscriber(world.daemon.context, world.daemon.events)
        self.peer = wire.Peer(world.daemon.context, world.daemon.query)
        self.asked = None

    def close(self):
        self.socket.close(0)
        self.peer.close()

    def add(self, topic, seq, body):
        if seq <= self.n:
            # Known; but it must be the same.
            demand(self.events[seq - 1] == (topic, seq, body),
                   "event %d was %r, is now %r", seq, self.events[seq - 1], (topic, body))
            self.known += 1
            return True
        if seq > self.n + 1:
            return False
        self.events.append((topic, seq, body))
        self.n = seq
        self.world.event(topic, seq, body)
        return True

    def ask(self):
        """REPLAY from what is missing, one at a time."""
        if self.asked and time.monotonic() - self.asked[1] < self.world.patience:
            return
        request = self.peer.send(wire.REPLAY, {"from": self.n + 1, "limit": 1000})
        self.asked = (request, time.monotonic())

    def take(self):
        while True:
            try:
                topic, seq, body = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                break
            number = int.from_bytes(seq, "big")
            if topic == b"winnow.heartbeat":
                if number > self.n:
                    self.ask()
                continue
            before = self.n
            if not self.add(topic, number, body):
                self.ask()
            elif self.n > before:
                self.published += 1
        while True:
            try:
                got = wire.Answer(self.peer.socket.recv_multipart(zmq.NOBLOCK))
            except zmq.Again:
                break
            if not self.asked or got.request != self.asked[0]:
                continue
            self.asked = None
            demand(got.kind == wire.EVENTS, "REPLAY was answered %r", got)
            head = got.json()
            for at in range(1, len(got.frames), 3):
                before = self.n
                number = int.from_bytes(got.frames[at + 1], "big")
                demand(self.add(got.frames[at], number, got.frames[at + 2]),
                       "REPLAY leaves out %d", self.n + 1)
                self.replayed += self.n > before
            demand(self.n >= head["complete"], "REPLAY says complete up to %d and ends at %d",
                   head["complete"], self.n)
            if head["complete"] < head["last"]:
                self.ask()

    def catch_up(self, last):
        """Returns when everything up to `last` is here."""
        until = time.monotonic() + 60
        while self.n < last:
            demand(time.monotonic() < until, "the subscriber stays at %d of %d", self.n, last)
            self.ask()
            self.peer.socket.poll(100)
            self.take()


class World:
    """What the clients know to be true, and checks the daemon against it. One store's life."""

    patience = 0.4  # seconds of silence after which a client asks again

    def __init__(self, options, rng, number):
        self.options, self.rng = options, rng
        self.texts = Texts(rng)
        self.folder = tempfile.mkdtemp(prefix="winnow-crash-", dir="/tmp")
        self.daemon = wire.Daemon(options.winnowd, self.folder, {"workers": rng.choice((1, 2, 3))})
        self.number = number
        self.epoch = None
        self.revision = {}     # (id, text) -> revision, as answered
        self.first = set()     # (id, text) that was answered as no duplicate
        self.latest = {}       # id -> newest revision that was answered
        self.last_text = {}    # id -> the text pushed last
        self.last_meta = {}    # id -> what else was pushed with it
        self.owner = {}        # id -> the pusher that adds revisions to it
        self.asked_retract, self.retracted = set(), set()
        self.dates = {}        # (id, text) -> published
        self.streams = {}      # stream -> last number
        self.facts = {}        # fact id -> [live?, status, sources]
        self.stored = {}       # (id, revision) -> facts, as its event counts them
        self.states = collections.defaultdict(list)  # (id, revision) -> [state, …]
        self.crashes = collections.Counter()
        self.failed = 0
        self.pushers, self.follower = [], None

    def begin(self):
        self.daemon.start()
        self.follower = Follower(self)
        self.pushers = [Pusher(self, "pusher-%d" % n) for n in range(3)]

    def end(self):
        for each in self.pushers:
            each.close()
        if self.follower:
            self.follower.close()
        self.daemon.kill()
        self.daemon.context.destroy(0)

    # ---- what answers and events say

    def saw_epoch(self, epoch):
        demand(self.epoch in (None, epoch), "epoch was %s, is %s", self.epoch, epoch)
        self.epoch = epoch

    def accepted(self, meta, text, says):
        id = meta.get("id") or says["id"]
        demand(says["id"] == id, "pushed %s, answered %r", id, says)
        key = (id, text)
        known = self.revision.get(key)
        if known is not None:
            demand(says["revision"] == known, "%s was revision %d, now %r", id, known, says)
        if not says["duplicate"]:
            # Answers to several pushers may be read in any order, but only one push can have been the first.
            demand(key not in self.first, "%s was accepted as new twice: %r", id, says)
            self.first.add(key)
        self.revision[key] = says["revision"]
        self.dates.setdefault(key, meta.get("published"))
        self.latest[id] = max(self.latest.get(id, 0), says["revision"])

    def ended(self, meta, text, says):
        known = self.revision[(says["id"], text)]
        demand(says["revision"] == known, "%s was revision %d, STORED says %r", says["id"], known, says)
        demand(says["state"] in ("stored", "superseded", "retracted", "failed"), "STORED says %r", says)

    def was_retracted(self, id):
        self.retracted.add(id)

    def event(self, topic, seq, body):
        says = json.loads(body)
        self.saw_epoch(says["epoch"])
        topic = topic.decode()
        stream, what = topic.rsplit(".", 1)
        demand(says["seq"] == seq, "frame %d, body %d", seq, says["seq"])
        demand(says["prev"] == self.streams.get(stream, 0), "event %d of %s names %d as the one before, not %d",
               seq, stream, says["prev"], self.streams.get(stream, 0))
        self.streams[stream] = seq
        key = (says["article"]["id"], says["article"]["revision"])
        if stream == "article":
            demand(says["state"] == what, "topic %s, body %r", topic, says)
            if what == "stored":
                demand("stored" not in self.states[key], "%r is stored twice, at %d", key, seq)
                self.stored[key] = says["facts"]
            if what == "failed":
                self.failed += 1
            self.states[key].append(what)
            return
        demand(says["change"] == what, "topic %s, body %r", topic, says)
        fact = says["fact"]
        if what == "created":
            demand(fact not in self.facts or not self.facts[fact][0], "fact %s is created twice, at %d", fact, seq)
            demand("stored" not in self.states[key] or "observation" in says, "fact %s after its article's end", fact)
            self.facts[fact] = [True, "current", 1]
        else:
            demand(fact in self.facts and self.facts[fact][0], "fact %s is %s and was not live", fact, what)
        if "observation" in says:
            self.facts[fact][1:] = [says["status"], says["sources"]]
        if what == "retracted":
            self.facts[fact][0] = False

    # ---- load

    def give_work(self, count):
        for _ in range(count):
            pusher = self.rng.choice(self.pushers)
            dice = self.rng.random()
            answer = {"answer": "accepted"} if self.rng.random() < 0.3 else {}
            if dice < 0.62 or not self.last_text:
                text = self.texts.article().encode()
                meta = dict(answer)
                published = self.rng.choice(DATES)
                if published:
                    meta["published"] = published
                if self.rng.random() < 0.8:
                    meta["id"] = "https://news.example/%d/%d" % (self.number, self.texts.made)
                    self.last_text[meta["id"]] = text
                    self.last_meta[meta["id"]] = {k: v for k, v in meta.items() if k != "answer"}
                    self.owner[meta["id"]] = pusher
                pusher.queue.append((wire.PUSH, meta, text))
                continue
            id = self.rng.choice(list(self.last_text))
            if dice < 0.80:  # the same again, from anybody
                meta = dict(answer, **self.last_meta[id])
                pusher.queue.append((wire.PUSH, meta, self.last_text[id]))
            elif dice < 0.95:
                # The next revision, by the one that owns the id: only when the one before was answered,
                # or their order would be anybody's guess.
                if id not in self.asked_retract and (id, self.last_text[id]) in self.revision:
                    text = self.texts.article().encode()
                    self.last_text[id] = text
                    self.last_meta[id] = {"id": id, "title": "Again"}
                    self.owner[id].queue.append((wire.PUSH, dict(answer, **self.last_meta[id]), text))
            elif id not in self.asked_retract and (id, self.last_text[id]) in self.revision:
                self.asked_retract.add(id)
                self.owner[id].queue.append((wire.RETRACT, {"id": id}, b""))

    def turn(self, wait):
        """One turn of the clients' loop, at most `wait` seconds long."""
        poller = zmq.Poller()
        for pusher in self.pushers:
            poller.register(pusher.socket, zmq.POLLIN)
        poller.register(self.follower.socket, zmq.POLLIN)
        poller.register(self.follower.peer.socket, zmq.POLLIN)
        poller.poll(max(0, int(wait * 1000)))
        for pusher in self.pushers:
            pusher.take()
        self.follower.take()

    def run_for(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.turn(min(0.005, until - time.monotonic()))

    # ---- a round

    def crash(self):
        """Kills it once, in one of four ways, and starts it again."""
        way = self.rng.choices(("load", "start", "drain", "stop"), (60, 15, 20, 5))[0]
        if way == "start":
            # It was started a moment ago, or is started once more now to be killed on the way.
            self.run_for(self.rng.uniform(0, 0.01))
            self.daemon.kill()
            self.daemon.start()
            self.run_for(self.rng.uniform(0, 0.06))
            self.daemon.kill()
        elif way == "load":
            self.run_for(self.rng.choice((0.01, 0.05, 0.2, 0.5)) * self.rng.random())
            self.daemon.kill()
        else:
            if way == "stop":
                self.daemon.wait_ready()  # before that, SIGTERM ends it as it ends any program
            self.run_for(0.2 * self.rng.random())
            self.daemon.process.send_signal(signal.SIGTERM)
            if way == "drain":
                self.run_for(self.rng.choice((0.002, 0.02, 0.1)) * self.rng.random())
                self.daemon.kill()
            else:
                until = time.monotonic() + 30
                while self.daemon.process.poll() is None:
                    demand(time.monotonic() < until, "SIGTERM did not end it in 30 s")
                    self.turn(0.01)
                demand(self.daemon.process.returncode == 0, "SIGTERM ended with %d",
                       self.daemon.process.returncode)
        self.crashes[way] += 1
        self.daemon.start()

    def settle(self):
        """Until everything is answered and nothing waits in the store. Returns STATUS."""
        until = time.monotonic() + 120
        peer = wire.Peer(self.daemon.context, self.daemon.query)
        try:
            request, asked = None, 0.0
            while True:
                code = self.daemon.process.poll()
                demand(code is None, "winnowd ended by itself with %s", code)
                demand(time.monotonic() < until, "not settled after 120 s: %s",
                       [(len(p.queue), len(p.sent), p.credit, p.hello) for p in self.pushers])
                self.turn(0.02)
                if not all(p.idle() for p in self.pushers):
                    continue
                if request is None or time.monotonic() - asked > self.patience:
                    request, asked = peer.send(wire.STATUS), time.monotonic()
                try:
                    got = wire.Answer(peer.socket.recv_multipart(zmq.NOBLOCK))
                except zmq.Again:
                    continue
                if got.request != request:
                    continue
                request = None
                status = got.json()
                if status["articles"].get("accepted", 0) == 0:
                    return status
        finally:
            peer.close()

    def retry_failed(self):
        """Articles put aside after three crashes in work are taken up again."""
        peer = wire.Peer(self.daemon.context, self.daemon.query)
        rows = peer.rows(wire.ARTICLES, {"state": "failed"})
        peer.close()
        for row in rows:
            demand(row.get("reason"), "failed without a reason: %r", row)
            self.pushers[0].queue.append((wire.RETRY, {"id": row["id"]}, b""))
        return len(rows)

    def verify(self):
        status = self.settle()
        while self.retry_failed():
            status = self.settle()
        self.follower.catch_up(status["last"])
        demand(self.follower.n == status["last"], "events go up to %d, STATUS says %d", self.follower.n,
               status["last"])
        # 1, 2: what was answered is there and came to its end.
        for (id, text), revision in self.revision.items():
            states = self.states[(id, revision)]
            ended = [s for s in states if s != "failed"]
            demand(ended, "%s revision %d was accepted and has no end: %r", id,
                   revision, states)
        peer = wire.Peer(self.daemon.context, self.daemon.query)
        late = peer.replay()
        rows = peer.rows(wire.ARTICLES, {})
        found = peer.rows(wire.QUERY, {})
        peer.close()
        newest = {}
        for row in rows:
            demand(row["state"] != "accepted", "unfinished: %r", row)
            demand(row["id"] not in newest or newest[row["id"]]["revision"] != row["revision"],
                   "ARTICLES has %s twice", row["id"])
            if row["id"] not in newest or row["revision"] > newest[row["id"]]["revision"]:
                newest[row["id"]] = row
        for id, revision in self.latest.items():
            demand(id in newest, "%s was accepted and is not there", id)
            demand(newest[id]["revision"] == revision, "%s: revision %d was accepted, there is %r", id,
                   revision, newest[id])
            wanted = "retracted" if id in self.retracted else "stored"
            demand(newest[id]["state"] == wanted, "%s should be %s: %r", id, wanted, newest[id])
        demand(set(newest) == set(self.latest), "articles that nobody was told of: %r",
               sorted(set(newest) - set(self.latest))[:5])
        # 3, 4: one log, however it was seen.
        demand(late[1] == status["last"] and late[2] == self.epoch, "REPLAY ends at %r", late[1:])
        for early, now in zip(self.follower.events, late[0]):
            demand(early == now, "an early subscriber saw %r, a late one %r", early, now)
        demand(len(late[0]) == self.follower.n, "early %d events, late %d", self.follower.n, len(late[0]))
        # 5: facts.
        live = {fact: entry for fact, entry in self.facts.items() if entry[0]}
        current = {}
        for row in found:
            demand(row["fact"] not in current, "QUERY has fact %s twice", row["fact"])
            current[row["fact"]] = row
        demand(set(current) == set(live), "QUERY has %d facts, events leave %d: %r", len(current), len(live),
               sorted(set(current) ^ set(live))[:5])
        for fact, (_, state, sources) in live.items():
            row = current[fact]
            id, revision = row["article"]["id"], row["article"]["revision"]
            demand(revision == self.latest[id] and id not in self.retracted,
                   "fact %s of %s revision %d lives", fact, id, revision)
            demand(row["status"] == state and row["sources"] == sources,
                   "fact %s: events leave it %s with %d sources, QUERY says %r", fact, state, sources, row)
        demand(status["facts"] == len(live), "STATUS says %r facts, %d live", status["facts"], len(live))

    def examine(self):
        """The end of a store: stop, look at the file, compare with winnow-extract."""
        self.daemon.process.send_signal(signal.SIGTERM)
        code = self.daemon.wait()
        demand(code == 0, "SIGTERM ended with %d", code)
        records = collections.defaultdict(list)
        for path in glob.glob(os.path.join(self.daemon.data, "*.db")):
            base = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
            demand(base.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "%s is damaged", path)
            demand(not base.execute("PRAGMA foreign_key_check").fetchall(), "%s: foreign keys", path)
            for id, revision, record in base.execute(
                    "SELECT r.id, r.number, o.record FROM observation AS o"
                    " JOIN revision AS r ON r.rev = o.id >> 16 ORDER BY o.id"):
                records[(id, revision)].append(json.loads(record))
            base.close()
        for key, count in self.stored.items():
            demand(len(records[key]) == count, "%r: %d facts are stored, its event says %d", key, len(records[key]), count)
        if not self.options.extract:
            return 0
        return self.compare(records)

    def compare(self, records):
        """What is stored against winnow-extract on the same texts and dates."""
        groups = collections.defaultdict(dict)
        for (id, text), revision in self.revision.items():
            if "stored" in self.states[(id, revision)]:
                name = hashlib.sha256(id.encode() + b"\0" + text).hexdigest()[:32]
                groups[self.dates[(id, text)]][name] = (id, revision, text)
        compared = 0
        for date, articles in groups.items():
            with tempfile.TemporaryDirectory(prefix="winnow-", dir="/tmp") as folder:
                for name, (id, revision, text) in articles.items():
                    with open(os.path.join(folder, name + ".txt"), "wb") as file:
                        file.write(text)
                out = os.path.join(folder, "out")
                os.mkdir(out)
                command = [self.options.extract, "--out", out]
                if date:
                    command += ["--published", date]
                command += [os.path.join(folder, name + ".txt") for name in articles]
                subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
                for name, (id, revision, text) in articles.items():
                    with open(os.path.join(out, name + ".jsonl"), "rb") as file:
                        wanted = [json.loads(line) for line in file.read().splitlines()]
                    demand(records[(id, revision)] == wanted,
                           "%s revision %d: the daemon has %r, winnow-extract %r", id, revision,
                           records[(id, revision)], wanted)
                    compared += len(wanted)
        return compared


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--winnowd", required=True, help="the daemon")
    parser.add_argument("--extract", help="winnow-extract, to compare facts with")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--store-rounds", type=int, default=10, help="rounds a store lives for")
    parser.add_argument("--articles", type=int, default=60, help="articles a round")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else int.from_bytes(os.urandom(4), "big")
    print("seed %d, %d rounds" % (seed, options.rounds), flush=True)
    rng = random.Random(seed)
    begun = time.monotonic()
    total, crashes, world = collections.Counter(), collections.Counter(), None

    def finish():
        total["facts_compared"] += world.examine()
        total["articles"] += len(world.revision)
        total["events"] += world.follower.n
        total["facts"] += len(world.facts)
        total["published"] += world.follower.published
        total["replayed"] += world.follower.replayed
        total["failed"] += world.failed
        total["retracted"] += len(world.retracted)
        crashes.update(world.crashes)
        world.end()
        shutil.rmtree(world.folder, ignore_errors=True)

    for number in range(1, options.rounds + 1):
        try:
            if world is None:
                world = World(options, rng, number)
                world.begin()
            world.give_work(options.articles)
            for _ in range(rng.choices((1, 2, 3, 4), (70, 15, 10, 5))[0]):
                world.crash()
                world.give_work(rng.randrange(options.articles // 4 + 1))
            world.verify()
            if number % options.store_rounds == 0 or number == options.rounds:
                finish()
                world = None
        except Exception as fault:
            print("round %d of seed %d: %s" % (number, seed, fault), file=sys.stderr)
            if not isinstance(fault, Fault):
                import traceback
                traceback.print_exc()
            if world:
                print("the store is kept in %s; the log ends:\n%s" % (world.folder, world.daemon.log_tail()),
                      file=sys.stderr)
                world.daemon.kill()
            return 1
        if number % 25 == 0 or number == options.rounds:
            print("round %d: %s" % (number, datetime.timedelta(seconds=round(time.monotonic() - begun))),
                  flush=True)
    print("%d rounds, %d crashes (%s)" % (options.rounds, sum(crashes.values()),
                                          ", ".join("%s %d" % each for each in sorted(crashes.items()))))
    print(", ".join("%s %d" % each for each in total.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
