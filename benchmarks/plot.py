"""The plot: CPU of each scene as a multiple of the floor's, beside its goal."""

from html import escape

from benchmarks.results import Line, Results

WIDTH, LEFT, ROW, TOP = 760, 250, 26, 64
BAR, MISSED, MARK, TEXT = "#0b6e99", "#b3492d", "#333333", "#1f2a33"
STYLE = f"font-family:system-ui,sans-serif;font-size:13px;fill:{TEXT}"


def drawn(results: Results) -> str:
    lines = list(results.lines())
    most = max([line.by_cpu for line in lines] + [line.scene.goal for line in lines]) * 1.1
    bars = [bar(line, TOP + ROW * place, most) for place, line in enumerate(lines)]
    height = TOP + ROW * len(lines) + 16
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>CPU of each scene as a multiple of the floor's, with its goal</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<g style="{STYLE}">',
            f'<text x="12" y="24" font-weight="600">{"CPU of a request, times the floor"}</text>',
            f'<text x="12" y="44">{"Bar: measured. Upright line: goal."}</text>',
            *bars,
            "</g></svg>\n",
        ]
    )


def bar(line: Line, y: int, most: float) -> str:
    scale = (WIDTH - LEFT - 60) / most
    label = escape(f"{line.scene.label}, {line.size // 1000}k")
    width, goal = line.by_cpu * scale, LEFT + line.scene.goal * scale
    return (
        f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{label}</text>'
        f'<rect x="{LEFT}" y="{y + 3}" width="{width:.1f}" height="{ROW - 10}" rx="2" '
        f'fill="{BAR if line.by_cpu <= line.scene.goal else MISSED}"/>'
        f'<line x1="{goal:.1f}" x2="{goal:.1f}" y1="{y}" y2="{y + ROW - 4}" stroke="{MARK}" '
        f'stroke-width="2"/><text x="{LEFT + width + 6:.1f}" y="{y + 15}">{line.by_cpu:.2f}</text>'
    )
