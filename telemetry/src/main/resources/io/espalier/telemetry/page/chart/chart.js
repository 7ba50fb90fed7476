/** One line chart. */
import uPlot from "uplot";
import { saveCsv, savePng } from "espalier/chart/download.js";
import { button, element, explained, freshId, put, set, show } from "espalier/base/dom.js";
import { clock } from "espalier/base/format.js";
import { placed } from "espalier/chart/axis.js";
import { meanOf } from "espalier/chart/bands.js";
import { Legend } from "espalier/chart/legend.js";
import { piled, withSmoothing } from "espalier/chart/lines.js";
import { textsAt } from "espalier/chart/marks.js";
import { soon, watchSight } from "espalier/base/pace.js";
import { plotOptions } from "espalier/chart/plot.js";
import { css } from "espalier/base/style.js";

const HEIGHT = 230;

const looks = ({ label, color, dots, width, dash, stepped, stems, below, area, faint, spread }) =>
  JSON.stringify([label, color, dots, width, dash, stepped, stems, Boolean(below), area, faint, Boolean(spread)]);
const joined = (lines) => lines.length === 1 ? lines[0].table : uPlot.join(lines.map((one) => one.table));
const positive = (column) => column.map((value) => value > 0 ? value : null);

export class Chart {
  #ends;
  #seen = false;
  #stale = true;
  #revision = -1;
  #extent = -1;
  #hidden = new Set();

  constructor(group, container, spec) {
    this.group = group;
    this.spec = spec;
    this.time = spec.x === "time";
    this.#build(container);
    const sizes = new ResizeObserver(() => soon(this.plotBox, () => this.#fit()));
    sizes.observe(this.plotBox);
    this.#ends = [() => sizes.disconnect(), watchSight(this.element, (seen) => {
      this.#seen = seen;
      if (seen && this.#stale) this.#ask();
    })];
  }

  #build(container) {
    const { title, help, wide } = this.spec;
    const name = element("span", "name", title);
    if (help) explained(name, help);
    this.tools = element("span", "tools",
      set(button("CSV", () => this.#csv()), { "aria-label": `${title} as CSV`, title: "Save the numbers" }),
      set(button("PNG", () => this.#png()), { "aria-label": `${title} as PNG`, title: "Save the picture" }));
    this.unit = element("span", "unit");
    const caption = set(element("figcaption", "", name, this.unit, this.tools), { id: freshId("chart") });
    this.legend = new Legend((index, on) => this.#toggle(index, on));
    this.tip = set(element("output", "tip"), { "aria-live": "off" });
    this.plotBox = set(element("div", "plot", this.tip), { tabindex: 0, role: "img", "aria-label": title });
    this.plotBox.addEventListener("keydown", (event) => this.#key(event));
    this.none = element("div", "none");
    this.element = set(element("figure", wide ? "chart wide" : "chart", caption, this.plotBox, this.none, this.legend.element),
      { "aria-labelledby": caption.id });
    this.#tellUnit();
    this.#tellNone();
    this.#filled(false);
    container.append(this.element);
  }

  /** Schedules drawing of the document if its data changed and the chart is visible. */
  update(document) {
    this.document = document;
    this.#tellUnit();
    this.#tellNone();
    const revision = this.spec.of ? document.revision(this.spec.of) : this.#revision + 1;
    show(this.element, (this.spec.shown?.(document) ?? true) && (!this.group.over || this.group.begun && this.spec.lines(document).some(({ table }) => table[0].length > 0)));
    const { marks, gaps } = this.group.happened, extent = this.group.last + marks.length + gaps.length;
    if (revision === this.#revision && (this.time || extent === this.#extent)) return;
    this.#revision = revision;
    this.#extent = extent;
    this.recompute();
  }

  #tellUnit() {
    const { unit } = this.spec;
    put(this.unit, typeof unit === "function" ? this.document && unit(this.document) : unit);
    show(this.unit, this.unit.textContent);
  }

  /** Recomputes the lines, for instance with another smoothing. */
  recompute() {
    this.#stale = true;
    if (this.#seen) this.#ask();
  }

  /** Rebuilds the plot, for instance with other colours or another axis. */
  rebuild() {
    this.looks = undefined;
    this.given = undefined;
    this.recompute();
  }

  /** A line at its places on the x axis; the members of a mean are placed before they are merged. */
  #place(one) {
    if (this.time) return one;
    const at = (table, of = this.document) => placed(table, this.group.clock(of));
    return one.members ? { ...one, ...meanOf(one.members.map(({ table, of }) => at(table, of)), one.stepped) } : { ...one, table: at(one.table, one.of) };
  }

  zoom() {
    if (!this.plot || this.time) return;
    soon(this.tip, () => {
      const [min, max] = this.group.span();
      this.plot?.setScale("x", { min, max });
      this.#values();
    });
  }

  /** Moves the chart's cursor to a step; null hides it. */
  point(step) {
    if (!this.plot || this.time || !this.#seen) return;
    this.plot.setCursor(step === null ? { left: -10, top: -10 } : { left: this.plot.valToPos(step, "x"), top: 10 });
  }

  destroy() {
    this.#ends.forEach((end) => end());
    this.plot?.destroy();
    this.plot = null;
    this.document = null;
    this.group.remove(this);
    this.element.remove();
  }

  #ask() {
    soon(this, () => { if (this.document) this.#draw(); });
  }

  #draw() {
    this.#stale = false;
    const { settings } = this.group;
    if (!settings.paused || !this.given) this.given = this.spec.lines(this.document).map((one) => this.#place(one)).filter((one) => one.table[0].length > 0);
    this.lines = withSmoothing(this.given, settings.smooth);
    this.#filled(this.lines.length > 0);
    if (this.lines.length === 0) return;
    this.raw = joined(this.lines);
    let columns = this.raw;
    if (this.spec.stack) columns = [this.raw[0], ...piled(this.raw, this.#hidden).reverse()];
    if (this.spec.log && settings.log) columns = [columns[0], ...columns.slice(1).map(positive)];
    const signature = this.lines.map(looks).join() + (columns[0].length < 20);
    if (this.plot && this.looks === signature) {
      this.plot.setData(columns);
    } else {
      this.looks = signature;
      this.plot?.destroy();
      this.legend.lines(this.lines);
      this.#hidden.clear();
      this.plot = new uPlot(plotOptions({
        ...this, width: this.#width(), height: this.#height(), current: () => this.lines,
        moved: () => this.#values(), selected: (u) => this.#selected(u), whole: () => this.#zoomTo(null),
      }), columns, this.plotBox);
    }
    this.#values();
  }

  #tellNone() {
    const [before, after] = this.spec.empty ?? ["nothing measured yet", "nothing was measured"];
    put(this.none, this.group.over ? after : before);
  }

  #filled(yes) {
    show(this.none, !yes);
    show(this.plotBox, yes);
    show(this.legend.element, yes);
    show(this.tools, yes);
    if (!yes && this.plot) {
      this.plot.destroy();
      this.plot = null;
    }
  }

  #selected(u) {
    if (u.select.width < 4) return;
    const from = u.posToVal(u.select.left, "x"), to = u.posToVal(u.select.left + u.select.width, "x");
    u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    this.#zoomTo([from, to]);
  }

  #zoomTo(range) {
    if (!this.time) this.group.settings.set({ x: range });
    else if (range) this.plot.setScale("x", { min: range[0], max: range[1] });
    else this.plot.setData(this.plot.data, true);
  }

  /** Updates the values of the legend: those at the cursor, or the newest. */
  #values() {
    const { plot, raw } = this;
    if (!plot || !raw) return;
    const at = plot.cursor.left >= 0 ? plot.cursor.idx : null;
    const x = at === null || at === undefined ? undefined : raw[0][at];
    const value = (column) => {
      for (let i = x === undefined ? column.length - 1 : at; i >= 0; i--) {
        if (Number.isFinite(column[i])) return column[i];
        if (column[i] === null && x !== undefined) return null;
      }
      return null;
    };
    const texts = raw.slice(1).map(value).map((one) => one === null ? "" : this.spec.format(one));
    this.legend.values(x === undefined ? "newest" : this.time ? clock(x) : this.group.level.text(x), texts);
    set(this.plotBox, { "aria-label": `${this.spec.title}: ${this.lines.map((one, i) => `${one.label} ${texts[i] || "nothing"}`).join(", ")}` });
    const notes = x === undefined || this.time ? [] : textsAt(plot, plot.cursor.left, this.group.noted);
    show(this.tip, notes.length > 0);
    put(this.tip, notes.slice(0, 4).join(" · "));
  }

  #toggle(index, on) {
    if (on) this.#hidden.delete(index);
    else this.#hidden.add(index);
    if (this.spec.stack) this.recompute();
    else this.plot.setSeries(index + 1, { show: on });
  }

  /** Arrows move the cursor, + and - zoom, Escape resets the zoom. */
  #key(event) {
    if (!this.plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const { plot } = this, wide = plot.over.clientWidth, at = plot.cursor.left >= 0 ? plot.cursor.left : wide / 2;
    const { min, max } = plot.scales.x, middle = plot.posToVal(at, "x"), span = max - min;
    const scale = (part) => this.#zoomTo([Math.max(0, middle - part * (middle - min)), middle + part * (max - middle)]);
    const moves = {
      ArrowLeft: () => plot.setCursor({ left: Math.max(0, at - wide / 60), top: 10 }),
      ArrowRight: () => plot.setCursor({ left: Math.min(wide, at + wide / 60), top: 10 }),
      "+": () => scale(0.5),
      "-": () => span > 0 && scale(2),
      Escape: () => { this.#zoomTo(null); plot.setCursor({ left: -10, top: -10 }); },
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  }

  #fit() {
    const width = this.#width();
    if (this.plot && this.plotBox.clientWidth && width !== this.plot.width) this.plot.setSize({ width, height: this.#height() });
  }

  #width() {
    return Math.max(160, this.plotBox.clientWidth);
  }

  #height() {
    return this.spec.height ?? HEIGHT;
  }

  #csv() {
    saveCsv(this.#file(), [this.time ? "time" : this.group.level.label, ...this.given.map((one) => one.label)], joined(this.given));
  }

  #png() {
    savePng(this.#file(), this.spec.title, this.plot.ctx.canvas, this.lines.map(({ label, color }) => ({ label, color: css(color) })));
  }

  #file() {
    return [this.document?.parts.run?.name, this.spec.key].filter(Boolean).join("-");
  }
}
