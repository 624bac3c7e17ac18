"""The rows of the benchmark: which documents are memorised, unlearned, attacked, and never seen."""

import hashlib
import json
import re
import sys


def document(identity):
    return re.sub(r"(sc|qa)\d$", "", identity)


def read(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def write(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def validation(attack):
    """The documents of the challenge's validation, beside those of its train rows."""
    return attack.with_name("mia-validation")


class Rows:
    """The rows of one benchmark as JSON lines: the sets, the documents of the membership attack, and documents that no
    model here has seen. Nonmembers of the validation stand for the unseen; they are left out of the attack."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        # Validation has fewer documents than train.
        self.modulus = (3 if options.validation else 4) if options.mini else 1
        self.split = "validation" if options.validation else "train"
        self.splits = ["validation"] if options.validation else ["train", "validation"]

    def file(self, side, split=None):
        return self.folder / f"{side}_{split or self.split}.jsonl"

    def files(self, *sides):
        """All rows of these sides, of every split that is memorised."""
        return [self.file(side, split) for split in self.splits for side in sides]

    def is_chosen(self, identity):
        return int(hashlib.sha256(document(identity).encode()).hexdigest(), 16) % self.modulus == 0

    def prepare(self):
        if (self.folder / "done").exists():
            return
        try:
            import pandas
        except ImportError:
            sys.exit("bench-quality: Parquet is read with pandas and pyarrow: pip install pandas pyarrow")
        attack = self.folder / "mia"
        attack.mkdir(parents=True, exist_ok=True)
        for path in self.files("forget", "retain"):
            rows = pandas.read_parquet(self.options.data / f"{path.stem}-00000-of-00001.parquet").to_dict("records")
            keys = ("id", "input", "output", "task")
            write(path, [{key: row[key] for key in keys} for row in rows if self.is_chosen(row["id"])])
        beside = validation(self.options.mia)
        source = beside if self.options.validation else self.options.mia
        members = [row for row in read(source / "member.jsonl") if self.is_chosen(row["id"].strip('"'))]
        unseen = read(beside / "nonmember.jsonl")
        if self.options.validation:
            count = min(len(members), len(unseen) // 2)
            unseen = self.in_hash_order(unseen)
            unseen, others = unseen[:-count], unseen[-count:]
        else:
            known = {row["id"] for row in unseen}
            others = self.in_hash_order(row for row in read(source / "nonmember.jsonl") if row["id"] not in known)
            others = others[: len(members)]
        for path, rows in (
            (attack / "member.jsonl", members), (attack / "nonmember.jsonl", others), (self.folder / "unseen.jsonl", unseen)
        ):
            write(path, rows)
        (self.folder / "done").touch()

    @staticmethod
    def in_hash_order(rows):
        return sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).hexdigest())
