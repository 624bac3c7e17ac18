"""Mean NLL of each row of a JSON-lines file the way a transformers user computes it: padded batches, full logits.

Prints one JSON object: real tokens a second (median of --repeat rounds after one to warm up), seconds from process start
to the first result, peak memory.
"""

import argparse
import json
import os
import resource
import statistics
import time

import torch
import torch.nn.functional as F
from transformers import AutoModelForCausalLM, AutoTokenizer


def process_age():
    ticks = int(open("/proc/self/stat", encoding="ascii").read().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


@torch.no_grad()
def score(model, batch, pad):
    length = max(len(ids) for ids, _ in batch)
    ids = torch.tensor([row + [pad] * (length - len(row)) for row, _ in batch])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row, _ in batch])
    labels = torch.tensor([[-100] * count + row[count:] + [-100] * (length - len(row)) for row, count in batch])
    logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1].float()
    losses = F.cross_entropy(logits.transpose(1, 2), labels[:, 1:], reduction="none", ignore_index=-100)
    return (losses.sum(1) / (labels[:, 1:] != -100).sum(1)).tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--rows", required=True)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--sorted", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=["bfloat16", "float32"], default="bfloat16")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=getattr(torch, options.dtype)).eval()
    rows = []
    for line in open(options.rows, encoding="utf-8"):
        row = json.loads(line)
        rows.append((tokenizer(row["input"] + row["output"]).input_ids, len(tokenizer(row["input"]).input_ids)))
    if options.sorted:
        rows.sort(key=lambda row: len(row[0]))
    batches = [rows[i : i + options.batch] for i in range(0, len(rows), options.batch)]
    score(model, batches[0], tokenizer.pad_token_id)
    first = process_age()
    seconds = []
    for _ in range(options.repeat):
        start = time.perf_counter()
        for batch in batches:
            score(model, batch, tokenizer.pad_token_id)
        seconds.append(time.perf_counter() - start)
    tokens = sum(len(ids) for ids, _ in rows)
    result = dict(real_tokens=tokens, startup_to_first_result_s=first, peak_rss_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    if seconds:
        result["real_tok_per_s"] = tokens / statistics.median(seconds)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
