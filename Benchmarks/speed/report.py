"""The measured figures as a table inside docs/performance.md and as a chart beside it."""

from html import escape

BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


def times(job, side):
    """How many times better ours is than a peer."""
    ours, other = job["sides"][0]["median"], side["median"]
    return ours / other if job["more_is_better"] else other / ours


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(stored):
    lines = ["| job | who | median | spread | memory | unlearn is better by |", "|---|---|--:|--:|--:|--:|"]
    for title, job in stored["jobs"].items():
        for index, side in enumerate(job["sides"]):
            spread = f"{number(min(side['values']))} … {number(max(side['values']))}"
            memory = f"{side['memory_mib']:,.0f} MiB" if side["memory_mib"] else ""
            better = f"**{times(job, side):.1f} ×**" if index else ""
            lines.append(
                f"| {title if index == 0 else ''} | {side['name']} | {number(side['median'])} {job['unit']} | {spread} "
                f"| {memory} | {better} |")
    return "\n".join(lines)


def text(stored):
    machine = stored["machine"]
    rounds = min((len(side["values"]) for job in stored["jobs"].values() for side in job["sides"]), default=0)
    step = stored["jobs"].get("Training step (forward, backward, NGDiff)")
    dates = sorted({job["date"] for job in stored["jobs"].values()})
    parts = [f"Measured {' to '.join(dict.fromkeys((dates[0], dates[-1])))} on {machine['cores']} cores ({machine['processor']}); at least {rounds} rounds a figure, "
             "ours and the peer's in turn."]
    if ceiling := machine["doctor"].get("bfloat16 matrix product"):
        parts.append(f"The machine multiplies bfloat16 matrices at {ceiling} (LibTorch {machine['doctor']['LibTorch']}, "
                     f"{machine['doctor']['kernels']}).")
    if machine["peer"]:
        parts.append(f"Peer: {machine['peer']}; both sides compute in {machine['dtype']}.")
    if step and step["sides"][0].get("utilisation"):
        parts.append(
            f"The training step reaches {100 * step['sides'][0]['utilisation']:.0f} % of this machine's speed of bfloat16 "
            "matrix products, counting only the products it cannot do without.")
    drawing = "\n\n![How many times faster](performance.svg)\n" if chart(stored) else "\n"
    return " ".join(parts) + "\n\n" + table(stored) + drawing


def chart(stored):
    bars = [(title, side["name"], times(job, side)) for title, job in stored["jobs"].items() for side in job["sides"][1:]]
    if not bars:
        return None
    left, width, row, top = 330, 420, 24, 46
    longest = max(value for *_, value in bars)
    height = top + sum(row for _ in bars) + 18 * len({title for title, *_ in bars}) + 20
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 90} {height}" font-family="sans-serif" '
        'font-size="12" role="img">',
        "<title>How many times faster than Python</title>",
        '<style>text{fill:#333}.bar{fill:#2f6f9f}.line{stroke:#999}@media (prefers-color-scheme:dark){text{fill:#ddd}'
        ".bar{fill:#6aa9d6}.line{stroke:#777}}</style>",
        f'<text x="{left}" y="20" font-size="14">How many times faster than Python (the line: equal)</text>',
    ]
    y, shown = top, None
    for title, name, value in bars:
        if title != shown:
            shown = title
            out.append(f'<text x="10" y="{y + 10}" font-weight="bold">{escape(title)}</text>')
            y += 18
        length = width * value / longest
        out.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
        out.append(f'<rect class="bar" x="{left}" y="{y + 3}" width="{length:.1f}" height="{row - 8}"/>')
        out.append(f'<text x="{left + length + 6:.1f}" y="{y + 14}">{value:.1f} ×</text>')
        y += row
    unit = left + width / longest
    out.append(f'<line class="line" x1="{unit:.1f}" x2="{unit:.1f}" y1="{top - 8}" y2="{y}" stroke-dasharray="3 3"/>')
    return "\n".join(out + ["</svg>"]) + "\n"


def write(stored, docs):
    page = docs / "performance.md"
    content = page.read_text(encoding="utf-8")
    before, rest = content.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    page.write_text(f"{before}{BEGIN}\n{text(stored)}{END}{after}", encoding="utf-8")
    drawing = chart(stored)
    if drawing:
        (docs / "performance.svg").write_text(drawing, encoding="utf-8")
    else:
        (docs / "performance.svg").unlink(missing_ok=True)
    print(f"written: {page}")
