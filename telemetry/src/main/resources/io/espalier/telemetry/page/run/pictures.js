/** Pictures of masks: share of kept weights per cell. */
import { element, freshId, keyed, put, putName, set, show } from "espalier/base/dom.js";
import { number, percent, product } from "espalier/base/format.js";
import { inSight } from "espalier/base/pace.js";
import { cividis } from "espalier/base/palette.js";
import { when } from "espalier/data/store.js";

const BLACK = "rgb(0 8 22)", PREFIX = "picture/";

const VIEWS = {
  pixels: (name) => [`What ${name} looks at`, "a cell per input value, over all outputs"],
  window: (name) => [`The window of ${name}`, "a cell per place in the kernel, over all outputs and inputs"],
  weights: (name, tiled) => [name, tiled ? "a tile per kernel" : "a row per output, a column per input"],
};

/** The cells of a picture, relative to the largest one, row-major. */
const cellsOf = (moment) => Array.from(atob(moment.cells), (cell) => cell.charCodeAt(0) / 255);
const largest = (moment) => moment.full === 1 ? "up to all" : `up to ${percent(moment.full, moment.full < 0.1 ? 1 : 0)}`;
const isWhole = (moment, shape) => shape && moment.rows * moment.columns === product(shape);

/** Position [x, y] of each cell, and the size of the whole. The kernels of a small convolution are
 *  laid out as tiles, one per output and input. */
function layoutOf(moment, shape, view) {
  const grid = { at: (row, column) => [column, row], width: moment.columns, height: moment.rows, tiled: false };
  if (view !== "weights" || !isWhole(moment, shape) || shape.length !== 4 || shape[2] * shape[3] === 1) return grid;
  const [outputs, inputs, height, width] = shape, tiles = outputs * inputs;
  const across = inputs > 1 && inputs <= 24 ? inputs : evenRows(tiles);
  return {
    at: (row, column) => {
      const tile = row * inputs + Math.floor(column / (height * width)), inside = column % (height * width);
      return [tile % across * (width + 1) + inside % width, Math.floor(tile / across) * (height + 1) + Math.floor(inside / width)];
    },
    width: Math.min(across, tiles) * (width + 1) - 1, height: Math.ceil(tiles / across) * (height + 1) - 1, tiled: true,
  };
}

/** Number of tiles per row, chosen so that the last row is full if possible. */
function evenRows(tiles) {
  const root = Math.sqrt(tiles);
  for (let across = Math.ceil(root); across <= 2 * root; across++) {
    if (tiles % across === 0) return across;
  }
  return Math.ceil(1.3 * root);
}

/** Draws a moment into a canvas of at most this size, CSS pixels. */
function paint(canvas, moment, shape, view, [most, highest] = [420, 190], largestCell = 24) {
  const context = canvas.getContext("2d"), layout = layoutOf(moment, shape, view), cells = cellsOf(moment);
  const size = Math.max(1, Math.floor(Math.min(largestCell, most / layout.width, highest / layout.height)));
  const flat = view === "weights" && !layout.tiled, least = 48;
  const wide = flat ? Math.max(size, Math.min(24, Math.round(least / layout.width))) : size;
  const high = flat ? Math.max(size, Math.min(24, Math.round(least / layout.height))) : size;
  canvas.width = layout.width * wide;
  canvas.height = layout.height * high;
  for (let row = 0; row < moment.rows; row++) {
    for (let column = 0; column < moment.columns; column++) {
      const part = cells[row * moment.columns + column], [x, y] = layout.at(row, column);
      context.fillStyle = part === 0 ? BLACK : cividis(part);
      context.fillRect(x * wide, y * high, wide, high);
    }
  }
  set(canvas, { role: "img", "aria-label": `${moment.rows} × ${moment.columns} shares of weights kept, ${largest(moment)}` });
}

function frameOf() {
  const canvas = element("canvas", "picture"), title = element("div"), note = element("div", "quiet");
  const node = element("div", "frame", canvas, title, note);
  node.tell = (moment, shape, view, text, quiet) => {
    if (node.moment?.cells !== moment.cells || node.moment.step !== moment.step) paint(canvas, moment, shape, view);
    node.moment = moment;
    putName(title, text);
    put(note, quiet);
  };
  return node;
}

/** Shows one mask enlarged, at any recorded moment. */
function viewer(container, context) {
  const choice = set(element("select"), { id: freshId("mask") }), slider = set(element("input"), { type: "range", min: 0, step: 1, id: freshId("moment") });
  const canvas = element("canvas", "picture large"), words = set(element("span"), { role: "status" }), unit = element("span", "unit");
  const figure = element("figure", "wide viewer", element("figcaption", "", element("span", "name", "One mask"), unit),
    element("div", "fields",
      element("span", "field", set(element("label", "", "Parameter"), { for: choice.id }), choice),
      element("span", "field", set(element("label", "", "Moment"), { for: slider.id }), slider), words),
    element("div", "large-box", canvas));
  container.append(figure);
  let subjects = [], shapes, chosen, at = Infinity, painted;

  function draw() {
    const subject = subjects.find(({ key }) => key === chosen) ?? subjects[0];
    if (!subject) return;
    const last = subject.moments.length - 1, index = Math.min(at, last), moment = subject.moments[index];
    set(slider, { max: last });
    slider.value = index;
    slider.disabled = last === 0;
    const words2 = `${context.step} ${number(moment.step)}, mask version ${number(moment.version)}, ${largest(moment)} of a cell kept${index === last && context.live ? " – newest, follows the run" : ""}`;
    put(words, words2);
    set(slider, { "aria-valuetext": words2 });
    const [title, what] = VIEWS[subject.view](subject.name, layoutOf(moment, shapes.get(subject.name), subject.view).tiled);
    put(unit, subject.view === "weights" ? what : `${title}: ${what}`);
    const now = `${subject.key} ${moment.step} ${moment.version} ${figure.clientWidth}`;
    if (painted === now) return;
    painted = now;
    paint(canvas, moment, shapes.get(subject.name), subject.view, [Math.max(240, figure.clientWidth - 36), 300], 40);
  }

  choice.addEventListener("change", () => { chosen = choice.value; draw(); });
  slider.addEventListener("input", () => {
    const wanted = Number(slider.value);
    at = wanted === Number(slider.max) ? Infinity : wanted;
    draw();
  });
  return (all, known) => {
    subjects = all;
    shapes = known;
    const written = all.map(({ key }) => key).join("\n");
    if (choice.written !== written) {
      choice.written = written;
      choice.replaceChildren(...all.map(({ key, name, view }) => {
        const option = element("option", "", view === "weights" ? name : `${name} (${view === "pixels" ? "as seen on the input" : "its window"})`);
        option.value = key;
        return option;
      }));
      if (all.some(({ key }) => key === chosen)) choice.value = chosen;
      else chosen = choice.value;
    }
    draw();
  };
}

function filmStrip() {
  const name = element("span", "name"), unit = element("span", "unit"), frames = element("div", "frames");
  const node = element("figure", "strip", element("figcaption", "", name, unit), frames);
  node.tell = ({ name: parameter, view, moments }, shapes, step) => {
    const shape = shapes.get(parameter), [title, what] = VIEWS[view](parameter, layoutOf(moments[0], shape, view).tiled);
    put(name, title);
    put(unit, what);
    node.classList.toggle("whole", view === "weights");
    keyed(frames, moments, (moment) => `${moment.step}/${moment.version}`, frameOf, (frame, moment) =>
      frame.tell(moment, shape, view, `${step} ${number(moment.step)}`, `mask version ${moment.version} · ${largest(moment)}`));
  };
  return node;
}

/** All mask pictures of a run; hidden while there are none. */
export function picturesPart(container, context) {
  const strips = element("div", "charts strips"), frames = element("div", "frames");
  const gallery = element("figure", "wide", element("figcaption", "", element("span", "name", "All masks, newest"),
    element("span", "unit", "a row per output, a column per input; kernels as tiles where they fit")), frames);
  const tell = viewer(container, context);
  container.append(strips, gallery);
  let shown;
  const { ask, end } = inSight(container, draw);

  function draw() {
    const { parameters = [] } = shown.parts, shapes = new Map(parameters.map((one) => [one.name, one.shape]));
    const order = new Map(parameters.map((one, i) => [one.name, i]));
    const subjects = Object.entries(shown.parts).filter(([key, value]) => key.startsWith(PREFIX) && VIEWS[value.view] && value.moments.length > 0)
      .map(([key, value]) => ({ key, ...value })).sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
    if (subjects.length === 0) return;
    const weights = subjects.filter(({ view }) => view === "weights");
    tell([...weights, ...subjects.filter(({ view }) => view !== "weights")], shapes);
    keyed(strips, [...subjects.filter(({ view }) => view !== "weights"), ...weights.slice(0, 1)], ({ key }) => key, filmStrip,
      (strip, subject) => strip.tell(subject, shapes, context.step));
    show(gallery, weights.length > 1);
    const densities = new Map(parameters.map((one) => [one.name, one.units ? one.kept / one.units : 1]));
    if (weights.length > 1) keyed(frames, weights, ({ key }) => key, frameOf, (frame, { name, view, moments }) =>
      frame.tell(moments.at(-1), shapes.get(name), view, name,
        [shapes.get(name)?.join(" × "), densities.has(name) && `${percent(densities.get(name), 1)} kept`].filter(Boolean).join(" · ")));
  }

  const changed = when([PREFIX, "parameters"], () => ask());
  return {
    update(document) {
      shown = document;
      const some = Object.keys(document.parts).some((key) => key.startsWith(PREFIX));
      show(container.parentElement, some);
      if (some) changed(document);
    },
    destroy: end,
  };
}
