# SPDX-License-Identifier: Apache-2.0
"""Articles for tests that need many: sentences of the articles that we wrote ourselves, shuffled by a
seeded generator, so that an extractor finds facts in them and no two are alike."""

import glob
import os

HERE = os.path.dirname(os.path.abspath(__file__))

# For a tree without articles, and to have every kind of sentence in any case.
OWN = [
    "Rivermouth Foods said on Tuesday that it will invest 40 million euros in a new plant in Utrecht.",
    "The company employs 3,200 people in nine countries.",
    "Marta Lindqvist, chief executive of Halden Marine, said orders rose by 12 percent last year.",
    "Halden Marine was founded in Bergen in 1987.",
    "Exports of tea fell 4.5 percent to 310,000 tonnes in 2021.",
    "The two companies signed an agreement on Monday to build a line to the port of Gdynia.",
    "Kestrel Bank agreed to buy Oakfield Savings for $1.2 billion.",
    "The ministry plans to cut the tax to 9 percent by 2030.",
    "A fair for farm machinery will take place in Parma from March 3 to March 6.",
    "The new terminal opened in June and can handle 14 million passengers a year.",
]


def sentences():
    """Every sentence there is, in a fixed order."""
    found = []
    root = os.path.dirname(HERE)
    folders = [os.path.join(root, "quality", "articles"),
               os.path.join(os.path.dirname(root), "deploy", "samples")]
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
            with open(path, encoding="utf-8") as file:
                for line in file.read().split("\n"):
                    if len(line) > 60:
                        found += [s if s.endswith(".") else s + "."
                                  for s in line.replace('"', "").split(". ") if len(s) > 30]
    return OWN + found


class Texts:
    """`article()` is a new text each time; the same `rng` gives the same ones."""

    def __init__(self, rng):
        self.rng = rng
        self.pool = sentences()
        self.made = 0

    def article(self, count=None):
        self.made += 1
        count = count or self.rng.choice((1, 2, 3, 5, 8, 13))
        body = []
        for sentence in self.rng.choices(self.pool, k=count):
            body.append(sentence)
            if self.rng.random() < 0.3:
                body.append("\n\n")
        # A number that no other has makes it an article of its own.
        return "Report %d of the day\n\n%s" % (self.rng.getrandbits(60), " ".join(body).replace(" \n\n ", "\n\n"))
