# SPDX-License-Identifier: Apache-2.0
"""Rude, slow and broken peers, against a real winnowd. Each case does its worst and then sees three things:
the offender got the answer that PROTOCOL.md promises, a polite client beside it is served, and the daemon's
memory stayed below the bound.

    rude.py --winnowd PATH [--case NAME] [--scale N]

--scale 1 is what the tests run; 50 sends a million tiny articles.
"""

import argparse
import os
import random
import socket
import struct
import sys
import time
import traceback

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
import wire  # noqa: E402

# MiB that the daemon may ever hold, with the settings below: program and model, 16 MiB of credit, 8 of work,
# page caches of three connections to the store of 8 each, and what libzmq and the allocator keep beside.
BOUND = 200
SETTINGS = {"workers": 2, "intake_memory": "16MiB", "work_memory": "8MiB", "store_cache": "8MiB",
            "session_bytes": "4MiB", "log_level": "error"}

GREETING = (b"\xff" + 8 * b"\0" + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0").ljust(64, b"\0")


def ready(kind):
    """The READY command of ZMTP 3 for a socket of that type."""
    def item(name, value):
        return bytes([len(name)]) + name + struct.pack(">I", len(value)) + value
    body = b"\x05READY" + item(b"Socket-Type", kind) + item(b"Identity", b"")
    return b"\x04" + bytes([len(body)]) + body


def demand(condition, text, *args):
    if not condition:
        raise AssertionError(text % args)


class Case:
    """A daemon, and a polite client of each endpoint."""

    latest = None

    def __init__(self, options, settings=None):
        self.options = options
        self.daemon = wire.Daemon(options.winnowd, settings=dict(SETTINGS, **(settings or {})))
        self.high = 0.0
        self.count = 0
        Case.latest = self

    def __enter__(self):
        self.daemon.__enter__()
        self.polite = self.daemon.pusher("polite")
        self.asker = self.daemon.peer()
        self.news = wire.subscriber(self.daemon.context, self.daemon.events, b"article.stored",
                                    b"winnow.heartbeat")
        demand(self.news.poll(20000), "no heartbeat")
        return self

    def __exit__(self, *how):
        if how[0] is None:
            self.served()
            self.high = self.daemon.memory()[1]
            demand(self.high < BOUND, "the daemon took %.0f MiB, more than %d", self.high, BOUND)
            code = self.daemon.stop()
            demand(code == 0, "SIGTERM ended with %d", code)
        return self.daemon.__exit__(*how)

    def served(self):
        """A polite push is stored, its event comes, and it can be asked for."""
        self.count += 1
        id = "polite %d" % self.count
        request = self.polite.send(wire.PUSH, {"id": id}, b"Halden Marine was founded in Bergen in 1987.")
        got = self.polite.answer(request)
        demand(got.kind == wire.ACCEPTED, "a polite push was answered %r", got)
        got = self.polite.answer(request)
        demand(got.kind == wire.STORED and got.json()["state"] == "stored", "then %r", got)
        until = time.monotonic() + 30
        while True:
            demand(self.news.poll(max(0, int((until - time.monotonic()) * 1000))), "no event of %s", id)
            topic, _, body = self.news.recv_multipart()
            if topic == b"article.stored" and ('"%s"' % id).encode() in body:
                break
        got = self.asker.call(wire.SHOW, {"article": id})
        demand(got.kind == wire.RESULT, "SHOW was answered %r", got)

    def refused(self, peer, request, code, **fields):
        got = peer.answer(request)
        demand(got.kind == wire.REFUSED, "expected %s, got %r", code, got)
        says = got.json()
        demand(says["code"] == code, "expected %s, got %r", code, says)
        for name, value in fields.items():
            demand(says.get(name) == value, "%s: %s is %r, expected %r", code, name, says.get(name), value)

    def raw(self, endpoint):
        """A plain stream to an endpoint, without libzmq."""
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.connect(endpoint[len("ipc://"):])
        stream.settimeout(30)
        return stream


def case_frames(options):
    """Headers, types, versions and numbers of frames that are not those of the protocol."""
    with Case(options) as case:
        peer = case.daemon.pusher("rude")
        one = struct.pack(">Q", 77)
        for frames in ([b""], [b"", b""], [b"x"], [b"WN\x01"], [b"XX\x01\x02", one, b"{}", b"t"],
                       [b"WN\x01\x02\x00", one, b"{}", b"t"], [b"WN\x01\x02", b"short", b"{}", b"t"],
                       [b"WN\x01\x02"], [os.urandom(4), os.urandom(8)], [b"GET / HTTP/1.1\r\n\r\n"]):
            peer.socket.send_multipart(frames)
            got = peer.receive()
            demand(got.kind == wire.REFUSED and got.json()["code"] in ("bad_message", "bad_version"),
                   "%r was answered %r", frames, got)
        for kind in list(range(0x07, 0x20)) + [0x00, 0x81, 0x90, 0xff]:
            case.refused(peer, peer.send(kind), "bad_message")
        for version in (0, 2, 255):
            request = peer.send(wire.PING, version=version)
            got = peer.answer(request)
            demand(got.kind == wire.REFUSED and got.json()["code"] == "bad_version"
                   and got.json()["versions"] == [1], "version %d was answered %r", version, got)
        for count in (0, 1, 3, 4, 60):
            case.refused(peer, peer.send(wire.PUSH, *([b"{}"] * count)), "bad_message")
        for kind in (wire.HELLO, wire.RETRACT, wire.RETRY):
            case.refused(peer, peer.send(kind), "bad_message")
            case.refused(peer, peer.send(kind, b"{}", b"{}"), "bad_message")
        asker = case.daemon.peer()
        for kind in (wire.QUERY, wire.SHOW, wire.ARTICLES, wire.REPLAY):
            case.refused(asker, asker.send(kind), "bad_message")
            case.refused(asker, asker.send(kind, b"{}", b"{}"), "bad_message")
        for kind in (wire.PUSH, wire.HELLO, wire.RETRACT):
            case.refused(asker, asker.send(kind, b"{}"), "bad_message")
        # The session is none the worse for it.
        got = peer.push("A text.")
        demand(got.kind == wire.ACCEPTED, "after that a push was answered %r", got)


def case_texts(options):
    """Texts and fields over their limits, or not UTF-8: refused, and the place is named."""
    with Case(options) as case:
        peer = case.daemon.pusher("rude")

        def bad(code, meta, text, **fields):
            meta = meta if isinstance(meta, bytes) else wire.dumps(meta)
            case.refused(peer, peer.send(wire.PUSH, meta, text), code, **fields)

        bad("empty_text", {}, b"")
        for text, offset in ((b"abc\xff", 3), (b"\x80", 0), (b"ab\xc0\xaf", 2), (b"x\xed\xa0\x80", 1),
                             (b"1234\xf4\x90\x80\x80", 4), (b"caf\xc3", 3), (b"\xe2\x82", 0),
                             (b"a" * 70000 + b"\xfe" + b"b", 70000), (b"\xef\xbb\xbf\xf8", 3)):
            bad("invalid_utf8", {"id": "u"}, text, offset=offset)
        for text, offset in ((b"\0", 0), (b"abc\0def", 3), (b"a" * 9999 + b"\0", 9999)):
            bad("nul_byte", {"id": "n"}, text, offset=offset)
        bad("too_large", {}, b"a" * (1048576 + 1))
        bad("bad_field", {"id": "x" * 10240}, b"t", field="id")
        bad("bad_field", {"id": "x" * 1025}, b"t", field="id")
        bad("bad_field", {"id": ""}, b"t", field="id")
        bad("bad_field", {"id": "a\nb"}, b"t", field="id")
        bad("bad_json", {"id": "a\0b"}, b"t")
        bad("bad_field", {"id": 7}, b"t", field="id")
        bad("bad_field", {"source": "s" * 257}, b"t", field="source")
        bad("bad_field", {"url": "s" * 2049}, b"t", field="url")
        bad("bad_field", {"title": "s" * 1025}, b"t", field="title")
        bad("bad_field", {"titel": "x"}, b"t", field="titel")
        bad("bad_field", {"answer": "never"}, b"t", field="answer")
        for date in ("yesterday", "2022-13-01", "2022-02-30", "2022-6-1", "2022-06-23T", ""):
            bad("bad_field", {"published": date}, b"t", field="published")
        for text in (b"", b"{", b"[]", b"null", b"7", b"{} {}", b'{"id":"a","id":"b"}', b'{"id":"\xff"}',
                     b'{"id":"\\ud800"}', b"\xef\xbb\xbf{}", b'{"id":' + b"[" * 9 + b"]" * 9 + b"}",
                     b'{"id":' + b"[" * 8000, b"{'id':1}", b'{"id":NaN}'):
            got = peer.answer(peer.send(wire.PUSH, text, b"t"))
            demand(got.kind == wire.REFUSED and got.json()["code"] in ("bad_json", "bad_field"),
                   "JSON %r was answered %r", text[:40], got)
        bad("bad_message", b'{"title":"' + b"x" * 20000 + b'"}', b"t")
        # The limits themselves are within them.
        got = peer.push(b"b" * 1048576, id="y" * 1024, source="s" * 256, title="t" * 1024, url="u" * 2048)
        demand(got.kind == wire.ACCEPTED, "the longest article was answered %r", got)
        got = peer.push(("\U0001F4F0 " * 1000).encode(), id="\u0439" * 512)
        demand(got.kind == wire.ACCEPTED, "emoji were answered %r", got)


def case_questions(options):
    """Questions that cannot be answered get a word each."""
    with Case(options) as case:
        peer = case.daemon.peer()

        def bad(kind, ask, *codes):
            got = peer.call(kind, ask)
            demand(got.kind == wire.REFUSED and got.json()["code"] in codes, "%r was answered %r", ask, got)

        bad(wire.QUERY, {"knid": "x"}, "bad_field")
        bad(wire.QUERY, {"limit": 0}, "bad_field")
        bad(wire.QUERY, {"limit": 1001}, "bad_field")
        bad(wire.QUERY, {"limit": "many"}, "bad_field")
        bad(wire.QUERY, {"min": "much"}, "bad_field")
        bad(wire.QUERY, {"since": "yesterday"}, "bad_field")
        bad(wire.QUERY, {"after": "no such place"}, "bad_field")
        bad(wire.QUERY, {"retracted": "yes"}, "bad_field")
        bad(wire.ARTICLES, {"state": "lost"}, "bad_field")
        bad(wire.SHOW, {}, "bad_field")
        bad(wire.SHOW, {"id": "nobody"}, "not_found")
        bad(wire.SHOW, {"fact": "999999.1"}, "not_found")
        bad(wire.REPLAY, {"from": -1}, "bad_field")
        bad(wire.REPLAY, {"prefixes": ["x"] * 33}, "bad_field")
        bad(wire.REPLAY, {"prefixes": ["x" * 65]}, "bad_field")
        bad(wire.REPLAY, {"prefixes": "fact."}, "bad_field")
        for words in ('"', "* OR *", "NEAR(", "a AND", "'; DROP TABLE fact; --", "text:x", "\u200b", "(" * 500):
            for field in ("text", "entity", "place"):
                got = peer.call(wire.QUERY, {field: words})
                demand(got.kind == wire.ROWS or got.json()["code"] == "bad_field",
                       "%s %r was answered %r", field, words, got)
        pusher = case.daemon.pusher("rude")
        case.refused(pusher, pusher.send(wire.RETRACT, {"id": "nobody"}), "not_found")
        case.refused(pusher, pusher.send(wire.RETRY, {"id": "nobody"}), "not_found")


def case_stream(options):
    """Bytes that are no ZMTP, or stop in the middle of it, on every endpoint."""
    rng = random.Random(7)
    with Case(options) as case:
        for endpoint, kind in ((case.daemon.intake, b"DEALER"), (case.daemon.events, b"SUB"),
                               (case.daemon.query, b"DEALER")):
            kept = []
            for bytes_ in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", bytes(64), b"\xff" * 64, rng.randbytes(5000),
                           GREETING[:20], GREETING, GREETING + ready(kind)[:-3],
                           GREETING + ready(b"NONSENSE"),
                           GREETING + ready(kind) + b"\x02" + struct.pack(">Q", 1 << 62),
                           GREETING + ready(kind) + b"\x02" + struct.pack(">Q", 100 << 20) + bytes(1000),
                           GREETING + ready(kind) + b"\x01\x04WN\x01\x02\x01\x08" + bytes(3),
                           GREETING + ready(kind) + rng.randbytes(3000),
                           GREETING + ready(kind) + b"\x04\xffPING"):
                stream = case.raw(endpoint)
                try:
                    stream.sendall(bytes_)
                except OSError:
                    pass  # it was thrown out already
                kept.append(stream)
            case.served()
            for stream in kept:
                stream.close()
            case.served()
            # A message of a hundred megabytes, begun properly: the connection is closed before it is here.
            stream = case.raw(endpoint)
            stream.sendall(GREETING + ready(kind) + b"\x02" + struct.pack(">Q", 100 << 20))
            sent = 0
            try:
                while sent < 100 << 20:
                    sent += stream.send(bytes(1 << 20))
                raise AssertionError("100 MB in one frame were taken at %s" % endpoint)
            except OSError:
                demand(sent < 16 << 20, "%d bytes of a frame too large were taken", sent)
            stream.close()
        # Many that connect and say nothing.
        crowd = [case.raw(case.daemon.intake) for _ in range(300)]
        case.served()
        for stream in crowd:
            stream.close()


def case_large(options):
    """Articles of 100 MB by a proper client: its connection goes, nobody else's does."""
    with Case(options) as case:
        peer = case.daemon.peer(case.daemon.intake)
        peer.hello("rude")
        peer.send(wire.PUSH, {"id": "huge"}, b"a" * (100 << 20))
        case.served()
        # Many frames of a legal size in one message.
        peer.send(wire.PUSH, *([b"b" * 1000000] * 40))
        case.served()
        peer.close()


def case_half(options):
    """Messages whose rest never comes."""
    with Case(options) as case:
        for stop in range(1, 4):
            peer = case.daemon.pusher("rude")
            frames = wire.pack(wire.PUSH, 5, {"id": "half"}, b"text")
            for frame in frames[:stop]:
                peer.socket.send(frame, zmq.SNDMORE)
            peer.close()
        case.served()
        demand(case.asker.call(wire.SHOW, {"article": "half"}).kind == wire.REFUSED, "half a push has an effect")


def case_session(options):
    """Pushes without HELLO, and more senders than there may be."""
    with Case(options, {"max_sessions": 8}) as case:
        peer = case.daemon.peer(case.daemon.intake)
        case.refused(peer, peer.send(wire.PUSH, {"id": "x"}, b"t"), "no_session", retry=True)
        case.refused(peer, peer.send(wire.RETRACT, {"id": "x"}), "no_session", retry=True)
        demand(peer.call(wire.PING).kind == wire.PONG, "PING needs no HELLO")
        others = [case.daemon.peer(case.daemon.intake) for _ in range(12)]
        answers = [other.call(wire.HELLO, {"client": "crowd"}) for other in others]
        kinds = [a.kind for a in answers]
        demand(kinds.count(wire.WELCOME) == 7, "%d sessions beside one, of 8", kinds.count(wire.WELCOME))
        demand(all(a.json()["code"] == "overloaded" for a in answers if a.kind == wire.REFUSED),
               "other refusals: %r", answers)
        # Room is made by BYE.
        welcome = [o for o, a in zip(others, answers) if a.kind == wire.WELCOME]
        for other in welcome:
            other.send(wire.BYE)
        for other in others:
            other.timeout = 30
        late = case.daemon.peer(case.daemon.intake)
        for _ in range(1000):
            got = late.call(wire.HELLO, {"client": "late"})
            if got.kind == wire.WELCOME:
                break
        demand(got.kind == wire.WELCOME, "after BYE there is no room: %r", got)


def case_credit(options):
    """A sender that does not wait for credit: what is beyond it is refused, nothing is lost."""
    with Case(options) as case:
        peer = case.daemon.pusher("rude")
        messages = peer.welcome["credit"]["messages"]
        count = 8 * messages
        text = b"c" * 4000
        for number in range(count):
            peer.send(wire.PUSH, {"id": "c%d" % number, "answer": "accepted"}, text, request=number + 1)
        answered, refused = set(), set()
        while len(answered) + len(refused) < count:
            got = peer.receive()
            if got.kind == wire.ACCEPTED:
                demand(got.request not in answered | refused, "two answers to %d", got.request)
                answered.add(got.request)
            elif got.kind == wire.REFUSED:
                demand(got.json()["code"] == "no_credit", "refused %r", got)
                demand(got.request not in answered | refused, "two answers to %d", got.request)
                refused.add(got.request)
            else:
                demand(got.kind == wire.CREDIT, "got %r", got)
        demand(len(answered) >= messages, "only %d of %d within credit were taken", len(answered), messages)
        for number in sorted(refused)[:50]:
            got = case.asker.call(wire.SHOW, {"article": "c%d" % (number - 1)})
            demand(got.kind == wire.REFUSED, "refused, but there: %r", got)
        return "%d taken, %d refused no_credit" % (len(answered), len(refused))


def case_deaf(options):
    """Clients that push or ask and never read an answer."""
    with Case(options) as case:
        deaf = []
        for endpoint in (case.daemon.intake, case.daemon.query):
            for _ in range(4):
                stream = case.raw(endpoint)
                stream.sendall(GREETING + ready(b"DEALER"))
                stream.setblocking(False)
                deaf.append((stream, endpoint))

        def frames(*parts):
            out = b""
            for at, part in enumerate(parts):
                flag = 1 if at + 1 < len(parts) else 0
                out += (bytes([flag, len(part)]) if len(part) < 256
                        else bytes([flag | 2]) + struct.pack(">Q", len(part))) + part
            return out
        hello = frames(*wire.pack(wire.HELLO, 1, {"client": "deaf"}))
        ask = frames(*wire.pack(wire.REPLAY, 1, {"from": 1, "limit": 1000})) \
            + frames(*wire.pack(wire.STATUS, 2))
        number = 0
        left = {stream: b"" for stream, _ in deaf}
        for stream, endpoint in deaf:
            if endpoint == case.daemon.intake:
                left[stream] = hello
        until = time.monotonic() + 5 * options.scale
        total = 0
        # As much as each takes: each goes on until nothing was taken for a while, or enough was.
        while time.monotonic() < until and total < (200 << 20):
            moved = 0
            for stream, endpoint in deaf:
                if not left[stream]:
                    if endpoint == case.daemon.intake:
                        number += 1
                        left[stream] = frames(*wire.pack(wire.PUSH, number, {"id": "d%d" % number}, b"d" * 500)) * 8
                    else:
                        left[stream] = ask * 16
                try:
                    taken = stream.send(left[stream])
                except BlockingIOError:
                    continue
                except OSError:
                    taken = len(left[stream])  # thrown out: as good an end as any
                left[stream] = left[stream][taken:]
                moved += taken
            total += moved
            if not moved:
                case.served()
        case.served()
        for stream, _ in deaf:
            stream.close()
        return "%.1f MB sent to the daemon, no answer read" % (total / 1e6)


def case_stalled_subscriber(options):
    """Subscribers that stop reading, one beside them that reads on, and one that asks for too many topics."""
    with Case(options, {"warn_subscriptions": 2000}) as case:
        stalled = [wire.subscriber(case.daemon.context, case.daemon.events, b"", hwm=1) for _ in range(3)]
        for each in stalled:
            demand(each.poll(20000), "no heartbeat")
        quick = wire.subscriber(case.daemon.context, case.daemon.events, b"")
        demand(quick.poll(20000), "no heartbeat")
        many = case.daemon.context.socket(zmq.SUB)
        many.setsockopt(zmq.SNDHWM, 0)
        many.connect(case.daemon.events)
        for number in range(50000):
            many.setsockopt(zmq.SUBSCRIBE, b"fact.nothing.%d" % number)
        count = 3000 * options.scale
        pusher = case.daemon.pusher("load")
        in_flight, sent, answered, seen = 0, 0, 0, set()
        title = "t" * 1000  # large events
        while answered < count:
            while sent < count and in_flight < 256:
                sent += 1
                in_flight += 1
                pusher.send(wire.PUSH, {"id": "s%d" % sent, "title": title, "answer": "accepted"}, b"Text %d." % sent)
            got = pusher.receive()
            if got.kind == wire.ACCEPTED:
                answered += 1
                in_flight -= 1
            else:
                demand(got.kind == wire.CREDIT, "got %r", got)
            while quick.poll(0):
                seen.add(quick.recv_multipart()[1])
        last = case.daemon.settle()["last"]
        until = time.monotonic() + 30
        while max(seen) < struct.pack(">Q", last) and time.monotonic() < until:
            if quick.poll(1000):
                seen.add(quick.recv_multipart()[1])
        events = case.asker.replay(1)[0]
        demand(len(events) == last, "the log has %d of %d", len(events), last)
        case.served()
        for each in stalled + [quick, many]:
            each.close(0)
        return "%d events, the reading subscriber saw %d live" % (last, len(seen))


def case_tiny(options):
    """Very many tiny articles."""
    count = 20000 * options.scale
    with Case(options) as case:
        peer = case.daemon.pusher("tiny")
        begun = time.monotonic()
        sent = answered = 0
        window = min(512, peer.welcome["credit"]["messages"])
        while answered < count:
            while sent < count and sent - answered < window:
                sent += 1
                peer.send(wire.PUSH, {"answer": "accepted"}, b"%d" % sent, request=sent)
            got = peer.receive()
            if got.kind == wire.ACCEPTED:
                answered += 1
            elif got.kind == wire.CREDIT:
                window = int.from_bytes(got.frames[0], "big")
                while window == 0:
                    got = peer.receive()
                    if got.kind == wire.CREDIT:
                        window = int.from_bytes(got.frames[0], "big")
                    elif got.kind == wire.ACCEPTED:
                        answered += 1
            else:
                raise AssertionError("got %r" % got)
        seconds = time.monotonic() - begun
        case.daemon.settle(600 * options.scale)
        now, high = case.daemon.memory()
        return "%d articles, %.0f a second accepted, %.0f MiB now, %.0f at most" % (count, count / seconds, now, high)


def main():
    cases = {name[5:]: function for name, function in globals().items() if name.startswith("case_")}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--winnowd", required=True)
    parser.add_argument("--case", choices=sorted(cases), action="append")
    parser.add_argument("--scale", type=int, default=1)
    options = parser.parse_args()
    failed = 0
    for name in options.case or cases:
        begun = time.monotonic()
        try:
            note = cases[name](options)
            print("%-20s ok  %5.1f s, at most %3.0f MiB%s" % (name, time.monotonic() - begun, Case.latest.high,
                                                           "; " + note if note else ""), flush=True)
        except Exception as fault:
            failed += 1
            print("%-20s FAILED: %s" % (name, fault), flush=True)
            if not isinstance(fault, AssertionError):
                traceback.print_exc()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
