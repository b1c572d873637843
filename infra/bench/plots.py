"""Draws how costs and times grow: one page of plots (SVG) for each thing that grows.

    python3 infra/bench/plots.py target/bench.json docs/performance

Reads the rows that `tests/benches/growth` has measured. Each line is an operation; 1 is what it costs, or takes,
at the smallest size, so what does not grow is flat.
"""

import json
import math
import pathlib
import re
import sys
from html import escape

NAME = re.compile(r"growth, (cost|time) of (.+), (\d+) (.+)")
TITLES = {"cost": "read and write units, in dollars", "time": "time, embedded table"}

WIDTH, HEIGHT, LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 900, 340, 60, 60, 360, 200
COLORS = ["#2563eb", "#d97706", "#059669", "#be185d"]
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2937 } .axis { stroke: #9ca3af; stroke-width: 1 }
.grid { stroke: #e5e7eb; stroke-width: 1 } .line { fill: none; stroke-width: 2 } .title { font-weight: 600 }
@media (prefers-color-scheme: dark) { svg { background: #111827 } text { fill: #e5e7eb } .grid { stroke: #374151 } }
"""


def curves(rows):
    """{what grows: {"cost" | "time": {operation: [(size, ratio)]}}}"""
    found = {}
    for row in rows:
        match = NAME.fullmatch(row["name"])
        if match:
            kind, operation, size, grows = match.groups()
            points = found.setdefault(grows, {}).setdefault(kind, {}).setdefault(operation, [])
            points.append((int(size), row["ratio"]))
    return found


def decades(values):
    """The powers of ten around all values, at least one decade."""
    low = math.floor(math.log10(min(values)) + 1e-9)
    return low, max(math.ceil(math.log10(max(values)) - 1e-9), low + 1)


def plot(title, operations, left):
    points = [point for line in operations.values() for point in line]
    x_low, x_high = decades([size for size, _ in points])
    y_low, y_high = decades([ratio for _, ratio in points] + [1])

    def place(size, ratio):
        x = left + PLOT_WIDTH * (math.log10(size) - x_low) / (x_high - x_low)
        y = TOP + PLOT_HEIGHT * (1 - (math.log10(ratio) - y_low) / (y_high - y_low))
        return f"{x:.1f}", f"{y:.1f}"

    parts = [f'<text class="title" x="{left}" y="{TOP - 16}">{escape(title)}</text>']
    for power in range(x_low, x_high + 1):
        x, bottom = place(10**power, 10.0**y_low)
        parts.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP}" y2="{bottom}"/>')
        parts.append(f'<text x="{x}" y="{TOP + PLOT_HEIGHT + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(y_low, y_high + 1):
        x, y = place(10**x_low, 10.0**power)
        parts.append(f'<line class="grid" x1="{x}" x2="{left + PLOT_WIDTH}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{left - 8}" y="{float(y) + 4}" text-anchor="end">{10.0**power:g}</text>')
    for color, (operation, line) in zip(COLORS, operations.items()):
        places = [place(size, max(ratio, 10.0**y_low)) for size, ratio in sorted(line)]
        path = " ".join(",".join(point) for point in places)
        parts.append(f'<polyline class="line" stroke="{color}" points="{path}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{color}"/>' for x, y in places]
    return parts


def page(grows, kinds):
    description = f"How costs and times grow with the {grows}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(description)}</title><style>{STYLE}</style>",
        f'<text class="title" x="{LEFT}" y="20">{escape(grows.capitalize())}: 1 is the smallest size</text>',
    ]
    for number, (kind, operations) in enumerate(sorted(kinds.items())):
        parts += plot(TITLES[kind], operations, LEFT + number * (PLOT_WIDTH + 80))
    names = list(kinds.get("cost", {}))
    for number, (color, name) in enumerate(zip(COLORS, names)):
        x = LEFT + number * 210
        parts.append(f'<rect x="{x}" y="{HEIGHT - 34}" width="14" height="14" fill="{color}"/>')
        parts.append(f'<text x="{x + 20}" y="{HEIGHT - 22}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main(results, folder):
    rows = json.loads(pathlib.Path(results).read_text())
    for grows, kinds in curves(rows).items():
        path = pathlib.Path(folder) / f"{grows.replace(' ', '-')}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(grows, kinds))
        print(f"drew {path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
