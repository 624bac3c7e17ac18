"""A small line chart as SVG that reads in light and dark."""

from html import escape

STYLE = ("<style>text{fill:#333}.rule{stroke:#bbb}.a{stroke:#2f6f9f;fill:#2f6f9f}.b{stroke:#c8742c;fill:#c8742c}"
         ".c{stroke:#888;fill:#888}path{fill:none!important}@media (prefers-color-scheme:dark){text{fill:#ddd}"
         ".rule{stroke:#555}.a{stroke:#6aa9d6;fill:#6aa9d6}.b{stroke:#e59a5b;fill:#e59a5b}.c{stroke:#999;fill:#999}}</style>")


def draw(title, lines, x_ticks, y_ticks, notes=()):
    """The chart. Numbers are in the scale that they are drawn in (a caller who wants logarithms takes them).

    lines: (name, [(x, y)]), at most three; x_ticks, y_ticks: (place, label); notes: (x, y, text) beside points.
    """
    width, height, left, right, top, bottom = 640, 340, 70, 100, 50, 50
    xs = [x for _, points in lines for x, _ in points] + [x for x, _ in x_ticks]
    ys = [y for _, points in lines for _, y in points] + [y for y, _ in y_ticks]
    place_x = lambda x: left + (x - min(xs)) / (max(xs) - min(xs) or 1) * (width - left - right)
    place_y = lambda y: height - bottom - (y - min(ys)) / (max(ys) - min(ys) or 1) * (height - bottom - top)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
           'font-size="12" role="img">', f"<title>{escape(title)}</title>", STYLE,
           f'<text x="{left}" y="20" font-size="14">{escape(title)}</text>']
    for y, label in y_ticks:
        out.append(f'<line class="rule" x1="{left}" x2="{width - right}" y1="{place_y(y):.1f}" y2="{place_y(y):.1f}"/>')
        out.append(f'<text x="{left - 8}" y="{place_y(y) + 4:.1f}" text-anchor="end">{escape(label)}</text>')
    for x, label in x_ticks:
        out.append(f'<text x="{place_x(x):.1f}" y="{height - bottom + 20}" text-anchor="middle">{escape(label)}</text>')
    for kind, (name, points) in zip("abc", lines):
        path = " ".join(f"{'L' if index else 'M'}{place_x(x):.1f} {place_y(y):.1f}" for index, (x, y) in enumerate(points))
        out.append(f'<path class="{kind}" d="{path}" stroke-width="1.5"/>')
        if len(points) <= 12:
            out += [f'<circle class="{kind}" cx="{place_x(x):.1f}" cy="{place_y(y):.1f}" r="3"/>' for x, y in points]
    if len(lines) > 1:
        for index, (kind, (name, _)) in enumerate(zip("abc", lines)):
            x = left + 190 * index
            out.append(f'<path class="{kind}" d="M{x} 38 h20" stroke-width="2"/>')
            out.append(f'<text x="{x + 26}" y="42">{escape(name)}</text>')
    out += [f'<text x="{place_x(x) + 6:.1f}" y="{place_y(y) + 14:.1f}">{escape(text)}</text>' for x, y, text in notes]
    return "\n".join(out + ["</svg>"]) + "\n"
