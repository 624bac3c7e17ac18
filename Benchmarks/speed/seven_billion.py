"""One NGDiff step under LoRA on a random checkpoint of OLMo-7B's size: seconds, utilisation, peak memory.

    python3 Benchmarks/speed/seven_billion.py --tokenizer olmo.json --data forget.jsonl

Needs 16 GiB of disk and 20 GiB of memory; the checkpoint is deleted afterwards. The weights are random, so the losses mean
nothing; sizes, dtypes and work are those of OLMo-7B-0724-Instruct-hf.
"""

import argparse
import json
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HIDDEN, LAYERS, HEADS, WIDE, VOCABULARY = 4096, 32, 32, 11008, 50304
CONFIG = dict(
    architectures=["OlmoForCausalLM"], model_type="olmo", hidden_size=HIDDEN, num_hidden_layers=LAYERS,
    num_attention_heads=HEADS, num_key_value_heads=HEADS, intermediate_size=WIDE, vocab_size=VOCABULARY,
    max_position_embeddings=4096, clip_qkv=8.0, rope_theta=10000.0, tie_word_embeddings=False, hidden_act="silu",
    attention_bias=False, eos_token_id=50279, pad_token_id=1, torch_dtype="bfloat16")


def tensors():
    """(shard, [(name, shape)]): one shard a layer, and one for both ends."""
    yield "ends", [("model.embed_tokens.weight", (VOCABULARY, HIDDEN)), ("lm_head.weight", (VOCABULARY, HIDDEN))]
    for layer in range(LAYERS):
        path = f"model.layers.{layer}"
        yield str(layer), [
            *((f"{path}.self_attn.{name}_proj.weight", (HIDDEN, HIDDEN)) for name in "qkvo"),
            *((f"{path}.mlp.{name}_proj.weight", (WIDE, HIDDEN)) for name in ("gate", "up")),
            (f"{path}.mlp.down_proj.weight", (HIDDEN, WIDE))]


def write(folder):
    """bfloat16 numbers of about ±0.02: a random sign and mantissa under a fixed exponent."""
    import numpy

    random = numpy.random.default_rng(0)
    index, total = {}, 0
    for shard, entries in tensors():
        name = f"model-{shard}.safetensors"
        header, offset = {}, 0
        for tensor, shape in entries:
            size = 2 * shape[0] * shape[1]
            header[tensor] = dict(dtype="BF16", shape=list(shape), data_offsets=[offset, offset + size])
            offset += size
            index[tensor] = name
        encoded = json.dumps(header).encode()
        encoded += b" " * (-len(encoded) % 8)
        with open(folder / name, "wb") as file:
            file.write(struct.pack("<Q", len(encoded)) + encoded)
            for _, shape in entries:
                bits = random.integers(0, 1 << 16, size=shape[0] * shape[1], dtype=numpy.uint16)
                file.write(((bits & 0x807F) | (120 << 7)).tobytes())
        total += offset
    (folder / "model.safetensors.index.json").write_text(json.dumps(dict(metadata=dict(total_size=total), weight_map=index)))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokenizer", default=ROOT.parent / "shared/data/tokenizers/olmo.json", type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--rows", default=4, type=int, help="half of them are forgotten, half kept")
    parser.add_argument("--repeat", default=1, type=int)
    parser.add_argument("--folder", type=Path, help="where the checkpoint is written; a temporary folder by default")
    options = parser.parse_args()
    free = shutil.disk_usage(options.folder or tempfile.gettempdir()).free
    if free < 16 * 2**30:
        print(f"seven_billion: skipped: 16 GiB of disk wanted, {free / 2**30:.0f} free")
        return 0
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    try:
        total = write(folder)
        shutil.copy(options.tokenizer, folder / "tokenizer.json")
        print(f"checkpoint: {total / 1e9:.1f} GB", flush=True)
        done = subprocess.run(
            [ROOT / ".build/release/unlearn", "bench", "step", "--model", folder, "--data", options.data, "--rows",
             str(options.rows), "--batch-size", str(max(1, options.rows // 2)), "--repeat", str(options.repeat),
             "--dtype", "bfloat16", "--activation-checkpointing", "--format", "json"], check=False)
        return done.returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
