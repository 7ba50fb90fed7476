/** The x axis of charts: steps, epochs, or the time that training took. Lines are in steps until they are drawn. */
import { duration, number } from "espalier/base/format.js";

const WHOLE = Array.from({ length: 30 }, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));
const PARTS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...WHOLE];
const SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000];

const two = (value) => String(value).padStart(2, "0");
/** Seconds on an axis, as m:ss or h:mm:ss. */
function stopwatch(seconds) {
  if (seconds !== Math.floor(seconds)) return number(seconds, 1);
  const minutes = Math.floor(seconds / 60), rest = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** Name → {option, label, increments (of ticks), tick, text, range}. */
export const AXES = {
  step: { option: "steps", label: "step", increments: WHOLE, tick: (x) => number(x), text: (x) => `step ${number(x)}`, range: (from, to) => `steps ${number(Math.round(from))} to ${number(Math.round(to))}` },
  epoch: { option: "epochs", label: "epoch", increments: PARTS, tick: (x) => Number(x.toFixed(2)).toString(), text: (x) => `epoch ${number(x, 2)}`, range: (from, to) => `epochs ${number(from, 2)} to ${number(to, 2)}` },
  time: { option: "wall time", label: "time of training", increments: SECONDS, tick: stopwatch, text: (x) => `after ${duration(x)}`, range: (from, to) => `${duration(from)} to ${duration(to)} of training` },
};

/** Interpolates within ascending places; constant beyond the ends. */
function between(from, to, at) {
  if (from.length === 0) return NaN;
  let low = 0, high = from.length - 1;
  if (at <= from[0]) return to[0];
  if (at >= from[high]) return to[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= at) low = middle;
    else high = middle;
  }
  const span = from[high] - from[low];
  return span > 0 ? to[low] + (at - from[low]) / span * (to[high] - to[low]) : to[high];
}

const STEPS = { at: (step) => step, back: (x) => x };

const stopwatches = new WeakMap();

/** [steps, seconds of training]: of all attempts, without the time from the end of one to the first steps of the next. */
function elapsedOf(document) {
  const names = ["clock", "marks"], revision = document.revision(names), kept = stopwatches.get(document);
  if (kept?.revision === revision) return kept.table;
  const [steps, times] = document.points("clock"), seconds = [];
  const resumed = (document.parts.marks ?? []).filter(({ kind }) => kind === "resumed").map(({ step }) => step);
  let total = 0, pace = 0;
  steps.forEach((step, i) => {
    if (i > 0) {
      const many = step - steps[i - 1], between = Math.max(0, times[i] - times[i - 1]);
      // A resumed run waits before it goes on: its first steps count as long as those before.
      const waits = resumed.some((at) => at >= steps[i - 1] && at < step);
      if (!waits) pace = between / many;
      total += waits ? pace * many : between;
    }
    seconds.push(total);
  });
  const table = [steps, seconds];
  stopwatches.set(document, { revision, table });
  return table;
}

/** Converts steps of a document to places on the axis, {@code at}, and {@code back}; NaN where the run has not told. */
export function clockOf(document, axis) {
  if (axis === "epoch") {
    const each = document?.parts.run?.stepsPerEpoch;
    return each > 0 ? { at: (step) => step / each, back: (x) => x * each } : { at: () => NaN, back: () => NaN };
  }
  if (axis === "time") {
    const [steps, seconds] = document ? elapsedOf(document) : [[], []];
    return { at: (step) => between(steps, seconds, step), back: (x) => between(seconds, steps, x) };
  }
  return STEPS;
}

/** A table with its steps as places on the axis; points at places that are not known are left out. */
export function placed([steps, values], clock) {
  if (clock === STEPS) return [steps, values];
  const xs = [], ys = [];
  steps.forEach((step, i) => {
    const x = clock.at(step);
    if (!Number.isFinite(x)) return;
    if (xs.length > 0 && x <= xs[xs.length - 1]) {
      ys[ys.length - 1] = values[i];
    } else {
      xs.push(x);
      ys.push(values[i]);
    }
  });
  return [xs, ys];
}

/** The value of a table at a place, interpolated or that of the step before; undefined outside. */
export function valueAt([xs, ys], x, stepped) {
  if (xs.length === 0 || x < xs[0] || x > xs[xs.length - 1]) return undefined;
  return stepped ? ys[Math.floor(between(xs, xs.map((_, i) => i), x))] : between(xs, ys, x);
}
