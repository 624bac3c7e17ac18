"""The table of the TOFU benchmark, in docs/results-tofu.md."""

import tables

SETS = ("forget", "retain", "real_authors", "world_facts")


SCORES = ("model utility", "forget quality")
TERMS = {
    f"{group.replace('_', ' ')} {name}": (group, metric)
    for group in SETS
    for name, metric in (("prob.", "probability"), ("ROUGE", "rouge_l_recall"), ("truth ratio", "truth_ratio"))
}


def figures(evaluation):
    """The figures of one model, by name: those of the whole, and the terms of each set; None for what it has not."""
    def value(source, metric):
        return source["metrics"].get(metric, {}).get("value")

    found = {name: value(evaluation, name.replace(" ", "_")) for name in SCORES}
    return found | {name: value(evaluation["sets"][group], metric) for name, (group, metric) in TERMS.items()}


def quality(row):
    """P-values are not averaged: the lowest and the highest over seeds."""
    figure = row.figures.get("forget quality")
    return " … ".join(dict.fromkeys(f"{value:.2g}" for value in (figure.lowest, figure.highest))) if figure else "–"


def write(rows, options, key, path):
    table = [f"| model | model utility | forget quality {tables.COST}", f"|---|--:|--:|{tables.COST_RULE}"]
    table += [f"| {row.name} | {row.text('model utility')} | {quality(row)} {row.cost}" for row in rows]
    scores = ["| model | " + " | ".join(TERMS) + " |", "|---|" + "--:|" * len(TERMS)]
    scores += [f"| {row.name} | " + " | ".join(row.text(term, 2) for term in TERMS) + " |" for row in rows]
    size = "fifty authors, five of them to forget" if options.mini else "200 authors, twenty of them to forget"
    text = "\n".join([
        "# Results on TOFU, forget10", "",
        f"`{options.command}`, data and settings `{key}`; what each row was made with, and when, is in",
        f"[{path.stem}.json]({path.stem}.json):",
        f"SmolLM2-135M-Instruct memorised the fictitious authors ({size}) and was made to forget with",
        f"{options.steps} steps a method, each of eight and eight rows. ± is the standard deviation over seeds.",
        "", "Model utility is the harmonic mean of the nine terms of retain, real authors and world facts. Forget quality is",
        "the p-value of a Kolmogorov–Smirnov test of the truth ratios against those of the retrained oracle, a model that",
        "never saw the forget set: above .05, the two cannot be told apart. Labels are answers; the configurations are",
        "[Benchmarks/methods](../Benchmarks/methods), those of the [other benchmark](results.md), not tuned on these rows.",
        "", *table, "", "## The terms", "",
        "Mean probability of the answer, ROUGE-L recall of the greedy one, and the truth ratio (forget set: the nearer to 1",
        "the better; the others: one minus it).", "", *scores, "",
    ])
    path.write_text(text, encoding="utf-8")
    print(f"written: {path}")
