"""The jobs of `unlearn bench` as a user of transformers and PEFT writes them: what run.py measures ours beside.

Each command prints one JSON object as its last line: its speed, the seconds from process start to the first result, and the
peak of memory. Rows are JSON lines with input and output.

    python3 Benchmarks/speed/peer.py train-speed --model MODEL --data FOLDER --mode dynamic-sorted
"""

import argparse
import csv
import json
import os
import random
import resource
import statistics
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from transformers import AutoModelForCausalLM, AutoTokenizer

LETTERS = "ABCD"


def process_age():
    """Seconds since the process began, imports included; Linux alone."""
    started = int(Path("/proc/self/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")


def finish(**figures):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**figures, "peak_rss_mib": peak // (1 << 20 if sys.platform == "darwin" else 1 << 10)}))


def load(options):
    dtype = {"bf16": torch.bfloat16, "fp32": torch.float32}[options.dtype]
    return AutoTokenizer.from_pretrained(options.model), AutoModelForCausalLM.from_pretrained(options.model, dtype=dtype)


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def padded(batch, fill, length=None):
    length = length or max(map(len, batch))
    return torch.tensor([row + [fill] * (length - len(row)) for row in batch])


def inputs(batch, pad, length=None):
    """ids, mask and labels of samples (ids, number of prompt tokens), padded at the right."""
    ids = padded([ids for ids, _ in batch], pad, length)
    mask = padded([[1] * len(ids) for ids, _ in batch], 0, length)
    return ids, mask, padded([[-100] * count + ids[count:] for ids, count in batch], -100, length)


def samples(tokenizer, chosen, most=512):
    found = []
    for row in chosen:
        whole = tokenizer(row["input"] + row["output"]).input_ids[:most]
        found.append((whole, min(len(tokenizer(row["input"]).input_ids), len(whole))))
    return found


def batches(items, size):
    return [items[start:start + size] for start in range(0, len(items), size)]


def train(options):
    """Forward and backward under LoRA; the optimiser's step is taken, and not timed."""
    from peft import LoraConfig, get_peft_model

    tokenizer, base = load(options)
    model = get_peft_model(base, LoraConfig(
        r=options.rank, lora_alpha=2 * options.rank, task_type="CAUSAL_LM", target_modules="all-linear"))
    model.train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4)
    chosen = samples(tokenizer, rows(options.data / "rows.jsonl"))
    random.Random(0).shuffle(chosen)
    if options.mode == "dynamic-sorted":
        chosen.sort(key=lambda sample: len(sample[0]))
    work = batches(chosen, options.batch)[:options.limit_batches or None]
    seconds = 0.0
    for batch in work:
        ids, mask, labels = inputs(batch, tokenizer.pad_token_id, 512 if options.mode == "seed" else None)
        start = time.perf_counter()
        model(input_ids=ids, attention_mask=mask, labels=labels).loss.backward()
        seconds += time.perf_counter() - start
        optimizer.step()
        optimizer.zero_grad()
    # Of the first batches of padded rows a row's cost is that of every row.
    share = sum(map(len, work)) / len(chosen)
    finish(real_tok_per_s=sum(len(ids) for ids, _ in chosen) * share / seconds)


@torch.no_grad()
def generate(options):
    tokenizer, model = load(options)
    tokenizer.padding_side = "left"
    prompts = sorted((row["input"] for row in rows(options.data / "completions.jsonl")), key=len)
    seconds, tokens = 0.0, 0
    for batch in batches(prompts, options.batch):
        encoded = tokenizer(batch, return_tensors="pt", padding=True)
        start = time.perf_counter()
        out = model.generate(**encoded, do_sample=False, min_new_tokens=64, max_new_tokens=64)
        seconds += time.perf_counter() - start
        tokens += out[:, encoded.input_ids.shape[1]:].numel()
    finish(new_tok_per_s=tokens / seconds)


def question(row, answered):
    text = row["question"] + "".join(f"\n{letter}. {row[f'choice{i}']}" for i, letter in enumerate(LETTERS)) + "\nAnswer:"
    return text + (f" {LETTERS[int(row['answer'])]}\n\n" if answered else "")


@torch.no_grad()
def mmlu(options):
    """Five shots, the whole prompt for each question; logits at its last token alone."""
    tokenizer, model = load(options)
    letters = [tokenizer(f" {letter}", add_special_tokens=False).input_ids[-1] for letter in LETTERS]
    split = lambda name: list(csv.DictReader(open(
        options.mmlu / name / f"{options.subjects}_{name}.csv", encoding="utf-8", newline="")))
    head = f"The following are multiple choice questions (with answers) about  {options.subjects.replace('_', ' ')}.\n\n"
    head += "".join(question(row, True) for row in split("dev"))
    asked = [tokenizer(head + question(row, False), add_special_tokens=False).input_ids for row in split("test")[:options.n]]
    start = time.perf_counter()
    for batch in batches(asked, int(options.batches)):
        ids, mask = padded(batch, tokenizer.pad_token_id), padded([[1] * len(row) for row in batch], 0)
        hidden = model.model(input_ids=ids, attention_mask=mask).last_hidden_state
        last = hidden[torch.arange(len(batch)), torch.tensor([len(row) - 1 for row in batch])]
        model.lm_head(last)[:, letters].float().argmax(-1).tolist()
    finish(questions_per_s=len(asked) / (time.perf_counter() - start))


@torch.no_grad()
def score(options):
    """Mean NLL of each row: padded batches, full logits."""
    tokenizer, model = load(options)
    chosen = samples(tokenizer, rows(options.data), most=None)
    if options.sorted:
        chosen.sort(key=lambda sample: len(sample[0]))
    work = batches(chosen, options.batch)

    def losses(batch):
        ids, mask, labels = inputs(batch, tokenizer.pad_token_id)
        logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1].float()
        found = F.cross_entropy(logits.transpose(1, 2), labels[:, 1:], reduction="none", ignore_index=-100)
        return (found.sum(1) / (labels[:, 1:] != -100).sum(1)).tolist()

    losses(work[0])
    figures = {"startup_to_first_result_s": process_age()} if sys.platform == "linux" else {}
    seconds = []
    for _ in range(options.repeat):
        start = time.perf_counter()
        for batch in work:
            losses(batch)
        seconds.append(time.perf_counter() - start)
    if seconds:
        figures["real_tok_per_s"] = sum(len(ids) for ids, _ in chosen) / statistics.median(seconds)
    finish(**figures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)

    def command(name, function, data):
        found = commands.add_parser(name, description=function.__doc__)
        found.set_defaults(function=function)
        found.add_argument("--model", required=True)
        found.add_argument("--threads", type=int, default=torch.get_num_threads())
        found.add_argument("--dtype", choices=["bf16", "fp32"], default="bf16")
        if data:
            found.add_argument("--data", required=True, type=Path, help=data)
        return found

    found = command("train-speed", train, "folder of rows.jsonl")
    found.add_argument("--mode", choices=["seed", "dynamic", "dynamic-sorted"], required=True,
                       help="padded to 512, to the longest of a batch, the same with rows sorted by length")
    found.add_argument("--batch", type=int, default=8)
    found.add_argument("--rank", type=int, default=18)
    found.add_argument("--limit-batches", type=int, default=0)
    found = command("gen-speed", generate, "folder of completions.jsonl")
    found.add_argument("--batch", type=int, default=1)
    found = command("mmlu-speed", mmlu, None)
    found.add_argument("--mmlu", required=True, type=Path)
    found.add_argument("--subjects", required=True, help="one of them")
    found.add_argument("--batches", default="1", help="questions at a time")
    found.add_argument("--n", type=int, default=40)
    found.add_argument("--last-only", action="store_true", help="what is done anyway")
    found = command("score-speed", score, "JSON lines")
    found.add_argument("--batch", type=int, default=8)
    found.add_argument("--repeat", type=int, default=5)
    found.add_argument("--sorted", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.function(options)


if __name__ == "__main__":
    main()
