#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Articles with gold, kept without their texts.

    annotate.py pick DATA_DIR FOLDER TEXTS COUNT [--seed N] [--words 120-450] [--name PREFIX]
    annotate.py check TEXTS GOLD
    annotate.py pack DATA_DIR TEXTS GOLD OUT.jsonl
    annotate.py unpack DATA_DIR OUT_DIR ANNOTATIONS.jsonl...

pick draws documents of a folder of raw text and writes each as TEXTS/NAME.txt and a line of TEXTS/index.tsv
(name, published, split, folder); every third is `held`. A text may then be cut to one story, and published filled in.
GOLD holds NAME.notes (see notes.py) or NAME.jsonl (FACTS.md's JSON). check reads them and says what is wrong.
pack writes annotations: of each article the place in the data and a hash, of each fact the numbers of the bytes
on which it stands. unpack makes texts and gold of them again, with the same data: OUT_DIR/{dev,held}/{texts,gold}
and OUT_DIR/{dev,held}/index.tsv. A text that differs by a byte is refused.

A line of annotations is one article:
  name, folder, file, at   where: bytes `at` of DATA_DIR/folder/file, uncompressed
  blake2b                  of these bytes, 16 bytes long
  split, published         `dev` or `held`; the date to assume, or null
  records                  as in gold, but words are replaced by places: [start, end] in bytes of the article, or a
                           list of such places and of words that do not stand there. Words of an enum stay words.
"""
import argparse
import csv
import hashlib
import json
import lzma
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import notes  # noqa: E402

COLUMNS = ["name", "published", "split", "folder"]
DATE = re.compile(r"(\d{4}|XXXX)(-(\d\d|XX)(-(\d\d|XX))?)?")


class Problem(Exception):
    """What is wrong, and where."""


def data_files(folder):
    found = sorted(folder.glob("*.txt.xz"))
    if not found:
        raise Problem(f"{folder}: no *.txt.xz")
    return found


def unxz(path):
    try:
        return lzma.decompress(path.read_bytes())
    except (OSError, lzma.LZMAError) as problem:
        raise Problem(f"{path}: {problem}") from problem


def digest(text):
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def pick(args):
    """Draws documents by a seed; those drawn before (in index.tsv) are passed over."""
    least, most = map(int, args.words.split("-"))
    documents = [text for path in data_files(args.data / args.folder)
                 for text in unxz(path).decode("utf-8").split("\n\n") if least <= len(text.split()) <= most]
    random.Random(args.seed).shuffle(documents)
    args.texts.mkdir(parents=True, exist_ok=True)
    index = args.texts / "index.tsv"
    rows = read_index(index) if index.exists() else []
    have = {(args.texts / f"{row['name']}.txt").read_text("utf-8").strip() for row in rows}
    prefix = args.name or args.folder
    at = sum(row["name"].startswith(prefix + "-") for row in rows)
    for text in [text for text in documents if text.strip() not in have][:args.count]:
        at += 1
        name = f"{prefix}-{at:03}"
        (args.texts / f"{name}.txt").write_text(text.strip("\n") + "\n", "utf-8")
        rows.append(dict(name=name, published="", split="dev" if at % 3 else "held", folder=args.folder))
    with index.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_index(path):
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
    except OSError as problem:
        raise Problem(f"{path}: {problem.strerror}") from problem
    for row in rows:
        if any(row.get(column) is None for column in COLUMNS) or row["split"] not in ("dev", "held"):
            raise Problem(f"{path}: not a row of {', '.join(COLUMNS)}: {row}")
    return rows


def read_gold(folder, name, article):
    """(published or None, [(place, record)]) of one article, or None where nothing has been written yet."""
    path = folder / f"{name}.notes"
    try:
        if path.exists():
            published, records = notes.read(path.read_text("utf-8").splitlines(), article)
        elif (path := folder / f"{name}.jsonl").exists():
            published, records = None, [(at, json.loads(line)) for at, line
                                        in enumerate(path.read_text("utf-8").splitlines(), 1) if line.strip()]
        else:
            return None
    except ValueError as problem:
        raise Problem(f"{path}:{problem}") from problem
    return published, [(f"{path}:{at}", record) for at, record in records]


def check_filler(kind, role, filler):
    if not isinstance(filler, dict) or not str(filler.get("text") or ""):
        raise ValueError(f"{role} has no text")
    if (allowed := notes.ENUMS.get((kind, role))) and filler["text"] not in allowed:
        raise ValueError(f"{role} is none of {', '.join(allowed)}")
    if role in notes.DATES:
        for value in (filler.get("value"), *filler.get("alt_value", ())):
            ends = str(value or "").split("/")
            if value is not None and (len(ends) > 2 or not all(not end or DATE.fullmatch(end) for end in ends)):
                raise ValueError(f"{value} is no date")
    if role in ("amount", "value") and not isinstance(filler.get("number"), (int, float)):
        raise ValueError(f"{role} has no number")
    if filler.get("bound", "exact") not in notes.BOUNDS:
        raise ValueError(f"{filler['bound']} is no bound")


def check_record(record):
    """FACTS.md's words are used for kinds, roles, modalities, enums, bounds and dates."""
    kind, roles = record.get("kind"), record.get("roles")
    for one in (kind, *record.get("alt_kind", ())):
        if one not in notes.ROLES:
            raise ValueError(f"unknown kind {one}")
    for one in (record.get("modality"), *record.get("alt_modality", ())):
        if one not in notes.MODALITIES:
            raise ValueError(f"unknown modality {one}")
    if not isinstance(roles, dict) or not roles:
        raise ValueError("no roles")
    for role, fillers in roles.items():
        if role not in notes.ROLES[kind]:
            raise ValueError(f"{kind} has no role {role}")
        if not isinstance(fillers, list) or not fillers:
            raise ValueError(f"{role} is no list of fillers")
        for filler in fillers:
            check_filler(kind, role, filler)


class Places:
    """Where words stand in an article, in bytes."""

    def __init__(self, article):
        self.article = article

    def bytes(self, start, end):
        return [len(self.article[:at].encode()) for at in (start, end)]

    def evidence(self, words):
        found = [one.span() for one in notes.pattern(words).finditer(self.article)]
        if len(found) != 1:
            raise ValueError(f"evidence “{words}” stands in the article {len(found)} times, not once")
        return found[0]

    def nearest(self, words, around):
        """The span of these words that lies nearest to the evidence, inside it before all; or None."""
        start, end = around
        found = [one.span() for one in notes.pattern(words).finditer(self.article)]
        return min(found, default=None, key=lambda span: max(start - span[0], span[1] - end, 0))

    def of(self, text, around):
        """Words as a place, or as a list of places and of words that stand nowhere."""
        words, pieces, at = text.split(), [], 0
        while at < len(words):
            span, until = None, at
            while until < len(words) and (longer := self.nearest(" ".join(words[at:until + 1]), around)):
                span, until = longer, until + 1
            if span:
                pieces.append(self.bytes(*span))
            elif pieces and isinstance(pieces[-1], str):
                pieces[-1] += " " + words[at]
            else:
                pieces.append(words[at])
            at = max(until, at + 1)
        return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], list) else pieces


def pack_record(record, places):
    """A record without words of the article."""
    check_record(record)
    around = places.evidence((record.get("evidence") or {}).get("text") or "")
    packed = {key: value for key, value in record.items() if key not in ("roles", "evidence", "reported_by")}
    if record.get("reported_by"):
        packed["reported_by"] = places.of(record["reported_by"], around)
    packed["evidence"] = places.bytes(*around)
    packed["roles"] = {}
    for role, fillers in record["roles"].items():
        packed["roles"][role] = [pack_filler(record["kind"], role, filler, places, around) for filler in fillers]
    return packed


def pack_filler(kind, role, filler, places, around):
    if (kind, role) in notes.ENUMS or role == "basis" and filler["text"] == "year_on_year":
        return filler
    packed = {key: value for key, value in filler.items() if key not in ("text", "alt", "start", "end")}
    packed["at"] = places.of(filler["text"], around)
    if role not in notes.TEXTS - {"content", "goal"} and all(isinstance(piece, str) for piece in packed["at"]):
        raise ValueError(f"{role} “{filler['text']}” does not stand in the article")
    if filler.get("alt"):
        packed["alt"] = [places.of(text, around) for text in filler["alt"]]
    return packed


def articles(texts, gold):
    """Each annotated article: its row of the index, its text, its date, its packed records."""
    for row in read_index(texts / "index.tsv"):
        path = texts / f"{row['name']}.txt"
        article = path.read_text("utf-8").strip("\n")
        found = read_gold(gold, row["name"], article)
        if found is None:
            continue
        published, records = found
        packed = []
        for where, record in records:
            try:
                packed.append(pack_record(record, Places(article)))
            except (ValueError, AttributeError, TypeError) as problem:
                raise Problem(f"{where}: {problem}") from problem
        published = published or row["published"] or None
        if published and not re.fullmatch(r"\d{4}-\d\d-\d\d", published):
            raise Problem(f"{gold / row['name']}: published {published} is no date like 2020-05-26")
        yield row, article, published, packed


def check(args):
    count = Counts()
    for row, _, _, records in articles(args.texts, args.gold):
        count.add(row["split"], records)
    print(count)


class Counts:
    def __init__(self):
        self.articles, self.records = {"dev": 0, "held": 0}, {"dev": 0, "held": 0}

    def add(self, split, records):
        self.articles[split] += 1
        self.records[split] += len(records)

    def __str__(self):
        return ", ".join(f"{split}: {self.articles[split]} articles with {self.records[split]} facts"
                         for split in self.articles)


def pack(args):
    files, lines, count = {}, [], Counts()
    for row, article, published, records in articles(args.texts, args.gold):
        folder = args.data / row["folder"]
        if folder not in files:
            files[folder] = [(path.name, unxz(path)) for path in data_files(folder)]
        text = article.encode()
        where = [(name, data.find(text)) for name, data in files[folder] if text in data]
        if not where:
            raise Problem(f"{args.texts / row['name']}.txt: not in {folder}")
        name, start = where[0]
        lines.append({"name": row["name"], "folder": row["folder"], "file": name, "at": [start, start + len(text)],
                      "blake2b": digest(text), "split": row["split"], "published": published, "records": records})
        count.add(row["split"], records)
    with args.out.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(count)


def unpack_record(record, text):
    def words(at):
        pieces = [at] if at and isinstance(at[0], int) else at
        return " ".join(piece if isinstance(piece, str) else
                        " ".join(text[piece[0]:piece[1]].decode().split()) for piece in pieces)

    def filler(packed):
        if "at" not in packed:
            return packed
        made = {"text": words(packed["at"]), **{key: value for key, value in packed.items() if key not in ("at", "alt")}}
        if packed.get("alt"):
            made["alt"] = [words(at) for at in packed["alt"]]
        return made
    start, end = record["evidence"]
    made = {**record, "reported_by": words(record["reported_by"]) if record.get("reported_by") else None}
    made["roles"] = {role: [filler(one) for one in fillers] for role, fillers in record["roles"].items()}
    made["evidence"] = {"start": start, "end": end, "text": text[start:end].decode()}
    return made


def unpack(args):
    files, indexes = {}, {"dev": [], "held": []}
    for path in args.annotations:
        for at, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                article = json.loads(line)
                source = args.data / article["folder"] / article["file"]
                if source not in files:
                    files[source] = unxz(source)
                text = files[source][slice(*article["at"])]
                if digest(text) != article["blake2b"]:
                    raise Problem(f"{path}:{at}: {article['name']} is another text in {source}")
                folder = args.out / article["split"]
                for part in ("texts", "gold"):
                    (folder / part).mkdir(parents=True, exist_ok=True)
                (folder / "texts" / f"{article['name']}.txt").write_bytes(text)
                gold = [json.dumps(unpack_record(record, text), ensure_ascii=False) for record in article["records"]]
                (folder / "gold" / f"{article['name']}.jsonl").write_text("".join(one + "\n" for one in gold), "utf-8")
                indexes[article["split"]].append((article["name"], article["published"] or "", article["folder"]))
            except (ValueError, KeyError, TypeError) as problem:
                raise Problem(f"{path}:{at}: not an article: {problem!r}") from problem
    for split, rows in indexes.items():
        if rows:
            (args.out / split / "index.tsv").write_text(
                "".join("\t".join(row) + "\n" for row in [("name", "published", "about"), *rows]), "utf-8")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for run, names in ((pick, "data folder texts count"), (check, "texts gold"), (pack, "data texts gold out"),
                       (unpack, "data out annotations")):
        command = commands.add_parser(run.__name__)
        command.set_defaults(run=run)
        for name in names.split():
            kind = {"folder": str, "count": int}.get(name, Path)
            command.add_argument(name, type=kind, nargs="+" if name == "annotations" else None)
        if run is pick:
            command.add_argument("--seed", type=int, default=1)
            command.add_argument("--words", default="120-450")
            command.add_argument("--name")
    args = parser.parse_args(argv)
    try:
        args.run(args)
    except (Problem, OSError) as problem:
        sys.exit(f"annotate.py: {problem}")


if __name__ == "__main__":
    main()
