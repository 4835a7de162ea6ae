# SPDX-License-Identifier: Apache-2.0
"""A client of winnowd in Python, written from proto/PROTOCOL.md with pyzmq and nothing else.

    intake = Intake("tcp://127.0.0.1:7710", "my program")
    stored = intake.push("Acme was founded in 1999.", id="a", source="Example")
    for topic, seq, body in Follower("tcp://127.0.0.1:7711", "tcp://127.0.0.1:7712").events(): ...
"""
import json
import struct

import zmq

VERSION = 1
HELLO, PUSH, RETRACT, RETRY, PING, BYE = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
STATUS, QUERY, SHOW, ARTICLES, REPLAY = 0x10, 0x11, 0x12, 0x13, 0x14
WELCOME, ACCEPTED, STORED, REFUSED, CREDIT, PONG, DRAIN = 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87
RESULT, ROWS, EVENTS = 0x90, 0x91, 0x92

TIMEOUT_MS = 20000


class Refused(Exception):
    def __init__(self, answer):
        super().__init__(f"{answer['code']}: {answer['message']}")
        self.answer = answer
        self.code = answer["code"]


class Connection:
    """A DEALER that sends requests and tells answers apart by their request number."""

    def __init__(self, endpoint):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.rcvtimeo = TIMEOUT_MS
        self.socket.connect(endpoint)
        self.request = 0
        self.waiting = {}  # answers that came before somebody asked for them

    def send(self, kind, *frames, version=VERSION):
        self.request += 1
        header = b"WN" + bytes([version, kind])
        self.socket.send_multipart([header, struct.pack(">Q", self.request), *frames])
        return self.request

    def receive(self):
        frames = self.socket.recv_multipart()
        header, request = frames[0], struct.unpack(">Q", frames[1])[0]
        if header[:3] != b"WN\x01" or len(header) != 4:
            raise ValueError(f"no header: {header!r}")
        return header[3], request, frames[2:]

    def handle(self, kind, frames):
        """Messages that answer nothing."""

    def answer(self, request):
        """The next answer to a request: its type and frames. REFUSED becomes an exception."""
        while not self.waiting.get(request):
            kind, to, frames = self.receive()
            if to == 0 and kind != REFUSED:
                self.handle(kind, frames)
            else:
                self.waiting.setdefault(to, []).append((kind, frames))
        kind, frames = self.waiting[request].pop(0)
        if kind == REFUSED:
            raise Refused(json.loads(frames[0]))
        return kind, frames

    def call(self, kind, body=None, *frames):
        head = [] if body is None else [json.dumps(body).encode()]
        return self.answer(self.send(kind, *head, *frames))

    def ping(self):
        kind, frames = self.call(PING)
        assert kind == PONG, kind
        return json.loads(frames[0])


class Intake(Connection):
    def __init__(self, endpoint, name):
        super().__init__(endpoint)
        self.name = name

    def hello(self):
        kind, frames = self.call(HELLO, {"client": self.name})
        assert kind == WELCOME, kind
        self.welcome = json.loads(frames[0])
        self.credit = (self.welcome["credit"]["messages"], self.welcome["credit"]["bytes"])
        return self.welcome

    def handle(self, kind, frames):
        if kind == CREDIT:
            self.credit = (struct.unpack(">I", frames[0])[0], struct.unpack(">Q", frames[1])[0])

    def begin(self, text, **fields):
        """Sends a push and does not wait: its request number."""
        data = text if isinstance(text, bytes) else text.encode()
        return self.send(PUSH, json.dumps(fields).encode(), data)

    def push(self, text, **fields):
        """Pushes and waits as `answer` says: (accepted, stored), stored being None without."""
        request = self.begin(text, **fields)
        kind, frames = self.answer(request)
        assert kind == ACCEPTED, kind
        accepted = json.loads(frames[0])
        if fields.get("answer") == "accepted":
            return accepted, None
        kind, frames = self.answer(request)
        assert kind == STORED, kind
        return accepted, json.loads(frames[0])

    def retract(self, id):
        kind, frames = self.call(RETRACT, {"id": id})
        assert kind == STORED, kind
        return json.loads(frames[0])

    def retry(self, id):
        return self.call(RETRY, {"id": id})


class Query(Connection):
    def status(self):
        return json.loads(self.call(STATUS)[1][0])

    def show(self, **what):
        return json.loads(self.call(SHOW, what)[1][0])

    def rows(self, kind, **filters):
        """All rows, page by page."""
        after = {}
        while True:
            _, frames = self.call(kind, {**filters, **after})
            head = json.loads(frames[0])
            assert head["count"] == len(frames) - 1, head
            yield from (json.loads(frame) for frame in frames[1:])
            if head["next"] is None:
                return
            after = {"after": head["next"]}

    def replay(self, start, prefixes=(), limit=1000):
        _, frames = self.call(REPLAY, {"from": start, "prefixes": list(prefixes), "limit": limit})
        head = json.loads(frames[0])
        events = [tuple(frames[i : i + 3]) for i in range(1, len(frames), 3)]
        assert head["count"] == len(events), head
        return head, events


class Follower:
    """Every event once, in order (section 4, "To miss nothing"), subscribed to everything."""

    def __init__(self, events, query, start=1, page=1000):
        self.socket = zmq.Context.instance().socket(zmq.SUB)
        self.socket.sndhwm = 0
        self.socket.linger = 0
        self.socket.rcvtimeo = TIMEOUT_MS
        self.socket.subscribe(b"")
        self.socket.connect(events)
        self.query = Query(query)
        self.done = start - 1  # everything up to this number is known
        self.page = page
        self.epoch = None

    def _fill(self):
        while True:
            head, events = self.query.replay(self.done + 1, limit=self.page)
            if self.epoch not in (None, head["epoch"]):
                self.done = 0
                self.epoch = head["epoch"]
                continue
            self.epoch = head["epoch"]
            for topic, seq, body in events:
                self.done = struct.unpack(">Q", seq)[0]
                yield topic, self.done, body
            self.done = max(self.done, head["complete"])
            if head["complete"] >= head["last"]:
                return

    def events(self):
        yield from self._fill()
        while True:
            topic, frame, body = self.socket.recv_multipart()
            seq = struct.unpack(">Q", frame)[0]
            epoch = json.loads(body)["epoch"]
            if epoch != self.epoch:
                self.done = 0
                yield from self._fill()
            elif topic == b"winnow.heartbeat":
                if seq > self.done:
                    yield from self._fill()
            elif seq == self.done + 1:
                self.done = seq
                yield topic, seq, body
            elif seq > self.done:
                yield from self._fill()
