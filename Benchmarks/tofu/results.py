"""The table of the TOFU benchmark, in docs/results-tofu.md."""

import time

import tables

SETS = ("forget", "retain", "real_authors", "world_facts")


class Line(tables.Line):
    def metric(self, name, group=None):
        """A metric of the whole, or of one set."""
        source = self.evaluation["sets"][group] if group else self.evaluation
        return source["metrics"].get(name, {}).get("value")

    @property
    def summary(self):
        pairs = ((name, self.metric(name)) for name in ("model_utility", "forget_quality"))
        return ", ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in pairs if value is not None)


def quality(members):
    """P-values are not averaged: the lowest and the highest over seeds."""
    values = sorted(value for value in (line.metric("forget_quality") for line in members) if value is not None)
    if not values:
        return "–"
    ends = dict.fromkeys(f"{value:.2g}" for value in (values[0], values[-1]))
    return " … ".join(ends)


def write(lines, options, version, key, path):
    rows = [f"| model | model utility | forget quality {tables.COST}", f"|---|--:|--:|{tables.COST_RULE}"]
    for name, members in tables.groups(lines):
        utility = tables.mean([line.metric("model_utility") for line in members])
        rows.append(f"| {name} | {utility} | {quality(members)} {tables.cost(members)}")
    heads = [f"{group.replace('_', ' ')} {name}" for group in SETS for name in ("prob.", "ROUGE", "truth ratio")]
    scores = ["| model | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads)]
    for name, members in tables.groups(lines):
        values = [
            tables.mean([line.metric(metric, group) for line in members], 2)
            for group in SETS for metric in ("probability", "rouge_l_recall", "truth_ratio")
        ]
        scores.append(f"| {name} | " + " | ".join(values) + " |")
    size = "fifty authors, five of them to forget" if options.mini else "200 authors, twenty of them to forget"
    text = "\n".join([
        "# Results on TOFU, forget10", "",
        f"`{options.command}`, {time.strftime('%Y-%m-%d')}, "
        f"unlearn {version}, data and settings `{key}`:",
        f"SmolLM2-135M-Instruct memorised the fictitious authors ({size}) and was made to forget with",
        f"{options.steps} steps a method, each of eight and eight rows. ± is the standard deviation over seeds.",
        "", "Model utility is the harmonic mean of the nine terms of retain, real authors and world facts. Forget quality is",
        "the p-value of a Kolmogorov–Smirnov test of the truth ratios against those of the retrained oracle, a model that",
        "never saw the forget set: above .05, the two cannot be told apart. Labels are answers; the configurations are",
        "[Benchmarks/methods](../Benchmarks/methods), those of the [other benchmark](results.md), not tuned on these rows.",
        "", *rows, "", "## The terms", "",
        "Mean probability of the answer, ROUGE-L recall of the greedy one, and the truth ratio (forget set: the nearer to 1",
        "the better; the others: one minus it).", "", *scores, "",
    ])
    path.write_text(text, encoding="utf-8")
    print(f"written: {path}")
