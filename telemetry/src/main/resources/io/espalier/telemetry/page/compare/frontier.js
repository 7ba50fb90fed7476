/** Results against density of several runs, with the Pareto front. */
import { element, set, show } from "espalier/base/dom.js";
import { percent } from "espalier/base/format.js";
import { soon } from "espalier/base/pace.js";

const SVG = "http://www.w3.org/2000/svg", NARROW = 280, HIGH = 320, LEFT = 62, RIGHT = 18, TOP = 14, BOTTOM = 46;

function shape(tag, attributes, text) {
  const made = set(document.createElementNS(SVG, tag), attributes);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The Pareto front: points for which no other is both sparser and better, the sparsest first. */
export function frontierOf(points, less) {
  const worth = ({ value }) => less ? -value : value;
  const sorted = [...points].sort((a, b) => a.density - b.density || worth(b) - worth(a));
  let best = -Infinity;
  return sorted.filter((point) => worth(point) > best && ((best = worth(point)), true));
}

function ticksBetween(low, high) {
  const all = [];
  for (let decade = Math.floor(Math.log10(low)); 10 ** decade <= high; decade++) {
    for (const one of [1, 2, 5]) all.push(one * 10 ** decade);
  }
  return all.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

function levels(low, high) {
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => (high - low) / one <= 6) ?? 1;
  const from = Math.floor(low / step), to = Math.ceil(high / step);
  return Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step);
}

const LINE = 15, LETTER = 6.7, GAP = 11;
const overlap = (a, b) => a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + LINE && b.top < a.top + LINE;

/** Places for labels beside their dots that overlap neither each other nor a dot, as far as there is room: {left, top, width, name, far}. */
function placedLabels(dots, wide) {
  const taken = dots.map(({ x, y }) => ({ left: x - 7, top: y - LINE / 2, width: 14 }));
  return dots.map(({ x, y, name }) => {
    const width = name.length * LETTER, sides = x < Math.max(wide / 2, wide - 250) ? [x + GAP, x - GAP - width] : [x - GAP - width, x + GAP];
    const inside = (left) => Math.max(LEFT + 2, Math.min(wide - width - 2, left));
    const tops = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8].map((lines) => ({ lines, top: y - LINE / 2 + lines * LINE }))
      .filter(({ top }) => top >= 0 && top + LINE <= HIGH - BOTTOM);
    const all = tops.flatMap(({ lines, top }) => [...sides, inside(sides[0])].map((left) => ({ left, top, width, name, far: lines !== 0 })))
      .filter(({ left }) => left >= 2 && left + width <= wide);
    const free = all.find((box) => !taken.some((other) => overlap(box, other))) ?? { left: inside(sides[0]), top: y - LINE / 2, width, name, far: false };
    taken.push(free);
    return free;
  });
}

/** update([{key (the id of a run), label, density, value, color}], isFirst); color names a custom property, the first is there without points. */
export function frontierPart(container, metric) {
  const title = `${metric.title} against density`;
  const svg = set(shape("svg", { class: "frontier", role: "img" }), {});
  const none = element("div", "none", "no run has both a result and a density yet");
  const figure = element("figure", "chart", element("figcaption", "", element("span", "name", title),
    element("span", "unit", "test set or, before the end, validation; share of prunable units kept")), svg, none);
  container.append(figure);
  let before, shown = [];
  const sizes = new ResizeObserver(() => soon(svg, () => { if (shown.length > 0) draw(shown); }));
  sizes.observe(figure);

  function draw(points) {
    const wide = Math.max(NARROW, svg.clientWidth);
    const densities = points.map(({ density }) => Math.max(density, 1e-4));
    const low = Math.min(...densities) / 1.25, high = Math.min(1.12, Math.max(...densities) * 1.25);
    const marks = levels(Math.min(...points.map((one) => one.value)), Math.max(...points.map((one) => one.value)) || 1);
    const bottom = marks[0], top = marks.length > 1 ? marks.at(-1) : marks[0] + 0.01;
    const x = (density) => LEFT + (wide - LEFT - RIGHT) * (Math.log(Math.max(density, 1e-4)) - Math.log(low)) / (Math.log(high) - Math.log(low) || 1);
    const y = (value) => HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * (value - bottom) / (top - bottom || 1);
    const parts = [];
    ticksBetween(low, high).forEach((tick) => parts.push(
      shape("line", { x1: x(tick), x2: x(tick), y1: TOP, y2: HIGH - BOTTOM, class: "grid" }),
      shape("text", { x: x(tick), y: HIGH - BOTTOM + 18, "text-anchor": "middle" }, Number((100 * tick).toPrecision(2)) + " %")));
    marks.forEach((mark) => parts.push(
      shape("line", { x1: LEFT, x2: wide - RIGHT, y1: y(mark), y2: y(mark), class: "grid" }),
      shape("text", { x: LEFT - 8, y: y(mark) + 4, "text-anchor": "end" }, metric.mark(mark, top - bottom))));
    parts.push(shape("text", { x: (LEFT + wide - RIGHT) / 2, y: HIGH - 6, "text-anchor": "middle" }, "density"));
    const edge = frontierOf(points, metric.less);
    parts.push(shape("polyline", { points: edge.map((one) => `${x(one.density)},${y(one.value)}`).join(" "), class: "edge" }));
    const labels = placedLabels(points.map((one) => ({ x: x(one.density), y: y(one.value), name: one.label })), wide);
    points.forEach((one, i) => {
      const at = [x(one.density), y(one.value)], label = labels[i];
      const dot = shape("circle", { cx: at[0], cy: at[1], r: edge.includes(one) ? 7 : 5, class: edge.includes(one) ? "on" : "off" });
      dot.style.fill = `var(${one.color})`;
      dot.append(shape("title", {}, `${one.label}: ${metric.format(one.value)} at ${percent(one.density)} density`));
      if (label.far) parts.push(shape("line", { x1: at[0], y1: at[1], x2: label.left > at[0] ? label.left - 2 : label.left + label.width + 2, y2: label.top + LINE / 2, class: "lead" }));
      parts.push(dot);
    });
    // After all lines, with an edge in the colour of the card, so that nothing strikes them through.
    labels.forEach(({ left, top, name }) => parts.push(shape("text", { x: left, y: top + LINE - 4, class: "label" }, name)));
    svg.replaceChildren(...parts);
    set(svg, { "aria-label": `${title}: ` + edge.map((one) => `${one.label} ${metric.format(one.value)} at ${percent(one.density)}`).join(", ") });
  }

  return {
    update(points, isFirst) {
      const told = JSON.stringify([points, isFirst]);
      if (told === before) return;
      before = told;
      shown = points;
      set(svg, { hidden: points.length > 0 ? null : "" });
      show(none, points.length === 0);
      show(figure, points.length > 0 || isFirst);
      if (points.length > 0) draw(points);
    },
    destroy: () => sizes.disconnect(),
  };
}
