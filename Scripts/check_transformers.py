"""Checks that transformers and peft read what `unlearn` wrote, and generate the same tokens.

    unlearn generate --model MODEL --data prompts.jsonl --max-new-tokens 32 --dtype float32 --output ours.jsonl
    python3 Scripts/check_transformers.py --model MODEL --prompts prompts.jsonl --generations ours.jsonl

With --adapter both sides put the same PEFT adapter on the model. Prompts are rows {id, input}, generations rows
{id, generation, ids}. Exit status: 0 all equal, 1 a difference, 2 input that cannot be compared.
"""

import argparse
import json
import os
import sys
from pathlib import Path

# What is checked lies on disk; a missing file should be an error, not a download.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch  # noqa: E402
import transformers  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: E402


def read_rows(path, keys):
    """The rows of a JSONL file by id, in their order."""
    rows = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            sys.exit(fail(f"{path}:{number}: not JSON: {error.msg}"))
        missing = [key for key in keys if key not in row]
        if missing:
            sys.exit(fail(f"{path}:{number}: no field {missing[0]!r}; expected {', '.join(keys)}"))
        if row["id"] in rows:
            sys.exit(fail(f"{path}:{number}: id {row['id']!r} occurs twice"))
        rows[row["id"]] = row
    return rows


def fail(message):
    print(f"check_transformers: {message}", file=sys.stderr)
    return 2


def load(options):
    """The model in float32, and a summary of what was read."""
    model, info = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32, output_loading_info=True)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if info.get(kind):
            sys.exit(fail(f"{options.model}: {kind.replace('_', ' ')}: {sorted(map(str, info[kind]))[:5]}"))
    if options.adapter:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, options.adapter)
        lora = [parameter for name, parameter in model.named_parameters() if "lora_B" in name]
        print(f"adapter: {len(lora)} pairs, {sum(bool(parameter.any()) for parameter in lora)} with a non-zero B")
    return model.eval()


@torch.inference_mode()
def generate(model, ids, count):
    output = model.generate(
        input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), do_sample=False,
        num_beams=1, max_new_tokens=count, temperature=None, top_p=None, top_k=None, repetition_penalty=1.0,
        pad_token_id=ids[0])
    return output[0, len(ids):].tolist()


def without_end(ids, ends):
    """An end token closes a generation; whether it is listed is a matter of form."""
    return ids[:-1] if ids and ids[-1] in ends else ids


def end_tokens(model):
    end = model.generation_config.eos_token_id
    return set(end) if isinstance(end, list) else {end}


def texts(tokenizer, ids):
    """The decoded text as it stands, and with the clean-up of spaces that older versions do by default."""
    text = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return {text, tokenizer.clean_up_tokenization(text)}


@torch.inference_mode()
def lead(model, ids):
    """How far the best next token lies before the second best: small leads explain a difference."""
    top = model(input_ids=torch.tensor([ids])).logits[0, -1].float().topk(2).values
    return (top[0] - top[1]).item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="checkpoint folder written by the program")
    parser.add_argument("--adapter", type=Path, help="PEFT adapter folder")
    parser.add_argument("--prompts", type=Path, required=True)
    parser.add_argument("--generations", type=Path, required=True)
    parser.add_argument("--max-new-tokens", type=int, help="default: the longest generation in the file")
    options = parser.parse_args()
    for path in filter(None, (options.model, options.adapter, options.prompts, options.generations)):
        if not path.exists():
            return fail(f"{path}: no such file or folder")

    transformers.utils.logging.disable_progress_bar()
    prompts = read_rows(options.prompts, ["id", "input"])
    ours = read_rows(options.generations, ["id", "generation", "ids"])
    if not prompts:
        return fail(f"{options.prompts}: no rows")
    if list(prompts) != list(ours):
        lacking = [key for key in prompts if key not in ours]
        return fail(f"the two files differ in ids or their order; without generation: {lacking[:5]}")
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = load(options)
    ends = end_tokens(model)
    count = options.max_new_tokens or max(len(row["ids"]) for row in ours.values()) or 1

    different = 0
    print(f"{'id':<24} {'prompt':>6} {'tokens':>6}  result")
    for key, row in prompts.items():
        ids = tokenizer(row["input"])["input_ids"]
        if not ids:
            return fail(f"{options.prompts}: row {key!r} has no tokens to start from")
        theirs = without_end(generate(model, ids, count), ends)
        found = without_end(ours[key]["ids"], ends)
        verdict = "equal"
        if found != theirs:
            different += 1
            at = next((i for i, (a, b) in enumerate(zip(found, theirs)) if a != b), min(len(found), len(theirs)))
            values = [part[at] if at < len(part) else "end" for part in (found, theirs)]
            verdict = f"differs at token {at}: ours {values[0]}, transformers {values[1]}"
            verdict += f" (lead there {lead(model, ids + theirs[:at]):.2g})"
        elif ours[key]["generation"] not in texts(tokenizer, theirs):
            different += 1
            verdict = "same ids, different text"
        print(f"{str(key)[:24]:<24} {len(ids):>6} {len(found):>6}  {verdict}")
    print(f"{len(prompts) - different} of {len(prompts)} equal (transformers {transformers.__version__})")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
