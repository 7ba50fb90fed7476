/** A group of line charts with common cursor, zoom, pause, smoothing and marks. */
import uPlot from "uplot";
import { Chart } from "espalier/chart/chart.js";
import { known } from "espalier/base/format.js";
import { onStyle } from "espalier/base/style.js";

export { line, dots, bars, stacked, held, smoothed } from "espalier/chart/lines.js";

let groups = 0;

/** The newest step of a document, by its run and its series. */
export function lastStepOf(document) {
  const ends = ["trainLoss", "bytes", "sparsity", "testLoss"].map((name) => document.points(name)[0].at(-1));
  return Math.max(0, ...[known(document.parts.run?.step, document.parts.run?.rounds), ...ends].filter(Number.isFinite));
}

/**
 * The charts of a page. {@code context.settings} are the chart settings, {@code context.step} is the unit of the x axis.
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
    // Whether no more data comes; texts for missing data then omit "yet".
    this.over = context.live === false;
    this.times = null;
    this.noted = { marks: [], gaps: [] };
    this.#ends = [
      this.settings.subscribe((changes) => this.#set(changes)),
      onStyle(() => this.#charts.forEach((chart) => chart.rebuild())),
    ];
  }

  /**
   * Adds a chart to the container.
   * spec: key (name in file names), title, unit, help (a sentence), of (names of the series and parts that it reads, or
   * prefixes that end in "/"), lines (document → array of line(…)), format ((value, forAxis) → text),
   * range ((u, low, high) → [low, high]), log (whether the log switch applies), axis (uPlot options of the y axis),
   * x ("step" or "time"), stack (stacked areas), empty (texts for missing data, [during the run, after it]), height, wide.
   */
  chart(container, spec) {
    const chart = new Chart(this, container, spec);
    this.#charts.add(chart);
    return chart;
  }

  remove(chart) {
    this.#charts.delete(chart);
  }

  /** Draws changes of the document, unless paused; {@code until} extends the x axis for charts of other documents. */
  update(document, until = 0) {
    this.document = document;
    this.newest = Math.max(lastStepOf(document), until);
    if (this.settings.paused) return;
    this.last = this.newest;
    this.noted = { marks: document.parts.marks ?? [], gaps: document.parts.gaps ?? [] };
    this.#charts.forEach((chart) => chart.update(document));
  }

  /** Number of steps since the pause. */
  get behind() {
    return this.settings.paused ? this.newest - this.last : 0;
  }

  /** The visible range of steps. */
  window() {
    return this.settings.x ?? [0, Math.max(1, this.last, this.furthest)];
  }

  /** Calls the listener with the step at the cursor, or null when it leaves; returns a function that unsubscribes it. */
  onPoint(listener) {
    const heard = { pub: (type, source, left) => listener(type === "mousemove" && left >= 0 ? source.posToVal(left, "x") : null) };
    this.sync.sub(heard);
    return () => this.sync.unsub(heard);
  }

  /** Moves the cursor of all charts to a step; null hides it. */
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
