/** Line charts that belong together: hover, zoom, pause, smoothing and marks are theirs in common. */
import uPlot from "uplot";
import { Chart } from "espalier/chart/chart.js";
import { known } from "espalier/base/format.js";
import { onStyle } from "espalier/base/style.js";

export { line, dots, bars, stacked, held, smoothed } from "espalier/chart/lines.js";

let groups = 0;

/** The newest step of a document: that of its run or, while that lags, of its series. */
export function lastStepOf(document) {
  const ends = ["trainLoss", "bytes", "sparsity", "testLoss"].map((name) => document.points(name)[0].at(-1));
  return Math.max(0, ...[known(document.parts.run?.step, document.parts.run?.rounds), ...ends].filter(Number.isFinite));
}

/**
 * The charts of a page. {@code context.settings} says how they are drawn, {@code context.step} what the axis counts.
 * Use: {@code const charts = new Charts(context); charts.chart(container, {...}); charts.update(document)}.
 */
export class Charts {
  #charts = new Set();
  #ends;

  constructor(context) {
    this.context = context;
    this.settings = context.settings;
    this.sync = uPlot.sync(`steps-${++groups}`);
    this.timeSync = uPlot.sync(`times-${groups}`);
    this.last = 0;
    this.furthest = 0;
    // Whether nothing more comes: words for what is missing do not say "yet" then.
    this.over = context.live === false;
    this.times = null;
    this.noted = { marks: [], gaps: [] };
    this.#ends = [
      this.settings.subscribe((changes) => this.#set(changes)),
      onStyle(() => this.#charts.forEach((chart) => chart.rebuild())),
    ];
  }

  /**
   * Adds a chart to the container, as a figure.
   * spec: key (its name in files), title, unit, help (a sentence), of (names of the series and parts that it reads;
   * a family by a prefix that ends in "/"), lines (document → array of line(…)), format ((value, forAxis) → text),
   * range ((u, low, high) → [low, high]), log (whether the log switch applies), axis (options of uPlot for the upright
   * axis), x ("step" or "time"), stack (areas that add up), empty (texts while nothing is measured, [before the end, after it]), height, wide.
   */
  chart(container, spec) {
    const chart = new Chart(this, container, spec);
    this.#charts.add(chart);
    return chart;
  }

  remove(chart) {
    this.#charts.delete(chart);
  }

  /** Draws what is new of the document, unless paused; charts of other documents take part by {@code until}. */
  update(document, until = 0) {
    this.document = document;
    this.newest = Math.max(lastStepOf(document), until);
    if (this.settings.paused) return;
    this.last = this.newest;
    this.noted = { marks: document.parts.marks ?? [], gaps: document.parts.gaps ?? [] };
    this.#charts.forEach((chart) => chart.update(document));
  }

  /** How many steps were made since the pause. */
  get behind() {
    return this.settings.paused ? this.newest - this.last : 0;
  }

  /** The stretch of steps that is shown. */
  window() {
    return this.settings.x ?? [0, Math.max(1, this.last, this.furthest)];
  }

  /** Calls with the step that the pointer is at, null when it leaves; ends with what is returned. */
  onPoint(listener) {
    const heard = { pub: (type, source, left) => listener(type === "mousemove" && left >= 0 ? source.posToVal(left, "x") : null) };
    this.sync.sub(heard);
    return () => this.sync.unsub(heard);
  }

  /** Sets the pointer of all charts to a step; null takes it away. */
  point(step) {
    this.#charts.forEach((chart) => chart.point(step));
  }

  destroy() {
    this.#ends.forEach((end) => end());
    [...this.#charts].forEach((chart) => chart.destroy());
  }

  #set(changes) {
    if ("x" in changes) this.#charts.forEach((chart) => chart.zoom());
    if ("log" in changes) this.#charts.forEach((chart) => chart.spec.log && chart.rebuild());
    if ("smooth" in changes) this.#charts.forEach((chart) => chart.recompute());
    if (changes.paused === false && this.document) this.update(this.document, this.newest);
  }
}
