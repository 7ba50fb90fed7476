/** Means of several lines, and the bands of their deviation. */
import { valueAt } from "espalier/chart/axis.js";
import { pale } from "espalier/base/style.js";

const MOST_PLACES = 600;

const equal = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

/** The places of all tables together, where all have values. */
function places(tables) {
  const [first, ...others] = tables.map(([xs]) => xs);
  if (others.every((xs) => equal(xs, first))) return first;
  const from = Math.max(...tables.map(([xs]) => xs[0])), to = Math.min(...tables.map(([xs]) => xs[xs.length - 1]));
  const all = [...new Set(tables.flatMap(([xs]) => xs))].filter((x) => x >= from && x <= to).sort((a, b) => a - b);
  return all.length <= MOST_PLACES ? all : Array.from({ length: MOST_PLACES }, (_, i) => from + i / (MOST_PLACES - 1) * (to - from));
}

/** Mean and sample standard deviation. */
export function moments(values) {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** {table, spread: {xs, low, high}}: the mean of tables, and mean ± standard deviation; empty tables do not count. */
export function meanOf(all, stepped) {
  let tables = all.filter(([xs]) => xs.length > 0);
  if (tables.length === 0) return { table: [[], []] };
  if (tables.every(([xs]) => xs.length === 1)) {
    const { mean } = moments(tables.map(([[x]]) => x));
    tables = tables.map(([, ys]) => [[mean], ys]);
  }
  const xs = [], means = [], low = [], high = [];
  places(tables).forEach((x) => {
    const values = tables.map((table) => valueAt(table, x, stepped)).filter(Number.isFinite);
    if (values.length < tables.length) return;
    const { mean, deviation } = moments(values);
    xs.push(x);
    means.push(mean);
    low.push(mean - deviation);
    high.push(mean + deviation);
  });
  return { table: [xs, means], spread: tables.length > 1 ? { xs, low, high } : undefined };
}

/** Widens a y range by the bands. */
export const withBands = (lines, range) => (u, low, high) => {
  const lows = lines().flatMap(({ spread }) => spread?.low ?? []), highs = lines().flatMap(({ spread }) => spread?.high ?? []);
  const from = lows.reduce((a, b) => Math.min(a, b), low ?? Infinity), to = highs.reduce((a, b) => Math.max(a, b), high ?? -Infinity);
  if (range) return range(u, from, to);
  const margin = 0.05 * (to - from) || 0.1 * Math.abs(to) || 1;
  return [from - margin, to + margin];
};

/** A uPlot plugin that draws the bands of the lines that the function returns, below the lines. */
export const bandsPlugin = (lines) => ({
  hooks: {
    drawAxes: (u) => lines().forEach(({ spread, color, stepped }, index) => {
      if (!spread || spread.xs.length === 0 || u.series[index + 1]?.show === false) return;
      const { ctx, bbox } = u, x = (value) => u.valToPos(value, "x", true), y = (value) => u.valToPos(value, "y", true);
      const floor = u.scales.y.distr === 3 ? u.scales.y.min : -Infinity;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.fillStyle = ctx.strokeStyle = pale(color, 0.22);
      ctx.beginPath();
      spread.xs.forEach((at, i) => {
        if (stepped && i > 0) ctx.lineTo(x(at), y(spread.high[i - 1]));
        ctx.lineTo(x(at), y(spread.high[i]));
      });
      for (let i = spread.xs.length - 1; i >= 0; i--) {
        if (stepped && i + 1 < spread.xs.length) ctx.lineTo(x(spread.xs[i + 1]), y(Math.max(floor, spread.low[i])));
        ctx.lineTo(x(spread.xs[i]), y(Math.max(floor, spread.low[i])));
      }
      ctx.closePath();
      ctx.fill();
      if (spread.xs.length === 1) {
        ctx.lineWidth = 6 * (window.devicePixelRatio || 1);
        ctx.stroke();
      }
      ctx.restore();
    }),
  },
});
