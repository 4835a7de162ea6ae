# SPDX-License-Identifier: Apache-2.0
"""What the tests that run the real programs share: a daemon on a scratch folder, and the protocol of
proto/PROTOCOL.md spoken from outside, by pyzmq and json alone.

Nothing here sleeps for a guess: it waits for messages, or for a process to end.
"""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import zmq

HELLO, PUSH, RETRACT, RETRY, PING, BYE = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
STATUS, QUERY, SHOW, ARTICLES, REPLAY = 0x10, 0x11, 0x12, 0x13, 0x14
WELCOME, ACCEPTED, STORED, REFUSED, CREDIT, PONG, DRAIN = 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87
RESULT, ROWS, EVENTS = 0x90, 0x91, 0x92

NAMES = {value: name for name, value in list(globals().items()) if name.isupper() and isinstance(value, int)}


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def pack(kind, request, *frames, version=1):
    """The frames of one message; dicts become JSON."""
    head = [b"WN" + bytes([version, kind]), struct.pack(">Q", request)]
    return head + [dumps(f) if isinstance(f, dict) else f for f in frames]


class Answer:
    """A message from the daemon: kind, request, and its frames behind."""

    def __init__(self, frames):
        if len(frames) < 2 or len(frames[0]) != 4 or frames[0][:3] != b"WN\x01" or len(frames[1]) != 8:
            raise AssertionError("the daemon sent a message without a header: %r" % (frames[:2],))
        self.kind = frames[0][3]
        self.request = struct.unpack(">Q", frames[1])[0]
        self.frames = frames[2:]

    def json(self):
        return json.loads(self.frames[0])

    def __repr__(self):
        return "%s %d %s" % (NAMES.get(self.kind, hex(self.kind)), self.request,
                             [f[:300] for f in self.frames[:4]])


class Silence(Exception):
    """No answer within the time that a test gives before it calls the daemon stuck."""


class Peer:
    """A DEALER. `call` sends one message and waits for the answer to it."""

    def __init__(self, context, endpoint, timeout=30.0):
        self.socket = context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 5)
        self.socket.setsockopt(zmq.RECONNECT_IVL_MAX, 50)
        self.socket.connect(endpoint)
        self.timeout = timeout
        self.request = 0

    def close(self):
        self.socket.close(0)

    def send(self, kind, *frames, request=None, version=1):
        """Sends and returns the request's number."""
        if request is None:
            self.request += 1
            request = self.request
        self.socket.send_multipart(pack(kind, request, *frames, version=version))
        return request

    def receive(self, timeout=None):
        """The next message, or Silence."""
        wait = self.timeout if timeout is None else timeout
        if not self.socket.poll(int(wait * 1000)):
            raise Silence("no answer within %g s" % wait)
        return Answer(self.socket.recv_multipart())

    def answer(self, request, timeout=None):
        """The next message to `request`; what answers something else is dropped."""
        until = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            left = until - time.monotonic()
            if left <= 0:
                raise Silence("no answer to %d" % request)
            got = self.receive(left)
            if got.request == request:
                return got

    def call(self, kind, *frames, timeout=None):
        return self.answer(self.send(kind, *frames), timeout)

    def hello(self, name="test"):
        got = self.call(HELLO, {"client": name})
        if got.kind != WELCOME:
            raise AssertionError("HELLO was answered %r" % got)
        return got.json()

    def push(self, text, **meta):
        """PUSH, and the first answer to it."""
        return self.call(PUSH, meta, text if isinstance(text, bytes) else text.encode())

    def status(self):
        got = self.call(STATUS)
        if got.kind != RESULT:
            raise AssertionError("STATUS was answered %r" % got)
        return got.json()

    def replay(self, start=1, prefixes=None):
        """Every event from `start` on: (topic, sequence, body) each, and the last `complete`."""
        events = []
        while True:
            ask = {"from": start, "limit": 1000}
            if prefixes:
                ask["prefixes"] = prefixes
            got = self.call(REPLAY, ask)
            if got.kind != EVENTS:
                raise AssertionError("REPLAY was answered %r" % got)
            head = got.json()
            rows = got.frames[1:]
            if len(rows) != 3 * head["count"]:
                raise AssertionError("EVENTS says %d and has %d frames" % (head["count"], len(rows)))
            for at in range(0, len(rows), 3):
                events.append((rows[at], struct.unpack(">Q", rows[at + 1])[0], rows[at + 2]))
            if head["complete"] >= head["last"]:
                return events, head["complete"], head["epoch"]
            start = head["complete"] + 1

    def rows(self, kind, ask):
        """All rows of QUERY or ARTICLES, page by page."""
        result, after = [], None
        while True:
            page = dict(ask, limit=1000)
            if after is not None:
                page["after"] = after
            got = self.call(kind, page)
            if got.kind != ROWS:
                raise AssertionError("%s was answered %r" % (NAMES[kind], got))
            head = got.json()
            if head["count"] != len(got.frames) - 1:
                raise AssertionError("ROWS says %d and has %d" % (head["count"], len(got.frames) - 1))
            result += [json.loads(f) for f in got.frames[1:]]
            after = head["next"]
            if after is None:
                return result


def subscriber(context, endpoint, *prefixes, hwm=0):
    """A SUB socket on everything, or on the prefixes."""
    socket = context.socket(zmq.SUB)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.SNDHWM, 0)
    socket.setsockopt(zmq.RCVHWM, hwm)
    socket.setsockopt(zmq.RECONNECT_IVL, 5)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 50)
    socket.connect(endpoint)
    for prefix in prefixes or (b"",):
        socket.setsockopt(zmq.SUBSCRIBE, prefix)
    return socket


class Daemon:
    """winnowd on a folder of its own, listening on ipc:// beside its store.

    with Daemon("build/daemon/winnowd") as daemon: …
    """

    def __init__(self, program, folder=None, settings=None, environment=None, tcp=False):
        self.program = os.path.abspath(program)
        self.made = folder is None
        # Sockets' names are at most 107 bytes long, so not below a long TMPDIR.
        self.folder = folder or tempfile.mkdtemp(prefix="winnow-", dir="/tmp")
        self.data = os.path.join(self.folder, "data")
        os.makedirs(self.data, exist_ok=True)
        self.intake = "ipc://%s/winnow.intake" % self.folder
        self.events = "ipc://%s/winnow.events" % self.folder
        self.query = "ipc://%s/winnow.query" % self.folder
        self.log = os.path.join(self.folder, "log")
        self.settings = {"intake": self.intake, "events": self.events, "query": self.query,
                         "http": "off", "data": self.data}
        self.settings.update(settings or {})
        self.environment = environment or {}
        self.process = None
        self.context = zmq.Context()

    def __enter__(self):
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, kind, value, trace):
        self.kill()
        self.context.destroy(0)
        if kind is not None:
            sys.stderr.write("the daemon's log ends:\n" + self.log_tail() + "\n")
        if self.made and kind is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self, size=6000):
        try:
            with open(self.log, "rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - size))
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def write_config(self):
        path = os.path.join(self.folder, "winnow.conf")
        with open(path, "w") as file:
            for key, value in self.settings.items():
                file.write("%s = %s\n" % (key, value))
        return path

    def start(self, command=None):
        """Starts it, and does not wait."""
        config = self.write_config()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("WINNOW_")}
        environment.update(self.environment)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen((command or []) + [self.program, "--config", config],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=environment, start_new_session=True)

    def wait_ready(self, timeout=60.0):
        """Returns when the query endpoint answers, which is when the store is open."""
        until = time.monotonic() + timeout
        peer = Peer(self.context, self.query)
        try:
            request = peer.send(PING)
            while True:
                try:
                    return peer.answer(request, 0.25).json()
                except Silence:
                    code = self.process.poll()
                    if code is not None:
                        raise AssertionError("winnowd ended with %d:\n%s" % (code, self.log_tail()))
                    if time.monotonic() > until:
                        raise AssertionError("winnowd was not ready in %g s:\n%s"
                                             % (timeout, self.log_tail()))
        finally:
            peer.close()

    def kill(self, how=signal.SIGKILL):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
        return self.wait()

    def wait(self, timeout=60.0):
        """The exit status, negative for a signal's."""
        return self.process.wait(timeout) if self.process else None

    def stop(self, timeout=60.0):
        """SIGTERM, and the exit status that came of it."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait(timeout)

    def memory(self):
        """Resident set now and at its highest, in MiB."""
        now = high = 0
        with open("/proc/%d/status" % self.process.pid) as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    now = int(line.split()[1])
                elif line.startswith("VmHWM:"):
                    high = int(line.split()[1])
        return now / 1024.0, high / 1024.0

    def processor_time(self):
        """Seconds of processor time, all threads."""
        with open("/proc/%d/stat" % self.process.pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peer(self, endpoint=None, **options):
        return Peer(self.context, endpoint or self.query, **options)

    def pusher(self, name="test", **options):
        peer = Peer(self.context, self.intake, **options)
        peer.welcome = peer.hello(name)
        return peer

    def settle(self, timeout=120.0):
        """Returns STATUS when nothing that was accepted waits, by the article events that say so."""
        peer = self.peer()
        socket = subscriber(self.context, self.events, b"")
        try:
            until = time.monotonic() + timeout
            while True:
                status = peer.status()
                if not status["articles"].get("accepted", 0):
                    return status
                if time.monotonic() > until:
                    raise AssertionError("still unfinished after %g s: %r" % (timeout, status))
                socket.poll(1000)  # an event or the heartbeat
                while socket.poll(0):
                    socket.recv_multipart()
        finally:
            peer.close()
            socket.close(0)
