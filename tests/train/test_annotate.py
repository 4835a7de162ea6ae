# SPDX-License-Identifier: Apache-2.0
"""annotate.py and notes.py: gold goes into annotations without the words and comes back the same."""
import json
import lzma
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TRAIN = Path(__file__).resolve().parents[2] / "extractor" / "train"
sys.path.insert(0, str(TRAIN))
import notes  # noqa: E402

FERRY = """The island of Runö will spend about 3 million euros (£2.6 million) on a ferry, its council said on Friday.
"The ferry is small. It is ours," said Mayor Liis Tamm. The ferry carries 40 to 50 cars."""
OTHER = "Nothing of note was reported from the other island, where the ferry does not call."
NOTES = """! published 2019-05-03
@ The island ... ferry
inv planned,target :: investor: island of Runö / Runö; amount: about 3 million euros {3e6 EUR about ~ 2.6e6 GBP}; \
recipient: ferry; by: council
@ "The ferry is ... Liis Tamm
say :: speaker: Liis Tamm; content: The ferry ... small. && It is ours; direct: true
position ? :: person: Liis Tamm; title: Mayor; organisation: island of Runö; status: current
@ The ferry carries ... cars
stat,target :: value: 40 to 50 {40..50 car|vehicle}; subject: ferry; metric: cars carried / load; \
period: Friday {2019-05-03 / 2019-05}
"""


class Annotate(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.at = Path(self.folder.name)
        for part in ("data/islands", "gold"):
            (self.at / part).mkdir(parents=True)
        self.write_data(f"{OTHER}\n\n{FERRY}\n")

    def write_data(self, text):
        (self.at / "data/islands/text.txt.xz").write_bytes(lzma.compress(text.encode()))

    def run_tool(self, *args):
        return subprocess.run([sys.executable, "-B", TRAIN / "annotate.py", *map(str, args)], cwd=self.at,
                              capture_output=True, text=True, encoding="utf-8", check=False)

    def done(self, *args):
        result = self.run_tool(*args)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def refused(self, *args):
        result = self.run_tool(*args)
        self.assertNotEqual(result.returncode, 0)
        return result.stderr

    def pick(self):
        """Picks both texts and notes the facts of the one with a ferry; returns its name."""
        self.done("pick", "data", "islands", "texts", 5, "--words", "5-100")
        texts = sorted((self.at / "texts").glob("*.txt"))
        self.assertEqual(len(texts), 2)
        name, = [path.stem for path in texts if "Tamm" in path.read_text("utf-8")]
        (self.at / f"gold/{name}.notes").write_text(NOTES, "utf-8")
        return name

    def test_gold_comes_back(self):
        name = self.pick()
        self.assertIn("dev: 1 articles with 4 facts", self.done("pack", "data", "texts", "gold", "out.jsonl"))
        self.done("unpack", "data", "back", "out.jsonl")
        self.assertEqual((self.at / f"back/dev/texts/{name}.txt").read_text("utf-8"), FERRY)
        self.assertIn(f"{name}\t2019-05-03\tislands", (self.at / "back/dev/index.tsv").read_text("utf-8"))
        back = [json.loads(line) for line in (self.at / f"back/dev/gold/{name}.jsonl").read_text("utf-8").splitlines()]
        for record in back:
            evidence = record["evidence"]
            self.assertEqual(FERRY.encode()[evidence.pop("start"):evidence.pop("end")].decode(), evidence["text"])
            evidence["text"] = " ".join(evidence["text"].split())
        _, noted = notes.read(NOTES.splitlines(), FERRY)
        self.assertEqual(back, [record for _, record in noted])

    def test_annotations_hold_no_words_of_the_text(self):
        self.pick()
        self.done("pack", "data", "texts", "gold", "out.jsonl")
        packed = (self.at / "out.jsonl").read_text("utf-8")
        for word in ("Runö", "Liis", "council", "small", "Mayor", "Friday", "ferry"):
            self.assertNotIn(word, packed)
        self.assertIn("load", packed)  # the annotator's word

    def test_third_document_is_held(self):
        self.write_data("\n\n".join(f"{OTHER} {at}" for at in range(7)))
        self.done("pick", "data", "islands", "texts", 4, "--words", "5-100")
        self.done("pick", "data", "islands", "texts", 9, "--words", "5-100")
        index = (self.at / "texts/index.tsv").read_text("utf-8").splitlines()[1:]
        self.assertEqual([line.split("\t")[2] for line in index],
                         ["dev", "dev", "held", "dev", "dev", "held", "dev"])
        self.assertEqual(len({path.read_text("utf-8") for path in (self.at / "texts").glob("*.txt")}), 7)

    def test_another_text_is_refused(self):
        self.pick()
        self.done("pack", "data", "texts", "gold", "out.jsonl")
        self.write_data(f"{OTHER}\n\n{FERRY.replace('small', 'large')}\n")
        self.assertIn("out.jsonl:1", self.refused("unpack", "data", "back", "out.jsonl"))
        self.assertIn("not in data/islands", self.refused("pack", "data", "texts", "gold", "out.jsonl"))

    def test_annotations_of_the_tree_are_sound(self):
        def sentences(value):
            values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            return [value] if isinstance(value, str) and len(value.split()) > 7 else sum(map(sentences, values), [])
        names = set()
        for path in sorted((TRAIN / "annotated").glob("*.jsonl")):
            for article in map(json.loads, path.read_text("utf-8").splitlines()):
                where, length = article["name"], article["at"][1] - article["at"][0]
                self.assertNotIn(where, names)
                names.add(where)
                self.assertIn(article["split"], ("dev", "held"), where)
                self.assertEqual(len(bytes.fromhex(article["blake2b"])), 16, where)
                self.assertEqual(sentences(article["records"]), [], f"{where} holds words of a text")
                for record in article["records"]:
                    start, end = record["evidence"]
                    self.assertTrue(0 <= start < end <= length, f"{where} {record}")
                    self.assertLessEqual(record["roles"].keys(), set(notes.ROLES[record["kind"]]), f"{where} {record}")
                    self.assertIn(record["modality"], notes.MODALITIES, where)
        self.assertGreater(len(names), 300)

    def test_errors_name_the_place(self):
        name = self.pick()
        evidence = "@ The ferry carries\n"
        for wrong, word in (
                ("stat :: value: 90 {90 car}; subject: ferry", "90"),
                ("stat :: value: 40 {many car}; subject: ferry", "many"),
                ("stat :: value: 40; subject: ferry", "no number"),
                ("stat :: value: 40 {40 car}; subject: ferry; period: 2019 {May}", "no date"),
                ("fact :: value: 40 {40 car}", "fact"),
                ("stat maybe :: value: 40 {40 car}", "maybe"),
                ("stat :: colour: 40", "colour"),
                ("pos :: person: Liis Tamm; title: Mayor; status: reigning", "status"),
                ("say :: speaker: Liis Tamm; content: carries ... boats", "boats"),
                ("loc entity: ferry", "::")):
            (self.at / f"gold/{name}.notes").write_text(evidence + wrong, "utf-8")
            error = self.refused("check", "texts", "gold")
            self.assertIn(f"{name}.notes:2", error)
            self.assertIn(word, error)
        (self.at / f"gold/{name}.notes").write_text("! published 2019-05\n", "utf-8")
        self.assertIn("2019-05 is no date", self.refused("check", "texts", "gold"))
        (self.at / f"gold/{name}.notes").write_text("@ The ferry\nloc :: entity: ferry; place: Runö", "utf-8")
        self.assertIn("2 times", self.refused("check", "texts", "gold"))


if __name__ == "__main__":
    unittest.main()
