// A statement's mean time and calls over time: a plot for the eye, a table for everybody else. uPlot comes in
// a chunk of its own.
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { HistoryPoint } from "../api/types";
import { theme } from "../shell/theme";
import { count, duration, timeOfDay } from "../text/format";
import { Time } from "./time";

const kHeight = 180;
// Below this a line says less than the numbers.
const kFewestPoints = 3;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Canvas knows no light-dark(): the browser resolves it through an element's colour.
function resolved(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = colour(name);
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const kMonthDay = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

// The day at midnight, else the time, in the reader's own way of writing them.
function timeLabel(seconds: number): string {
  const at = new Date(seconds * 1_000);
  return at.getHours() === 0 && at.getMinutes() === 0 ? kMonthDay.format(at) : timeOfDay(at);
}

function options(width: number): uPlot.Options {
  const ink = resolved("--muted");
  const grid = { stroke: resolved("--line"), width: 1 };
  const axis = { stroke: ink, grid, ticks: grid, font: "12px system-ui" };
  return {
    width,
    height: kHeight,
    legend: { show: false },
    cursor: { y: false },
    scales: {
      calls: { range: (_, __, most) => [0, most || 1] },
      ms: { range: (_, __, most) => [0, most * 1.1 || 1] },
    },
    axes: [
      { ...axis, values: (_, marks) => marks.map(timeLabel) },
      { ...axis, scale: "ms", size: 64, values: (_, marks) => marks.map((mark) => duration(mark)) },
      {
        ...axis,
        scale: "calls",
        side: 1,
        size: 56,
        grid: { show: false },
        values: (_, marks) => marks.map((mark) => count(mark)),
      },
    ],
    series: [
      {},
      { label: "Mean time", scale: "ms", stroke: resolved("--bar"), width: 2, points: { size: 5 } },
      {
        label: "Calls",
        scale: "calls",
        stroke: resolved("--bar-before"),
        width: 1.5,
        dash: [4, 4],
        points: { show: false },
      },
    ],
  };
}

function Plot({ points }: { points: readonly HistoryPoint[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let plot: uPlot | undefined;
    let gone = false;
    const data: uPlot.AlignedData = [
      points.map((point) => Date.parse(point.at) / 1_000),
      points.map(({ mean_ms }) => mean_ms),
      points.map(({ calls }) => calls),
    ];
    Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]).then(
      ([{ default: Plotter }]) => {
        if (!gone) plot = new Plotter(options(element.clientWidth), data, element);
      },
      () => undefined, // the table below says the same
    );
    const resized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: kHeight }));
    resized.observe(element);
    return () => {
      gone = true;
      resized.disconnect();
      plot?.destroy();
    };
    // The theme is read when the plot is drawn, so a change draws it anew.
  }, [points, theme.value]);
  return <div ref={box} class="plot" aria-hidden="true" />;
}

export function History({ points }: { points: readonly HistoryPoint[] }) {
  if (points.length === 0) return <p class="muted">The first point comes with the second audit.</p>;
  const newestFirst = [...points].reverse();
  return (
    <>
      {points.length >= kFewestPoints && (
        <figure>
          <figcaption class="small muted legend">
            <span data-line="mean">mean time a call</span>
            <span data-line="calls">calls</span>
          </figcaption>
          <Plot points={points} />
        </figure>
      )}
      <details open={points.length < kFewestPoints}>
        <summary class="small">The numbers</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section class="scroll-y" tabIndex={0} aria-label="Readings">
          <table>
            <thead>
              <tr>
                <th scope="col">Until</th>
                <th scope="col" class="right">
                  Mean
                </th>
                <th scope="col" class="right">
                  Calls
                </th>
              </tr>
            </thead>
            <tbody>
              {newestFirst.map((point) => (
                <tr key={point.at}>
                  <td>
                    <Time at={point.at} show="exact" />
                  </td>
                  <td class="right">{duration(point.mean_ms)}</td>
                  <td class="right">{count(point.calls)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </>
  );
}
