/** Lines of a chart, and their shapes. */

/**
 * A line of a chart: label, table {@code [xs, ys]} and name of its colour in page.css. More: width, dash ([on, off]),
 * stepped, dots (size), smooth (the smoothing setting applies; quiet: without the measured values behind it), stems,
 * below (tables that its bars are stacked on), area (stacked on the areas before it), of (the document whose steps it
 * counts, if not the chart's), members ([{table, of}]: the line is their mean, with a band of their deviation).
 */
export const line = (label, table, color, more = {}) => ({ label, table, color, ...more });
export const dots = (label, table, color, size = 6) => line(label, table, color, { dots: size });
export const bars = { stems: true };
/** Bars stacked on those of the tables below. */
export const stacked = (...below) => ({ below });

/** Moving mean; the window is centred, so that the curve does not lag, and shrinks to half at the ends. Strength: 0..1. */
export function smoothed([xs, values], strength) {
  const reach = Math.round(values.length * strength * strength / 6);
  if (reach === 0) return [xs, values];
  const totals = new Float64Array(values.length + 1), many = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    totals[i + 1] = totals[i] + (value ?? 0);
    many[i + 1] = many[i] + (value === null ? 0 : 1);
  });
  return [xs, values.map((value, i) => {
    const around = Math.max(Math.ceil(reach / 2), Math.min(reach, i, values.length - 1 - i));
    const from = Math.max(0, i - around), to = Math.min(values.length, i + around + 1);
    return value === null ? null : (totals[to] - totals[from]) / (many[to] - many[from]);
  })];
}

/** Extends a step function from the start of the run to its newest step. */
export function held([xs, ys], last) {
  if (xs.length === 0) return [xs, ys];
  const before = xs[0] > 0, after = xs[xs.length - 1] < last;
  return [[...(before ? [0] : []), ...xs, ...(after ? [last] : [])],
    [...(before ? [0] : []), ...ys, ...(after ? [ys[ys.length - 1]] : [])]];
}

/** Path of bars stacked on the tables below. */
export const barPath = (below) => (u, index, from, to) => {
  const path = new Path2D(), [xs, values] = [u.data[0], u.data[index]];
  const gap = u.valToPos(1, "x", true) - u.valToPos(0, "x", true), wide = Math.max(1, Math.min(26, gap * 0.7));
  const grounds = below.map(([at, heights]) => new Map(at.map((x, i) => [x, heights[i]])));
  for (let i = from; i <= to; i++) {
    if (!values[i]) continue;
    const ground = grounds.reduce((total, one) => total + (one.get(xs[i]) ?? 0), 0);
    const top = u.valToPos(ground + values[i], "y", true), bottom = u.valToPos(ground, "y", true);
    path.rect(u.valToPos(xs[i], "x", true) - wide / 2, top, wide, bottom - top);
  }
  return { fill: path };
};

/** Path of a stem from zero at each step, which shows how far apart updates are. */
export const stemPath = (u, index, from, to) => {
  const path = new Path2D(), [xs, values] = [u.data[0], u.data[index]], ratio = window.devicePixelRatio || 1;
  const zero = u.valToPos(0, "y", true), shift = (index - 1.5) * 3 * ratio;
  for (let i = from; i <= to; i++) {
    if (!values[i]) continue;
    const x = u.valToPos(xs[i], "x", true) + shift;
    path.moveTo(x, zero);
    path.lineTo(x, u.valToPos(values[i], "y", true));
  }
  return { stroke: path };
};

/** Applies the smoothing: a smooth line becomes its measured values, pale, and the smoothed curve. */
export function withSmoothing(lines, strength) {
  return lines.flatMap((one) => {
    if (!one.smooth || strength === 0 || one.table[0].length < 10) return [one];
    if (one.area || one.quiet) return [{ ...one, table: smoothed(one.table, strength) }];
    return [{ ...one, color: one.pale ?? one.color, width: 1, faint: !one.pale },
      { ...one, label: `${one.label}, smoothed`, table: smoothed(one.table, strength) }];
  });
}

/** Fills missing values with the next measured one, which covers the interval before it. */
function filled(column) {
  const known = column.map((value) => Number.isFinite(value)), out = [...column];
  let next = column[known.lastIndexOf(true)] ?? 0;
  for (let i = out.length - 1; i >= 0; i--) {
    if (known[i]) next = out[i];
    else out[i] = next;
  }
  return out;
}

/** Cumulative heights of stacked areas; hidden ones count as 0. */
export function piled([xs, ...columns], hidden) {
  const total = new Array(xs.length).fill(0);
  return columns.map((column, i) => filled(column).map((value, k) => (total[k] += hidden.has(i) ? 0 : value)));
}
