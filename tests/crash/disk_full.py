# SPDX-License-Identifier: Apache-2.0
"""A disk that fills up: pushes are refused with disk_full, nothing that was accepted is lost, the daemon lives,
and goes on when there is room.

The disk is a tmpfs of a few MiB, for which this needs to be root, or to be allowed a user namespace of its own;
exit 77 where it is neither.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
import wire  # noqa: E402

SIZE = 48  # MiB
ROOM = 28  # of these, given back


def demand(condition, text, *args):
    if not condition:
        raise AssertionError(text % args)


def push_until_full(daemon, kept, start):
    """Pushes until one is refused; what was accepted goes into `kept`. Returns the refusal and the next number."""
    peer = daemon.pusher("filler")
    number, begun = start, time.monotonic()
    while True:
        demand(time.monotonic() - begun < 120, "the disk does not fill up")
        id = "article %d" % number
        text = ("%d Halden Marine was founded in Bergen in 1987. " % number).encode() + os.urandom(6000).hex().encode()
        request = peer.send(wire.PUSH, {"id": id, "answer": "accepted"}, text)
        got = peer.answer(request)
        if got.kind == wire.REFUSED:
            peer.close()
            return got.json(), number
        demand(got.kind == wire.ACCEPTED, "got %r", got)
        kept[id] = text
        number += 1


def run(options, folder):
    kept = {}
    disk = os.path.join(folder, "data")
    daemon = wire.Daemon(options.winnowd, folder, {"workers": 1, "log_level": "error"})
    filler = os.path.join(disk, "filler")
    with open(filler, "wb") as file:  # room that can be given back
        file.write(bytes(ROOM << 20))
    with daemon:
        says, number = push_until_full(daemon, kept, 1)
        demand(says["code"] == "disk_full" and says["retry"], "a full disk was answered %r", says)
        demand(len(kept) > 10, "only %d articles found room", len(kept))
        # It lives, and says no to everybody until there is room.
        peer = daemon.pusher("second")
        got = peer.push(b"x" * 20000, id="refused")
        demand(got.kind == wire.REFUSED and got.json()["code"] == "disk_full", "then %r", got)
        demand(daemon.peer().status()["articles"], "STATUS says nothing")
        # Killed while it is full, it comes back with everything.
        daemon.kill()
        daemon.start()
        daemon.wait_ready()
        # Room is made: it goes on by itself, the same push sent again is taken.
        os.unlink(filler)
        until = time.monotonic() + 60
        peer = daemon.pusher("third")
        while True:
            got = peer.push(b"x" * 20000, id="refused")
            if got.kind == wire.ACCEPTED:
                break
            demand(got.kind == wire.REFUSED and got.json()["code"] == "disk_full", "then %r", got)
            demand(time.monotonic() < until, "there is room, and it is still full")
            peer.socket.poll(200)  # its CREDIT, or a moment
        status = daemon.settle()
        demand(not status["articles"].get("failed"), "articles failed: %r", status)
        asker = daemon.peer()
        for id, text in kept.items():
            got = asker.call(wire.SHOW, {"article": id})
            demand(got.kind == wire.RESULT, "%s was accepted and is lost: %r", id, got)
            says = got.json()
            demand(says["text"].encode() == text, "%s has another text", id)
            demand(says["article"]["state"] == "stored", "%s is %r", id, says["article"])
        events, complete, _ = asker.replay()
        demand([e[1] for e in events] == list(range(1, complete + 1)), "events have gaps")
        # And once more, this time while it goes on running.
        file = os.open(filler, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            while os.write(file, bytes(1 << 16)):
                pass
        except OSError:
            pass
        os.close(file)
        demand(os.path.getsize(filler) > 4 << 20, "facts took the room that was given back")
        says, number = push_until_full(daemon, kept, number)
        demand(says["code"] == "disk_full", "the second time: %r", says)
        os.unlink(filler)
        until = time.monotonic() + 60
        peer = daemon.pusher("fourth")
        while peer.push(b"y", id="after").kind != wire.ACCEPTED:
            demand(time.monotonic() < until, "there is room again, and it is still full")
            peer.socket.poll(200)
        daemon.settle()
        code = daemon.stop()
        demand(code == 0, "SIGTERM ended with %d", code)
    print("%d articles kept through a full disk" % len(kept))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--winnowd", required=True)
    parser.add_argument("--inside", action="store_true", help="in a mount namespace of its own already")
    options = parser.parse_args()
    if not options.inside:
        ways = [["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]]
        for way in ways[0 if os.geteuid() == 0 else 1:]:
            probe = way + ["sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]
            if subprocess.run(probe, capture_output=True).returncode == 0:
                os.execvp(way[0], way + [sys.executable, "-B"] + sys.argv + ["--inside"])
        print("no tmpfs can be mounted here")
        return 77
    folder = tempfile.mkdtemp(prefix="winnow-full-", dir="/tmp")
    disk = os.path.join(folder, "data")
    os.mkdir(disk)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % SIZE, "tmpfs", disk], check=True)
    try:
        run(options, folder)
    finally:
        subprocess.run(["umount", "-l", disk])
    subprocess.run(["rm", "-rf", folder])
    return 0


if __name__ == "__main__":
    sys.exit(main())
