/** Results against density over the course of one run. */
import { element, put, set, show } from "espalier/base/dom.js";
import { number, percent } from "espalier/base/format.js";
import { inSight } from "espalier/base/pace.js";
import { cividis } from "espalier/base/palette.js";
import { metricOf } from "espalier/compare/metric.js";
import { css, onStyle } from "espalier/base/style.js";

const HIGH = 230, LEFT = 66, RIGHT = 16, TOP = 10, BOTTOM = 40, FONT = "12px system-ui, sans-serif", MOST = 400;

/** Points {step, value, density} of all evaluations; density is that of the masks at the step. */
export function tradeoffOf(document) {
  const { series } = metricOf(document);
  const [steps, sparsities] = document.points("sparsity"), test = document.points("test" + series), tests = test[0].map((step, i) => ({ step, value: test[1][i], end: true }));
  const validation = document.points("validation" + series);
  const all = [...validation[0].map((step, i) => ({ step, value: validation[1][i] })), ...tests].filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.step - b.step);
  let k = -1;
  const points = all.map((point) => {
    while (k + 1 < steps.length && steps[k + 1] <= point.step) k++;
    return { ...point, density: k < 0 ? 1 : 1 - (sparsities[k] ?? 0) };
  });
  const each = Math.ceil(points.length / MOST);
  return points.filter((_, i) => i % each === 0 || i === points.length - 1);
}

const nice = (low, high, wanted) => {
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => (high - low) / one <= wanted) ?? 1;
  return Array.from({ length: Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1 }, (_, i) => (Math.ceil(low / step - 1e-9) + i) * step);
};

export function tradeoffPart(container, context) {
  const canvas = set(element("canvas"), { role: "img", tabindex: 0 }), name = element("span", "name"), tip = set(element("output"), { "aria-live": "polite" });
  const frame = element("div", "map", canvas, tip), none = element("div", "none");
  const note = element("p", "quiet under-chart", "Dark is early, bright is late; a ring marks the newest.");
  const figure = element("figure", "chart", element("figcaption", "", set(name,
    { title: "Each dot is an evaluation: how good the network was, and what share of its units it kept then" }), element("span", "unit", "per evaluation")), frame, none, note);
  container.append(figure);
  let shown, before, places = [], at = -1;
  const { ask, end } = inSight(figure, draw);

  function draw() {
    const metric = metricOf(shown), title = `${metric.title} against density`;
    put(name, title);
    set(canvas, { "aria-label": title });
    const points = tradeoffOf(shown), width = frame.clientWidth, ratio = window.devicePixelRatio || 1;
    show(none, points.length === 0);
    show(frame, points.length > 0);
    show(note, points.length > 0);
    if (points.length === 0 || width === 0) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(HIGH * ratio);
    canvas.style.height = HIGH + "px";
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.font = FONT;
    pen.textBaseline = "middle";
    const low = Math.max(1e-4, Math.min(...points.map(({ density }) => density))) / 1.2, logs = [Math.log(low), Math.log(1.08)];
    const values = points.map(({ value }) => value), least = Math.max(metric.bounds[0], Math.min(...values) - 0.01), most = Math.min(metric.bounds[1], Math.max(...values) + 0.01);
    const x = (density) => LEFT + (width - LEFT - RIGHT) * (Math.log(Math.max(density, 1e-4)) - logs[0]) / (logs[1] - logs[0]);
    const y = (value) => HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * (value - least) / (most - least || 1);
    grid(pen, width, x, y, low, least, most, metric);
    places = points.map((point) => ({ ...point, x: x(point.density), y: y(point.value) }));
    pen.strokeStyle = css("--grid");
    pen.lineWidth = 1.5;
    pen.beginPath();
    places.forEach((point) => pen.lineTo(point.x, point.y));
    pen.stroke();
    const span = Math.max(1, points.at(-1).step);
    places.forEach((point, i) => dot(pen, point, i === places.length - 1, cividis(point.step / span)));
    const last = points.at(-1);
    set(canvas, { "aria-label": `${title} of ${points.length} evaluations; newest: ${metric.format(last.value)} at ${percent(last.density)} density` });
  }

  function grid(pen, width, x, y, low, least, most, metric) {
    pen.fillStyle = css("--quiet");
    pen.strokeStyle = css("--grid");
    pen.lineWidth = 1;
    const stroke = (...ends) => { pen.beginPath(); pen.moveTo(ends[0], ends[1]); pen.lineTo(ends[2], ends[3]); pen.stroke(); };
    pen.textAlign = "center";
    for (const mark of [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].filter((one) => one >= low)) {
      stroke(x(mark), TOP, x(mark), HIGH - BOTTOM);
      pen.fillText(percent(mark, 0), x(mark), HIGH - BOTTOM + 12);
    }
    pen.fillText("density", (LEFT + width - RIGHT) / 2, HIGH - 9);
    pen.textAlign = "right";
    for (const mark of nice(least, most, 5)) {
      stroke(LEFT, y(mark), width - RIGHT, y(mark));
      pen.fillText(metric.mark(mark, most - least), LEFT - 8, y(mark));
    }
  }

  function dot(pen, point, newest, color) {
    pen.beginPath();
    pen.arc(point.x, point.y, newest || point.end ? 6 : 4, 0, 7);
    pen.fillStyle = color;
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = css("--quiet");
    pen.stroke();
    if (!newest) return;
    pen.beginPath();
    pen.arc(point.x, point.y, 9.5, 0, 7);
    pen.lineWidth = 2;
    pen.strokeStyle = css("--purple");
    pen.stroke();
  }

  function tell(index) {
    at = index;
    const point = places[index];
    tip.style.visibility = point ? "visible" : "hidden";
    if (!point) return;
    put(tip, `${context.step} ${number(point.step)} · ${metricOf(shown).format(point.value)} at ${percent(point.density)} density${point.end ? " · test" : ""}`);
    tip.style.left = Math.max(0, Math.min(point.x + 12, frame.clientWidth - tip.offsetWidth)) + "px";
    tip.style.top = point.y + 14 + "px";
  }

  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect(), far = ({ x, y }) => Math.hypot(x - event.clientX + box.left, y - event.clientY + box.top);
    const near = places.reduce((best, point, i) => best < 0 || far(point) < far(places[best]) ? i : best, -1);
    tell(near >= 0 && far(places[near]) < 30 ? near : -1);
  });
  canvas.addEventListener("pointerleave", () => tell(-1));
  canvas.addEventListener("blur", () => tell(-1));
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || places.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    tell(Math.max(0, Math.min(places.length - 1, at < 0 ? places.length - 1 : at + by)));
  });
  const sizes = new ResizeObserver(ask);
  sizes.observe(frame);
  const ends = [end, onStyle(ask), () => sizes.disconnect()];
  return {
    update(document) {
      shown = document;
      put(none, context.charts.over ? "no evaluation" : "no evaluation yet");
      show(figure, !context.charts.over || tradeoffOf(document).length > 0);
      const now = document.revision(["run", "sparsity", "validationAccuracy", "testAccuracy", "validationBits", "testBits"]);
      if (now !== before) ask();
      before = now;
    },
    destroy: () => ends.forEach((one) => one()),
  };
}
