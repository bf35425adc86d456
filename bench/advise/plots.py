"""The plots of the benchmark as SVG text, readable on light and on dark ground."""
import html
import math

_STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.small { font-size: 11px; fill: #57606a }
.title { font-size: 13px; font-weight: 600 }
.grid { stroke: #d0d7de; stroke-width: 1 }
.axis { stroke: #8c959f; stroke-width: 1; fill: none }
.same { stroke: #8c959f; stroke-width: 1; stroke-dasharray: 4 3 }
.right { fill: #2f7fd1; stroke: #2f7fd1 } .wrong { fill: #d9622b; stroke: #d9622b } .still { fill: #8c959f; stroke: #8c959f }
.dot { fill-opacity: .55; stroke-width: 1 } .bar { stroke-width: 1.5; stroke-opacity: .45; fill: none }
.line { fill: none; stroke-width: 2 } .s0 { stroke: #2f7fd1 } .s1 { stroke: #d9622b } .s2 { stroke: #1f9d74 } .s3 { stroke: #a86bd1 }
.hand { fill: none; stroke-width: 2 } .f0 { fill: #2f7fd1 } .f1 { fill: #d9622b } .f2 { fill: #1f9d74 } .f3 { fill: #a86bd1 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #30363d } .axis, .same { stroke: #6e7681 }
}
</style>"""

# Shares of a statement's time that the gain plot shows.
_LEAST, _MOST = 1e-5, 3


def _svg(width, height, parts):
    return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">\n%s\n%s\n</svg>\n' % (
        width, height, width, height, _STYLE, "\n".join(parts))


def _text(x, y, words, css="", anchor="start", more=""):
    return '<text x="%.1f" y="%.1f" text-anchor="%s"%s%s>%s</text>' % (x, y, anchor, css and ' class="%s"' % css, more and " " + more, html.escape(words))


def _line(x1, y1, x2, y2, css):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>' % (x1, y1, x2, y2, css)


def _percent(share):
    return ("%.10f" % (100 * share)).rstrip("0").rstrip(".") + " %"


class _LogAxis:
    """Maps a positive value to a position; what lies outside is drawn at the edge."""

    def __init__(self, low, high, start, end):
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value):
        value = min(max(value, self.low), self.high)
        return self.start + (self.end - self.start) * math.log(value / self.low) / math.log(self.high / self.low)

    def decades(self):
        return [10.0**e for e in range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9) + 1)]


def _gain_panel(name, points, left, top, side):
    x = _LogAxis(_LEAST, _MOST, left, left + side)
    y = _LogAxis(_LEAST, _MOST, top + side, top)
    parts = []
    for tick in x.decades():
        parts += [_line(x(tick), top, x(tick), top + side, "grid"), _line(left, y(tick), left + side, y(tick), "grid"),
                  _text(x(tick), top + side + 15, _percent(tick), "small", "middle"), _text(left - 6, y(tick) + 4, _percent(tick), "small", "end")]
    parts.append(_line(x(_LEAST), y(_LEAST), x(_MOST), y(_MOST), "same"))
    whole = sum(p["load"] for p in points)
    for point in sorted(points, key=lambda p: -p["load"]):
        css = "still" if not point["advised"] else "right" if point["covered"] else "wrong"
        remaining, measured = 1 - point["predicted"], 1 - point["measured"]
        if point["low"] is not None and point["advised"]:
            parts.append(_line(x(1 - point["high"]), y(measured), x(1 - point["low"]), y(measured), css + " bar"))
        told = "%s: %s of its time predicted to stay, %s stayed" % (point["name"], _percent(round(remaining, 5)), _percent(round(measured, 5)))
        parts.append('<circle cx="%.1f" cy="%.1f" r="%.1f" class="dot %s"><title>%s</title></circle>' % (
            x(remaining), y(measured), 2.5 + 12 * math.sqrt(point["load"] / whole), css, html.escape(told)))
    held = [p for p in points if p["advised"]]
    parts.append('<rect x="%.1f" y="%.1f" width="%d" height="%d" class="axis"/>' % (left, top, side, side))
    parts.append(_text(left, top - 9, name, "title"))
    if held:
        parts.append(_text(left + side, top - 9, "%d of %d predictions hold" % (sum(p["covered"] for p in held), len(held)), "small", "end"))
    parts.append(_text(left + side / 2, top + side + 32, "predicted share of its time that stays", "small", "middle"))
    parts.append(_text(0, 0, "measured share", "small", "middle", 'transform="translate(%.1f %.1f) rotate(-90)"' % (left - 52, top + side / 2)))
    return parts


def gains(workloads):
    """{name: points of run.gain_points()}: what stays of each statement's time, predicted against measured."""
    side, across = 300, min(2, len(workloads))
    parts = []
    for number, (name, points) in enumerate(workloads.items()):
        parts += _gain_panel(name, points, 75 + number % across * (side + 85), 40 + number // across * (side + 80), side)
    rows = (len(workloads) + across - 1) // across
    bottom = rows * (side + 80) + 20
    for position, (css, words) in enumerate((("right", "prediction holds"), ("wrong", "does not"), ("still", "no index advised"))):
        parts += ['<circle cx="%d" cy="%d" r="5" class="dot %s"/>' % (80 + position * 150, bottom - 4, css), _text(90 + position * 150, bottom, words, "small")]
    return _svg(75 + across * (side + 85) - 55, bottom + 12, parts)


def curve(workloads):
    """{name: (relative cost with the first k recommendations, judgement of the hand-made set)}"""
    width, height, left, top = 720, 340, 60, 24
    longest = max(max(len(points) - 1, by_hand["indexes"]) for points, by_hand in workloads.values())
    right = width - 60
    lowest = min(min(points + [by_hand["cost_what_if"]]) for points, by_hand in workloads.values())
    y = _LogAxis(lowest * 0.8, 1, height - 50, top)
    x = lambda count: left + (right - left) * count / longest
    parts = []
    for tick in [m * d for d in (1e-4, 1e-3, 1e-2, 1e-1) for m in (1, 2, 5)] + [1]:
        if tick >= y.low:
            parts += [_line(left, y(tick), right, y(tick), "grid"), _text(left - 6, y(tick) + 4, _percent(tick), "small", "end")]
    for count in range(0, longest + 1, 5):
        parts += [_line(x(count), height - 50, x(count), height - 46, "axis"), _text(x(count), height - 32, str(count), "small", "middle")]
    taken = []
    for number, (name, (points, by_hand)) in enumerate(workloads.items()):
        path = " ".join("%.1f,%.1f" % (x(count), y(cost)) for count, cost in enumerate(points))
        parts.append('<polyline points="%s" class="line s%d"/>' % (path, number % 4))
        parts.append('<circle cx="%.1f" cy="%.1f" r="4.5" class="hand s%d"><title>%s by hand</title></circle>' % (
            x(by_hand["indexes"]), y(by_hand["cost_what_if"]), number % 4, html.escape(name)))
        place = [x(len(points) - 1) + 7, y(points[-1]) + 4]
        while any(abs(place[0] - other[0]) < 45 and abs(place[1] - other[1]) < 13 for other in taken):
            place[1] += 13
        taken.append(place)
        parts.append(_text(*place, name, "f%d" % (number % 4)))
    parts.append(_text((left + right) / 2, height - 12, "number of recommended indexes, best first; circles: the set made by hand", "small", "middle"))
    parts.append(_text(left, top - 8, "planner cost of the workload", "small"))
    return _svg(width, height, parts)
