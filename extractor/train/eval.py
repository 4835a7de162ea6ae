#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How well winnow-extract reads text whose tags, trees and names are known.

    eval.py WINNOW_EXTRACT TREEBANK.conllu [NAMES.iob2]

The treebank's raw text (a paragraph for each document, a sentence behind the other) goes through
the program; words are aligned by their characters, as the CoNLL 2018 evaluation does, and each
measure is the F1 over gold and found words: a word counts where it has the same characters and the
same tag (head, relation without its subtype). Trees are counted without punctuation. Names count
where extent and type agree (facilities count as places, events and things do not count).
"""
import json
import subprocess
import sys


def read_conllu(lines):
    """Sentences of (form, upos, head, deprel); heads as indices, -1 the root."""
    sentences, words = [], []
    texts, document, first = [], True, []
    for line in lines:
        line = line.rstrip("\n")
        if line.startswith("# newdoc"):
            document = True
        if line.startswith("# text = "):
            texts.append(line[9:])
        if line.startswith("#"):
            continue
        if not line:
            if words:
                sentences.append(words)
                first.append(document)
                document = False
            words = []
            continue
        cells = line.split("\t")
        if "-" in cells[0] or "." in cells[0]:
            continue
        head = int(cells[6]) - 1 if cells[6] != "_" else -2
        words.append((cells[1], cells[3], head, cells[7]))
    if words:
        sentences.append(words)
        first.append(document)
    return sentences, texts, first


def spans(sentences):
    """Words by their place among the characters that are not blank."""
    at, result = 0, []
    for words in sentences:
        places = []
        for form, *_ in words:
            n = len("".join(form.split()))
            places.append((at, at + n))
            at += n
        for (form, upos, head, deprel), place in zip(words, places):
            over = places[head] if head >= 0 else head
            result.append((place, upos, over, deprel.split(":")[0]))
    return result, at


def f1(right, found, gold):
    return 200.0 * right / (found + gold) if found + gold else 0.0


def main():
    program, treebank = sys.argv[1:3]
    with open(treebank, encoding="utf-8") as f:
        gold_sentences, texts, first = read_conllu(f)
    raw = ""
    for text, begins in zip(texts, first):
        raw += ("\n\n" if begins else " ") + text
    raw = raw.strip() + "\n"
    run = lambda layer: subprocess.run([program, "--layer", layer, "-"], input=raw.encode(),
                                       stdout=subprocess.PIPE, check=True).stdout.decode()
    found_sentences, _, _ = read_conllu(run("conllu").splitlines(True))
    # words that the layout left out would shift all others: align over the text instead
    gold, size = spans(gold_sentences)
    found, found_size = spans(found_sentences)
    if size != found_size:
        print(f"characters: gold {size}, found {found_size}")
        found = realign(raw, gold_sentences, found_sentences)
    by_place = {w[0]: w for w in found}
    plain = [w for w in gold if w[1] != "PUNCT"]
    found_plain = sum(1 for w in found if w[1] != "PUNCT")
    same = lambda ws, test: sum(1 for w in ws if w[0] in by_place and test(w, by_place[w[0]]))
    print(f"words {f1(same(gold, lambda a, b: True), len(found), len(gold)):.2f}")
    print(f"UPOS {f1(same(gold, lambda a, b: a[1] == b[1]), len(found), len(gold)):.2f}")
    print(f"UAS {f1(same(plain, lambda a, b: a[2] == b[2]), found_plain, len(plain)):.2f}")
    print(f"LAS {f1(same(plain, lambda a, b: a[2:] == b[2:]), found_plain, len(plain)):.2f}")
    matched = [w for w in plain if w[0] in by_place]
    print(f"UAS of matched words {100.0 * same(matched, lambda a, b: a[2] == b[2]) / len(matched):.2f}")
    if len(sys.argv) > 3:
        names(sys.argv[3], run("entities"), raw)


def realign(raw, gold_sentences, found_sentences):
    """Finds each word that was read in the raw text, in order."""
    place, n = [], 0
    for c in raw:
        place.append(n)
        n += not c.isspace()
    place.append(n)
    at, shifted = 0, []
    for words in found_sentences:
        starts = []
        for form, *_ in words:
            at = raw.index(form, at)
            starts.append((place[at], place[at + len(form)]))
            at += len(form)
        for (form, upos, head, deprel), where in zip(words, starts):
            over = starts[head] if head >= 0 else head
            shifted.append((where, upos, over, deprel.split(":")[0]))
    return shifted


def names(path, lines, raw):
    types = {"PER": "person", "ORG": "organisation", "LOC": "place"}
    gold, at, open_name = set(), 0, None
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    for row in rows + [[""]]:
        if row[0].startswith("# text = "):  # its sentences may stand in another order
            begin = raw.find(row[0][9:])
            at = begin if begin >= 0 else at
        label = row[2] if len(row) > 2 else "O"
        if open_name and not label.startswith("I-"):
            gold.add(open_name)
            open_name = None
        if len(row) < 3:
            continue
        start = raw.find(row[1], at, at + 200)
        if start < 0:  # a word that the text writes in another way
            continue
        at = start + len(row[1])
        if label.startswith("B-") and label[2:] in types:
            open_name = (start, at, types[label[2:]])
        elif open_name:
            open_name = (open_name[0], at, open_name[2])
    place = []
    for i, c in enumerate(raw):
        place += [i] * len(c.encode())
    place.append(len(raw))
    found = set()
    for line in lines.splitlines():
        name = json.loads(line)
        kind = {"facility": "place"}.get(name["type"], name["type"])
        if kind in types.values():
            found.add((place[name["start"]], place[name["end"]], kind))
    right = len(gold & found)
    print(f"names P {100.0 * right / max(1, len(found)):.1f} R {100.0 * right / max(1, len(gold)):.1f} "
          f"F1 {f1(right, len(found), len(gold)):.1f}")
    extents = {g[:2] for g in gold}
    found_extents = sum(1 for x in found if x[:2] in extents)
    print(f"names without types F1 {f1(found_extents, len(found), len(gold)):.1f}")


if __name__ == "__main__":
    main()
