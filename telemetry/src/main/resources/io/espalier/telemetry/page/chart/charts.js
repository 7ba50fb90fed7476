/** A group of line charts with common cursor, zoom, pause, smoothing and marks. */
import uPlot from "uplot";
import { AXES, clockOf } from "espalier/chart/axis.js";
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
    // Documents whose curves stand beside those of the document.
    this.others = [];
    // Whether no more data comes; texts for missing data then omit "yet".
    this.over = context.live === false;
    // Whether a step was trained; what a run that failed before has measured is no curve.
    this.begun = true;
    this.times = null;
    this.happened = { marks: [], gaps: [] };
    this.#ends = [
      this.settings.subscribe((changes) => this.#set(changes)),
      onStyle(() => this.#charts.forEach((chart) => chart.rebuild())),
    ];
  }

  /**
   * Adds a chart to the container.
   * spec: key (name in file names), title, unit (a text, or document → text), help (a sentence), of (names of the series and parts that it reads, or
   * prefixes that end in "/"), lines (document → array of line(…)), format ((value, forAxis) → text),
   * range ((u, low, high) → [low, high]), log (whether the log switch applies), axis (uPlot options of the y axis),
   * x ("step" or "time"), stack (stacked areas), shown (document → whether it stands on the page), empty (texts for missing data, [during the run, after it]), height, wide.
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
    this.happened = { marks: document.parts.marks ?? [], gaps: document.parts.gaps ?? [] };
    this.#charts.forEach((chart) => chart.update(document));
  }

  /** Number of steps since the pause. */
  get behind() {
    return this.settings.paused ? this.newest - this.last : 0;
  }

  /** The kind of the x axis; rounds of a federation have no other. */
  get axis() {
    return this.context.step === "step" ? this.settings.axis : "step";
  }

  /** Names and formats of the x axis. */
  get level() {
    const told = AXES[this.axis];
    return this.context.step === "step" ? told : { ...told, label: this.context.step, text: (x) => told.text(x).replace("step", this.context.step), range: (from, to) => told.range(from, to).replace("step", this.context.step) };
  }

  /** Places of a document's steps on the x axis. */
  clock(document = this.document) {
    return clockOf(document, this.axis);
  }

  /** Marks and gaps at their places on the x axis. */
  get noted() {
    const { at } = this.clock(), { marks, gaps } = this.happened, onAxis = (one) => Number.isFinite(one.step ?? one.from);
    return {
      marks: marks.map((mark) => ({ ...mark, step: at(mark.step) })).filter(onAxis),
      gaps: gaps.map((gap) => ({ ...gap, from: at(gap.from), to: at(gap.to) })).filter(onAxis),
    };
  }

  /** The visible range of the x axis. */
  span() {
    if (this.settings.x) return this.settings.x;
    if (this.axis === "step") return [0, Math.max(1, this.last, this.furthest)];
    const documents = [...this.document?.documents ?? [this.document], ...this.others];
    const ends = documents.filter(Boolean).map((one) => this.clock(one).at(one === this.document ? this.last : lastStepOf(one)));
    return [0, Math.max(0, ...ends.filter(Number.isFinite)) || 1];
  }

  /** The visible range of steps. */
  window() {
    const all = [0, Math.max(1, this.last, this.furthest)];
    if (!this.settings.x) return all;
    const { back } = this.clock(), [from, to] = this.settings.x.map(back);
    return from < to ? [from, to] : all;
  }

  /** Calls the listener with the step at the cursor, or null when it leaves; returns a function that unsubscribes it. */
  onPoint(listener) {
    const heard = { pub: (type, source, left) => listener(type === "mousemove" && left >= 0 ? this.clock().back(source.posToVal(left, "x")) : null) };
    this.sync.sub(heard);
    return () => this.sync.unsub(heard);
  }

  /** Moves the cursor of all charts to a step; null hides it. */
  point(step) {
    const place = step === null ? null : this.clock().at(step);
    this.#charts.forEach((chart) => chart.point(Number.isFinite(place) ? place : null));
  }

  destroy() {
    this.#ends.forEach((end) => end());
    [...this.#charts].forEach((chart) => chart.destroy());
  }

  #set(changes) {
    if ("axis" in changes || "band" in changes) this.#charts.forEach((chart) => chart.rebuild());
    if ("x" in changes) this.#charts.forEach((chart) => chart.zoom());
    if ("log" in changes) this.#charts.forEach((chart) => chart.spec.log && chart.rebuild());
    if ("smooth" in changes) this.#charts.forEach((chart) => chart.recompute());
    if (changes.paused === false && this.document) this.update(this.document, this.newest);
  }
}
