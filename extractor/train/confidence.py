#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Learns how sure facts are (../confidence.h), from articles with gold.

    confidence.py WINNOW_TRAIN DATA_DIR [--out CONFIDENCE.tsv] [--held]

Articles: our own (tests/quality) and the annotated ones of `dev` (annotated/*.jsonl, texts in DATA_DIR). A fact is
right where tests/quality/score.py pairs it with one of gold. What it does:

  features   `winnow-train facts` gives each fact with its features
  weights    logistic regression with a square penalty, one feature after the other until nothing moves
  folds      the articles in parts; each part is judged by weights of the others
  points     of these judgements: share of right facts by sum of weights, made to rise (pool adjacent violators)
  least      the confidence that, as the lowest given, makes the F1 of these judgements highest, if it gains by it

and it prints what calibration, precision and recall are on the folds; with --held also, with the weights of all, on
the articles that are held back.
"""
import argparse
import json
import math
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "quality"), str(ROOT / "extractor" / "train")]
import annotate  # noqa: E402
import score  # noqa: E402

FOLDS = 5
PENALTY = 5.0
SELDOM = 4  # features of fewer facts are left out
SCALE = 100  # weights are whole hundredths
GAIN = 0.005  # less F1 is no reason to leave facts out
POINT = 30  # facts that a point of the table stands for, at least


@dataclass
class Found:
    """A fact as the program found it."""
    features: list
    right: bool  # paired with a fact of gold
    free: bool  # that one is optional: neither a hit nor a false one


@dataclass
class Article:
    name: str
    facts: list
    wanted: int  # facts of gold that are not optional


def read_article(gold, text, lines):
    """One article: what is found in it, and what of that is right."""
    golds, problems = score.read(gold, True)
    if problems:
        sys.exit(f"{gold}: {problems[0]}")
    preds, features = [], []
    for line in lines:
        record, _, names = line.partition("\t")
        preds.append(score.parse(record, gold.stem, False))
        features.append(sorted(set(names.split("|"))))
    pairs = {id(pred): one for one, pred, _ in score.align(golds, preds, text.read_bytes().decode())}
    facts = [Found(names, id(pred) in pairs, id(pred) in pairs and pairs[id(pred)].optional)
             for pred, names in zip(preds, features)]
    return Article(gold.stem, facts, sum(not one.optional for one in golds))


def read_set(train, folder, texts):
    """All articles of a folder with index.tsv, texts and gold."""
    rows = [line.split("\t") for line in (folder / "index.tsv").read_text("utf-8").splitlines()[1:]]
    arguments = [part for row in rows for part in (folder / texts / f"{row[0]}.txt", row[1] or "-")]
    run = subprocess.run([train, "facts", *arguments], check=True, capture_output=True, text=True, encoding="utf-8")
    parts = re.split(r"^# .*\n", run.stdout, flags=re.M)[1:]
    return [read_article(folder / "gold" / f"{row[0]}.jsonl", folder / texts / f"{row[0]}.txt", part.splitlines())
            for row, part in zip(rows, parts, strict=True)]


def fit(facts):
    """{feature: weight}: the weights under which the facts' being right is most likely, less a penalty."""
    counts = Counter(name for fact in facts for name in fact.features)
    holders = defaultdict(list)
    for at, fact in enumerate(facts):
        for name in fact.features:
            if counts[name] >= SELDOM:
                holders[name].append(at)
    weights, sums = dict.fromkeys(holders, 0.0), [0.0] * len(facts)
    shares, rights = [0.5] * len(facts), [float(fact.right) for fact in facts]
    for _ in range(25):
        moved = 0.0
        for name, at in holders.items():
            slope, bend = PENALTY * weights[name], PENALTY
            if name == "any":
                slope, bend = 0.0, 1e-6
            for i in at:
                slope += shares[i] - rights[i]
                bend += shares[i] * (1 - shares[i])
            step = max(-1.0, min(1.0, -slope / bend))
            if abs(step) < 1e-3:
                continue
            weights[name] += step
            moved = max(moved, abs(step))
            for i in at:
                sums[i] += step
                shares[i] = 1 / (1 + math.exp(-max(-30.0, min(30.0, sums[i]))))
        if moved < 0.02:
            break
    whole = {name: round(SCALE * weight) for name, weight in weights.items()}
    return {name: weight for name, weight in whole.items() if weight}


def judge(weights, fact):
    return sum(weights.get(name, 0) for name in fact.features)


def rising(judged):
    """[(sum, share in thousandths)]: pools of facts in the order of their sums, merged until the shares rise."""
    judged = sorted(((at, fact.right) for at, fact in judged), key=lambda one: one[0])
    pools = []
    for at in range(0, len(judged), POINT):
        part = judged[at:at + POINT]
        if len(part) < POINT and pools:
            pools[-1] = [a + b for a, b in zip(pools[-1], (sum(s for s, _ in part), sum(r for _, r in part), len(part)))]
        else:
            pools.append([sum(s for s, _ in part), sum(r for _, r in part), len(part)])
        while len(pools) > 1 and pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last)]
    # a share that is never nought nor whole: one right and one wrong fact more
    points = [(round(total / count), round(1000 * (right + 1) / (count + 2))) for total, right, count in pools]
    kept = []
    for at, share in points:
        if not kept or (at > kept[-1][0] and share >= kept[-1][1]):
            kept.append((at, share))
    return kept


def share_of(points, at):
    """As ../confidence.c reckons it."""
    if at <= points[0][0]:
        return points[0][1]
    for (a, low), (b, high) in zip(points, points[1:]):
        if at <= b:
            return low + int((high - low) * (at - a) / (b - a))
    return points[-1][1]


def rates(shares, wanted, least):
    """P, R, F1 of the facts whose share is at least this."""
    given = [fact for share, fact in shares if share >= least]
    hits = sum(fact.right and not fact.free for fact in given)
    false = sum(not fact.right for fact in given)
    return hits / (hits + false or 1), hits / wanted, 2 * hits / (hits + false + wanted or 1)


def choose(shares, wanted):
    """The least confidence with which F1 is highest; 0 where that is hardly more than for all facts."""
    best = max(range(0, 600, 10), key=lambda least: (round(rates(shares, wanted, least)[2], 4), -least))
    return best if rates(shares, wanted, best)[2] >= rates(shares, wanted, 0)[2] + GAIN else 0


def report(title, shares, wanted):
    print(f"\n{title}: {len(shares)} facts, {wanted} wanted\n\nconfidence   facts   right   said")
    off = 0.0
    for low in range(0, 1000, 100):
        part = [(share, fact) for share, fact in shares if low <= share < low + 100]
        if part:
            right, said = sum(fact.right for _, fact in part), sum(share for share, _ in part) / 1000
            off += abs(right - said)
            print(f"0.{low // 100}-{(low + 100) / 1000:.1f} {len(part):11} {right / len(part):7.2f} {said / len(part):6.2f}")
    print(f"mean gap between said and right: {off / max(1, len(shares)):.3f}\n\nleast      P      R     F1")
    for least in (0, 100, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900):
        print(f"{least / 1000:.2f} {'  '.join(f'{rate:.3f}' for rate in rates(shares, wanted, least))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, metavar="WINNOW_TRAIN")
    parser.add_argument("data", type=Path, metavar="DATA_DIR")
    parser.add_argument("--out", type=Path, default=ROOT / "extractor" / "model" / "confidence.tsv")
    parser.add_argument("--held", action="store_true", help="report on the articles held back, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        annotate.unpack(argparse.Namespace(data=args.data, out=Path(work), annotations=sorted(
            (ROOT / "extractor" / "train" / "annotated").glob("*.jsonl"))))
        dev = read_set(args.train, Path(work) / "dev", "texts")
        held = read_set(args.train, Path(work) / "held", "texts") if args.held else []
    own = read_set(args.train, ROOT / "tests" / "quality", "articles")
    # Rules were written with our own articles in view: they help to weigh features, but say too
    # much good of the facts; so the table of shares is of the others.
    own_facts = [fact for article in own for fact in article.facts]
    judged, wanted = [], sum(article.wanted for article in dev)
    for fold in range(FOLDS):
        weights = fit(own_facts + [fact for at, one in enumerate(dev) if at % FOLDS != fold for fact in one.facts])
        judged += [(judge(weights, fact), fact) for one in dev[fold::FOLDS] for fact in one.facts]
    weights = fit(own_facts + [fact for one in dev for fact in one.facts])
    points = rising(judged)
    shares = [(share_of(points, at), fact) for at, fact in judged]
    least = choose(shares, wanted)
    report(f"dev, {len(dev)} articles in {FOLDS} folds", shares, wanted)
    if held:
        shares = [(share_of(points, judge(weights, fact)), fact) for one in held for fact in one.facts]
        report(f"held, {len(held)} articles", shares, sum(one.wanted for one in held))
    print(f"\nleast: {least}, weights: {len(weights)}, points: {len(points)}")
    with args.out.open("w", encoding="utf-8") as out:
        out.write("# Weights of confidence (../confidence.h). Made by ../train/confidence.py; do not edit.\n")
        out.write(f"least\t{least}\n")
        out.writelines(f"point\t{at}\t{share}\n" for at, share in points)
        out.writelines(f"weight\t{name}\t{weights[name]}\n" for name in sorted(weights))


if __name__ == "__main__":
    main()
