# SPDX-License-Identifier: Apache-2.0
"""Benches: what was promised, measured. Each prints its figures, and a ratio against something that ran on the
same machine and disk a moment before or after, because absolute figures of a shared machine mean little.

    tests/bench/run [--repeat N] [--scale F] [NAME…]

Medians of --repeat runs (default 3). --scale 0.1 makes everything a tenth as long.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
import wire  # noqa: E402
from texts import Texts  # noqa: E402

RESULTS = []


def say(text):
    print(text, flush=True)


def goal(name, value, unit, wanted, met):
    """A figure beside what it should be."""
    RESULTS.append((name, value, unit, wanted, met))
    say("  %-46s %10.3g %-10s wanted %-12s %s" % (name, value, unit, wanted, "yes" if met else "NO"))


def median(runs, key):
    return statistics.median(run[key] for run in runs)


class Bench:
    def __init__(self, options):
        self.options = options
        self.build = options.build
        self.folder = tempfile.mkdtemp(prefix="winnow-bench-", dir=options.folder)

    def tool(self, name):
        return os.path.join(self.build, "tests", "bench", name)

    @property
    def winnowd(self):
        return os.path.join(self.build, "daemon", "winnowd")

    @property
    def extract(self):
        return os.path.join(self.build, "extractor", "winnow-extract")

    def count(self, n):
        return max(100, int(n * self.options.scale))

    def json(self, *command, environment=None):
        """Runs a tool and reads the line of JSON that it prints."""
        done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, check=True,
                              env=dict(os.environ, **(environment or {})))
        return json.loads(done.stdout.splitlines()[-1])

    def daemon(self, settings=None, environment=None, folder=None):
        """A daemon whose store lies on the disk that is measured."""
        folder = folder or tempfile.mkdtemp(prefix="d-", dir=self.folder)
        made = wire.Daemon(self.winnowd, folder, dict({"log_level": "error"}, **(settings or {})), environment)
        return made

    def slow(self):
        """The environment in which every fsync takes 2 ms longer."""
        return {"LD_PRELOAD": self.tool("libslowsync.so"), "WINNOW_SLOWSYNC_US": "2000"}

    def texts(self, count, seed=1):
        """A file of articles, each ended by a zero byte, with sentences that state facts."""
        path = os.path.join(self.folder, "texts-%d-%d" % (count, seed))
        if not os.path.exists(path):
            texts = Texts(random.Random(seed))
            with open(path, "wb") as file:
                for _ in range(count):
                    file.write(texts.article(16).encode() + b"\0")
        return path

    # ---- the peers of intake

    def redis(self, count, environment=None):
        folder = tempfile.mkdtemp(prefix="r-", dir=self.folder)
        path = os.path.join(folder, "s")
        server = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", path, "--dir", folder,
                                   "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
                                  stdout=subprocess.DEVNULL, env=dict(os.environ, **(environment or {})))
        try:
            until = time.monotonic() + 20
            while subprocess.run(["redis-cli", "-s", path, "ping"], capture_output=True).stdout != b"PONG\n":
                if time.monotonic() > until:
                    raise SystemExit("redis-server does not answer")
            return self.json(self.tool("bench_redis"), path, "--count", count)
        finally:
            server.kill()
            server.wait()
            shutil.rmtree(folder)

    def intake(self, count, settings=None, environment=None, arguments=()):
        with self.daemon(settings or {"workers": 0}, environment) as daemon:
            result = self.json(self.tool("bench_intake"), daemon.intake, "--count", count, *arguments)
            result["rss_mib"] = daemon.memory()[1]
        shutil.rmtree(daemon.folder)
        return result

    def compare_intake(self, count, environment):
        ours, theirs = [], []
        for _ in range(self.options.repeat):
            ours.append(self.intake(count, environment=environment))
            theirs.append(self.redis(count, environment))
        for name, runs in (("winnowd", ours), ("redis, appendfsync always", theirs)):
            say("  %-46s %6.0f articles/s, p50 %.2f ms, p99 %.2f ms" % (name, median(runs, "rate"),
                                                                     median(runs, "p50_ms"), median(runs, "p99_ms")))
        return ours, theirs

    # ---- the benches

    def bench_intake(self):
        """Durable intake: 5 kB articles, 256 in flight, beside a Redis stream with appendfsync always."""
        ours, theirs = self.compare_intake(self.count(100000), None)
        ratio = median(ours, "rate") / median(theirs, "rate")
        goal("rate, of Redis'", ratio, "x", ">= 1", ratio >= 1)
        p99 = median(ours, "p99_ms")
        goal("ACCEPTED p99", p99, "ms", "< 15", p99 < 15)

    def bench_slowsync(self):
        """The same with 2 ms added to every fsync and fdatasync, as a network disk has them."""
        ours, theirs = self.compare_intake(self.count(20000), self.slow())
        ratio = median(ours, "rate") / median(theirs, "rate")
        goal("rate, of Redis'", ratio, "x", ">= 5", ratio >= 5)

    def bench_busy(self):
        """Intake while facts are being extracted and stored: the answer ACCEPTED of a paced sender."""
        runs = []
        for _ in range(self.options.repeat):
            runs.append(self.intake(self.count(20000), {"workers": 2}, None,
                                    ("--texts", self.texts(2000), "--rate", 1000)))
        say("  %-46s p50 %.2f ms, p99 %.2f ms, max %.1f ms" % (
            "1,000 articles/s pushed, two workers at work", median(runs, "p50_ms"), median(runs, "p99_ms"),
            median(runs, "max_ms")))
        p99 = median(runs, "p99_ms")
        goal("ACCEPTED p99", p99, "ms", "< 15", p99 < 15)

    def bench_store(self):
        """Articles of 40 facts into a store that grows to four million, and reading it."""
        if not os.path.exists(self.tool("bench_store")):
            say("  bench_store was not built")
            return
        folder = tempfile.mkdtemp(prefix="s-", dir=self.folder)
        count = self.count(100000)
        done = subprocess.run([self.tool("bench_store"), "--dir", folder, "--articles", str(count), "--window",
                               str(max(1000, count // 10))], stdout=subprocess.PIPE, check=True, text=True)
        shutil.rmtree(folder)
        figures = {}
        for line in done.stdout.splitlines():
            say("  " + line)
            words = line.split()
            figures.setdefault(words[0], []).append(words[1:])
        ratio = float(figures["store_ratio"][-1][0])
        goal("rate at its end, of its beginning's", ratio, "x", ">= 0.75", ratio >= 0.75)
        replay = float(figures["replay"][-1][0])
        goal("replay", replay, "events/s", ">= 100000", replay >= 100000)
        opened = float(figures["open"][-1][0]) / 1000
        goal("opening", opened, "s", "< 1", opened < 1)

    def bench_bare(self):
        """Accepting articles, beside a bare loop of SQLite that commits the same rows."""
        folder = tempfile.mkdtemp(prefix="b-", dir=self.folder)
        done = subprocess.run([self.tool("bench_bare"), "--articles", str(self.count(20000)), folder],
                              stdout=subprocess.PIPE, check=True, text=True)
        shutil.rmtree(folder)
        say("  " + done.stdout.strip().replace("\n", "\n  "))
        ratio = float([line.split()[1] for line in done.stdout.splitlines() if line.startswith("accept_ratio")][-1])
        goal("rate, of the bare loop's", ratio, "x", ">= 0.8", ratio >= 0.8)

    def push_all(self, daemon, texts):
        """Pushes every text and waits for STORED; returns seconds."""
        peer = daemon.pusher("bench")
        credit, sizes = peer.welcome["credit"], {}
        begun, sent, waiting, flying = time.monotonic(), 0, len(texts), [0, 0]
        while waiting:
            while sent < len(texts) and flying[0] < min(256, credit["messages"]) \
                    and flying[1] + len(texts[sent]) + 2 <= credit["bytes"]:
                sizes[sent + 1] = len(texts[sent]) + 2
                flying[0] += 1
                flying[1] += sizes[sent + 1]
                peer.send(wire.PUSH, {}, texts[sent], request=sent + 1)
                sent += 1
            got = peer.receive()
            if got.kind == wire.ACCEPTED:
                flying[0] -= 1
                flying[1] -= sizes[got.request]
            elif got.kind == wire.STORED:
                waiting -= 1
            elif got.kind == wire.CREDIT:
                credit = {"messages": int.from_bytes(got.frames[0], "big"),
                          "bytes": int.from_bytes(got.frames[1], "big")}
            else:
                raise SystemExit("got %r" % got)
        seconds = time.monotonic() - begun
        peer.close()
        return seconds

    def corpus(self, count, seed):
        texts = Texts(random.Random(seed))
        return [texts.article(16).encode() for _ in range(count)]

    def extract_alone(self, texts):
        """Processor seconds and wall seconds of winnow-extract on the texts, without those of its start."""
        folder = tempfile.mkdtemp(prefix="x-", dir=self.folder)
        out = os.path.join(folder, "out")
        os.mkdir(out)
        paths = []
        for number, text in enumerate(texts):
            paths.append(os.path.join(folder, "%d.txt" % number))
            with open(paths[-1], "wb") as file:
                file.write(text)

        def run(some):
            before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run([self.extract, "--out", out] + some, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                    time.monotonic() - begun)
        start = run(paths[:1])
        whole = run(paths)
        shutil.rmtree(folder)
        return whole[0] - start[0], whole[1] - start[1]

    def bench_overhead(self):
        """What the whole daemon costs beyond reading: processor time beside winnow-extract's on the same texts."""
        texts = self.corpus(self.count(4000), 2)
        size = sum(map(len, texts)) / len(texts)
        shares, rates, alone = [], [], []
        for _ in range(self.options.repeat):
            cpu, _ = self.extract_alone(texts)
            with self.daemon({"workers": 2}) as daemon:
                before = daemon.processor_time()
                seconds = self.push_all(daemon, texts)
                used = daemon.processor_time() - before
            shutil.rmtree(daemon.folder)
            shares.append(100 * (used - cpu) / cpu)
            rates.append(len(texts) / seconds)
            alone.append(1000 * cpu / len(texts))
        say("  %d articles of %.0f bytes; winnow-extract %.3f ms of processor each; the daemon stores %.0f a second"
            % (len(texts), size, statistics.median(alone), statistics.median(rates)))
        share = statistics.median(shares)
        goal("processor time that the daemon adds", share, "%", "< 40", share < 40)
        self.full_rate = statistics.median(rates)

    def bench_latency(self):
        """From the push to the event that its facts are stored, at a tenth of full load."""
        if not hasattr(self, "full_rate"):
            texts = self.corpus(self.count(4000), 3)
            with self.daemon({"workers": 2}) as daemon:
                self.full_rate = len(texts) / self.push_all(daemon, texts)
            shutil.rmtree(daemon.folder)
        rate = max(1, int(self.full_rate / 10))
        runs = []
        for _ in range(self.options.repeat):
            with self.daemon({"workers": 2}) as daemon:
                runs.append(self.json(self.tool("bench_intake"), daemon.intake, "--count",
                                      max(100, int(rate * 10 * self.options.scale)), "--rate", rate, "--texts",
                                      self.texts(2000), "--events", daemon.events))
            shutil.rmtree(daemon.folder)
        say("  at %d articles a second of %.0f" % (rate, self.full_rate))
        p50, p99 = median(runs, "event_p50_ms"), median(runs, "event_p99_ms")
        goal("push to event p50", p50, "ms", "< 5", p50 < 5)
        goal("push to event p99", p99, "ms", "< 25", p99 < 25)

    def bench_million(self):
        """A million articles into one daemon: memory; then the replay of their million events."""
        count = self.count(1000000)
        with self.daemon({"workers": 2}) as daemon:
            result = self.json(self.tool("bench_intake"), daemon.intake, "--count", count, "--size", "60")
            daemon.settle(7200)
            now, high = daemon.memory()
            say("  %d articles of 60 bytes, accepted at %.0f/s" % (count, result["rate"]))
            goal("resident memory now", now, "MiB", "< 200", now < 200)
            goal("resident memory at most", high, "MiB", "< 200", high < 200)
            runs = [self.json(self.tool("bench_replay"), daemon.query) for _ in range(self.options.repeat)]
            rate = median(runs, "rate")
            goal("replay of %d events" % runs[0]["events"], rate, "events/s", ">= 100000", rate >= 100000)
        shutil.rmtree(daemon.folder)

    def bench_fanout(self):
        """The publisher to ten subscribers, beside a bare PUB socket with the same messages."""
        if not os.path.exists(self.tool("bench_fanout")):
            say("  bench_fanout was not built")
            return
        runs = [self.json(self.tool("bench_fanout"), "--events", self.count(200000))
                for _ in range(self.options.repeat)]
        say("  %.0f deliveries/s, bare %.0f, events of %d bytes" % (median(runs, "publisher"), median(runs, "bare"),
                                                                 runs[0]["event_bytes"]))
        ratio = median(runs, "ratio")
        goal("deliveries, of bare ZeroMQ's", ratio, "x", ">= 0.5", ratio >= 0.5)

    def bench_start(self):
        """Ready with 100,000 articles stored and 10,000 of them unfinished, after kill -9."""
        folder = tempfile.mkdtemp(prefix="d-", dir=self.folder)
        stored, rest = self.count(90000), self.count(10000)
        with self.daemon({"workers": 2}, folder=folder) as daemon:
            self.json(self.tool("bench_intake"), daemon.intake, "--count", stored, "--size", "300")
            daemon.settle(3600)
            daemon.stop()
        with self.daemon({"workers": 0}, folder=folder) as daemon:
            self.json(self.tool("bench_intake"), daemon.intake, "--count", rest, "--size", "300")
            daemon.kill()
        seconds = []
        for _ in range(max(3, self.options.repeat)):
            # workers = 0, so that the ten thousand are there at each start
            daemon = self.daemon({"workers": 0}, folder=folder)
            begun = time.monotonic()
            daemon.start()
            daemon.wait_ready()
            seconds.append(time.monotonic() - begun)
            daemon.__exit__(None, None, None)
        daemon = self.daemon({"workers": 2}, folder=folder)
        begun = time.monotonic()
        daemon.start()
        daemon.wait_ready()
        seconds.append(time.monotonic() - begun)
        daemon.__exit__(None, None, None)
        shutil.rmtree(folder)
        value = max(seconds)
        goal("from start to the first answer, the worst", value, "s", "< 1", value < 1)

    def six_kilobytes(self, count):
        """Articles of about 6 kB, put together from the project's own."""
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "quality", "articles")
        parts = []
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                parts.append(file.read().rstrip() + b"\n\n")
        chosen, texts = random.Random(6), []
        for _ in range(count):
            text = b""
            while len(text) < 6000:
                text += chosen.choice(parts)
            texts.append(text)
        return texts

    def wink(self, texts, rounds):
        """Processor seconds of wink-nlp on the texts, each read `rounds` times, when it is warm."""
        if not shutil.which("node") or not os.path.isdir(os.path.join(self.options.peers, "node_modules")):
            return None
        folder = tempfile.mkdtemp(prefix="w-", dir=self.folder)
        paths = []
        for number, text in enumerate(texts):
            paths.append(os.path.join(folder, "%d.txt" % number))
            with open(paths[-1], "wb") as file:
                file.write(text)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wink.js")
        done = self.json("node", script, self.options.peers, rounds, *paths)
        shutil.rmtree(folder)
        return done

    def bench_extract(self):
        """winnow-extract alone, one thread, beside wink-nlp on the same texts."""
        texts = self.six_kilobytes(self.count(100))
        rounds, own, peer, tokens = 3, [], [], 0
        size = sum(map(len, texts)) / len(texts)
        for _ in range(self.options.repeat):
            own.append(self.extract_alone(texts * rounds)[0])
            done = self.wink(texts, rounds)
            if done:
                peer.append(done["processor"])
                tokens = done["tokens"] / done["texts"]
        rate = rounds * len(texts) / statistics.median(own)
        say("  %.0f articles of %.0f bytes a second of processor: %.2f MB/s" % (rate, size, rate * size / 1e6))
        if not peer:
            say("  no wink-nlp here (npm install in %s): nothing to compare with" % self.options.peers)
            return
        theirs = rounds * len(texts) / statistics.median(peer)
        say("  wink-nlp, which finds words, parts of speech and values, but neither names nor trees nor facts: "
            "%.0f (%.0f tokens each)" % (theirs, tokens))
        goal("winnow-extract beside wink-nlp", rate / theirs, "times", ">= 1", rate >= theirs)


def main():
    benches = {name[6:]: function for name, function in vars(Bench).items() if name.startswith("bench_")}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0],
                                     epilog="; ".join("%s: %s" % (n, f.__doc__) for n, f in benches.items()))
    parser.add_argument("name", nargs="*", metavar="NAME", help="one of: " + " ".join(benches))
    parser.add_argument("--build", required=True)
    parser.add_argument("--peers", required=True, help="where the packages of package.json are installed")
    parser.add_argument("--folder", default="/tmp", help="where stores lie: the disk that is measured")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    for name in options.name:
        if name not in benches:
            parser.error("no bench is called %s; there are: %s" % (name, " ".join(benches)))
    bench = Bench(options)
    try:
        for name in options.name or benches:
            say("%s: %s" % (name, benches[name].__doc__))
            benches[name](bench)
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)
    missed = [each[0] for each in RESULTS if not each[4]]
    if missed:
        say("not met: " + ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
