# SPDX-License-Identifier: Apache-2.0
"""How well winnowd knows that two observations tell the same fact, on stories of our own.

Pushes the articles of stories.txt to a daemon in a scratch folder, twice in different orders, and looks
at the file. For each fact that a story names it seeks the observations meant; what the extractor did not
find is counted apart, since there is nothing to join then. Of all pairs of observations of one story that
are meant by some fact, those of one fact should be joined and no others. 

    score.py --winnowd PATH --winnow PATH [--errors]

Exit 1 when a measure is below its floor, or the two orders differ.
"""

import argparse
import collections
import itertools
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FLOOR_F1, FLOOR_PRECISION, FLOOR_FOUND, FLOOR_STATUS = 0.90, 0.97, 0.80, 0.90


class Story:
    def __init__(self, name):
        self.name, self.articles, self.facts = name, {}, []
        self.days, self.revised, self.retracted = {}, {}, []


def read_stories(path):
    stories, target = [], None
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        word, _, rest = line.partition(" ")
        if not line or line.startswith("#"):
            continue
        if word == "story":
            stories.append(Story(rest))
            continue
        story = stories[-1]
        if word == "article":
            id, story.days[id] = rest.split()
            target = story.articles
            target[id] = ""
        elif word == "revise":
            id, target = rest, story.revised
            target[id] = ""
        elif word == "retract":
            story.retracted.append(rest)
        elif word == "fact":
            match = re.fullmatch(r"(\w+) (.+) = ([a-z ]+?)(?: (current|disputed|superseded))?", rest)
            if not match:
                sys.exit("%s:%d: not understood: %s" % (path, number, line))
            words = [w.replace("+", " ") for w in match[2].split()]
            story.facts.append((match[1], words, match[3].split(), match[4] or "current"))
        else:
            target[id] += line + "\n"
    return stories


class Daemon:
    def __init__(self, winnowd, winnow):
        self.folder = tempfile.mkdtemp(prefix="winnow-identity-", dir="/tmp")
        self.endpoint = "ipc://%s/d" % self.folder
        self.winnow = [winnow, "--endpoint", self.endpoint]
        self.data = os.path.join(self.folder, "data")
        names = ("intake", "events", "query")
        where = [w for n in names for w in ("--" + n, "%s.%s" % (self.endpoint, n))]
        self.log = open(os.path.join(self.folder, "log"), "wb")
        self.process = subprocess.Popen([winnowd, "--data", self.data, "--http", "off"] + where,
                                        stdout=self.log, stderr=self.log)
        for _ in range(20):
            if subprocess.run(self.winnow + ["status"], capture_output=True).returncode == 0:
                return
        sys.exit("winnowd does not answer")

    def push(self, articles):
        lines = "".join(json.dumps(a) + "\n" for a in articles)
        subprocess.run(self.winnow + ["push", "--jsonl", "--wait", "stored", "-"], input=lines.encode(),
                       check=True, capture_output=True)

    def retract(self, id):
        subprocess.run(self.winnow + ["retract", id], check=True, capture_output=True)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait() != 0:
            sys.exit("winnowd did not end well")
        base = sqlite3.connect("file:%s/winnow.db?mode=ro" % self.data, uri=True)
        rows = base.execute("SELECT article, kind, fact, record, (SELECT status FROM facts AS f WHERE f.fact ="
                            " o.fact) FROM observations AS o WHERE status = 'current' ORDER BY id").fetchall()
        base.close()
        self.log.close()
        shutil.rmtree(self.folder)
        return rows


def tell(options, stories, seed):
    """The observations that are left when all was pushed in an order of its own."""
    daemon = Daemon(options.winnowd, options.winnow)
    todo = [(s, id) for s in stories for id in s.articles]
    random.Random(seed).shuffle(todo)
    daemon.push([{"id": "%s/%s" % (s.name, id), "source": "paper " + id, "published": s.days[id],
                  "text": s.articles[id]} for s, id in todo])
    for story in stories:
        daemon.push([{"id": "%s/%s" % (story.name, id), "published": story.days[id], "text": text}
                     for id, text in story.revised.items()])
        for id in story.retracted:
            daemon.retract("%s/%s" % (story.name, id))
    found = collections.defaultdict(list)
    for article, kind, fact, record, status in daemon.stop():
        found[article].append((kind, fact, json.loads(record), status))
    return found


def roles_text(record):
    return json.dumps(record["roles"], ensure_ascii=False)


def meant(story, found, fact):
    """The observations that a fact means, as (article, index)."""
    kind, words, articles, _ = fact
    result = []
    for id in articles:
        for index, (its_kind, _, record, _) in enumerate(found["%s/%s" % (story.name, id)]):
            if its_kind == kind and all(w in roles_text(record) for w in words):
                result.append((id, index))
                break
    return result


class Tally:
    def __init__(self):
        self.right = self.wrong = self.missed = 0

    def pair(self, joined, wanted):
        self.right += joined and wanted
        self.wrong += joined and not wanted
        self.missed += wanted and not joined

    def precision(self):
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    def f1(self):
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


def score_facts(options, stories, found):
    pairs, wanted, seen, right_status, statuses = Tally(), 0, 0, 0, 0
    for story in stories:
        labelled = []
        for number, fact in enumerate(story.facts):
            members = meant(story, found, fact)
            wanted += len(fact[2])
            seen += len(members)
            if options.errors and len(members) < len(fact[2]):
                missing = set(fact[2]) - {id for id, _ in members}
                print("%s: not read in %s: %s %s" % (story.name, " ".join(sorted(missing)), fact[0], fact[1]))
            for id, index in members:
                its = found["%s/%s" % (story.name, id)][index]
                labelled.append((number, its[1], id))
                statuses += 1
                right_status += its[3] == fact[3]
                if options.errors and its[3] != fact[3]:
                    print("%s/%s: %s %s is %s, not %s" % (story.name, id, fact[0], fact[1], its[3], fact[3]))
        for (n, fact, a), (m, other, b) in itertools.combinations(labelled, 2):
            pairs.pair(fact == other, n == m)
            if options.errors and (fact == other) != (n == m):
                print("%s: %s/%s and %s/%s: %s" % (story.name, a, story.facts[n][:2], b, story.facts[m][:2],
                                                   "kept apart" if n == m else "made one"))
    return pairs, wanted, seen, right_status, statuses


def canonical(found):
    """What is known, without ids that tell of the order."""
    facts = collections.defaultdict(list)
    for article in found:
        for index, (kind, fact, _, status) in enumerate(found[article]):
            facts[fact].append((article, index, kind, status))
    return sorted(sorted(f) for f in facts.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--winnowd", required=True)
    parser.add_argument("--winnow", required=True)
    parser.add_argument("--errors", action="store_true", help="print each pair and status that is wrong")
    options = parser.parse_args()
    stories = read_stories(os.path.join(HERE, "stories.txt"))
    found = tell(options, stories, 1)
    pairs, wanted, seen, right_status, statuses = score_facts(options, stories, found)
    articles = sum(len(s.articles) for s in stories)
    print("%d stories, %d articles, %d observations; %d of %d that are meant were read"
          % (len(stories), articles, sum(len(v) for v in found.values()), seen, wanted))
    print("same fact: %d pairs right, %d wrong, %d missed: precision %.3f, F1 %.3f"
          % (pairs.right, pairs.wrong, pairs.missed, pairs.precision(), pairs.f1()))
    print("status: %d of %d right" % (right_status, statuses))
    good = (pairs.f1() >= FLOOR_F1 and pairs.precision() >= FLOOR_PRECISION and seen >= FLOOR_FOUND * wanted
            and right_status >= FLOOR_STATUS * statuses)
    if canonical(found) != canonical(tell(options, stories, 2)):
        print("another order of the articles ends in other facts")
        good = False
    sys.exit(0 if good else 1)


main()
