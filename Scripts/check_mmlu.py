"""Checks MMLU predictions that `unlearn evaluate` stored against a plain loop over transformers, question by question.

    unlearn evaluate --model MODEL --data DIR --mmlu MMLU --dtype float32 --output evaluation
    python3 Scripts/check_mmlu.py --model MODEL --mmlu MMLU --results evaluation/mmlu.json --subjects anatomy,virology

The loop runs every prompt whole: header, examples, question, with no cache. Exit status: 0 all equal, 1 a difference, 2
input that cannot be compared.
"""

import argparse
import csv
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: E402

LETTERS = "ABCD"


def questions(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def body(row):
    return row["question"] + "".join(f"\n{letter}. {row[f'choice{i}']}" for i, letter in enumerate(LETTERS)) + "\nAnswer:"


def prompt(tokenizer, subject, examples, row, shots):
    """Ids of the prompt with as many examples as fit into 2048 tokens."""
    header = f"The following are multiple choice questions (with answers) about  {subject.replace('_', ' ')}.\n\n"
    for count in range(shots, -1, -1):
        solved = "".join(f"{body(one)} {LETTERS[int(one['answer'])]}\n\n" for one in examples[:count])
        ids = tokenizer(header + solved + body(row)).input_ids
        if len(ids) <= 2048 or count == 0:
            return ids


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--mmlu", required=True, type=Path)
    parser.add_argument("--results", required=True, type=Path)
    parser.add_argument("--subjects", help="separated by commas; all that the results hold by default")
    parser.add_argument("--questions", type=int, default=10**6, help="of each subject, at most")
    options = parser.parse_args()
    results = json.loads(options.results.read_text(encoding="utf-8"))
    stored = results["predictions"]
    subjects = options.subjects.split(",") if options.subjects else [name for name in stored if stored[name]]
    unknown = [name for name in subjects if not stored.get(name)]
    if unknown:
        print(f"check_mmlu: {options.results} holds no prediction for {unknown[0]}", file=sys.stderr)
        return 2
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    letters = [tokenizer(f" {letter}").input_ids[-1] for letter in LETTERS]
    compared = equal = 0
    start = time.perf_counter()
    for subject in subjects:
        examples = questions(options.mmlu / "dev" / f"{subject}_dev.csv")
        rows = questions(options.mmlu / "test" / f"{subject}_test.csv")
        for index, prediction in stored[subject][: options.questions]:
            ids = torch.tensor([prompt(tokenizer, subject, examples, rows[index], results["shots"])])
            with torch.no_grad():
                logits = model(input_ids=ids, logits_to_keep=1).logits[0, -1, letters]
            compared += 1
            equal += int(logits.argmax()) == prediction
            if int(logits.argmax()) != prediction:
                print(f"{subject} {index}: {LETTERS[prediction]} stored, {LETTERS[int(logits.argmax())]} by transformers")
    seconds = time.perf_counter() - start
    print(f"{equal} of {compared} predictions equal; transformers: {compared / seconds:.2f} questions/s")
    return 0 if equal == compared else 1


if __name__ == "__main__":
    sys.exit(main())
