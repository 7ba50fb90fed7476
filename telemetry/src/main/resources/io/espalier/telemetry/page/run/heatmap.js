/** Heat map of each parameter's density over time, logarithmic: dark is sparse. */
import { element, put, set, show } from "espalier/base/dom.js";
import { number, percent } from "espalier/base/format.js";
import { inSight, paced } from "espalier/base/pace.js";
import { PIXELS, cividis, place } from "espalier/base/palette.js";
import { Document } from "espalier/data/store.js";
import { css, onStyle } from "espalier/base/style.js";

const FONT = "12px system-ui, sans-serif", PREFIX = "density/", TOP = 4;

/** Index of the last point at or before x, or -1. */
function at(xs, x) {
  let low = -1, high = xs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

const ENDING = ".weight";

/** The ends of a name that fit a width: beginnings and ends of parameters' names tell them apart. */
function fitted(context2d, name, width) {
  let text = name;
  for (let kept = name.length - 1; kept > 4 && context2d.measureText(text).width > width; kept--) {
    text = name.slice(0, Math.floor(kept / 2)) + "…" + name.slice(-Math.ceil(kept / 2));
  }
  return text;
}

export function heatMap(container, context) {
  const { charts } = context;
  const canvas = set(element("canvas"), { tabindex: 0, role: "img", "aria-label": "Density over time" }), tip = set(element("output"), { "aria-live": "polite" });
  const cross = element("i", "cross"), frame = element("div", "map", canvas, cross, tip), none = element("div", "none");
  const figure = element("figure", "wide", element("figcaption", "", element("span", "name", "Density over time"),
    element("span", "unit", "share of units kept, a row per parameter")), frame, none);
  const strip = document.createElement("canvas");
  container.append(figure);
  let names = [], rows = [], form, dropped, cell = null, widest = [];
  const { ask, end } = inSight(figure, draw), extend = paced(ask, 1000);

  function measure(context2d) {
    const width = frame.clientWidth, many = names.length;
    const row = Math.max(many > 60 ? 6 : many > 24 ? 12 : 18, Math.min(30, Math.floor(480 / many)));
    context2d.font = FONT;
    if (widest[0] !== names.length) widest = [names.length, Math.max(...names.map((name) => context2d.measureText(name).width))];
    const left = Math.ceil(Math.min(width * (width < 520 ? 0.4 : 0.3), widest[1] + 12));
    const bottom = TOP + row * many, right = width - (width < 520 ? 66 : 94), scale = Math.max(110, Math.min(200, bottom - TOP));
    return { width, row, left, right, bottom, scale, height: Math.max(bottom + 40, TOP + scale + 4) };
  }

  function draw() {
    show(none, names.length === 0);
    show(frame, names.length > 0);
    if (names.length === 0 || frame.clientWidth === 0) return;
    const context2d = canvas.getContext("2d"), ratio = window.devicePixelRatio || 1, [from, to] = charts.window();
    form = { ...measure(context2d), from, to };
    if (canvas.width !== Math.round(form.width * ratio) || canvas.height !== Math.round(form.height * ratio)) {
      canvas.width = Math.round(form.width * ratio);
      canvas.height = Math.round(form.height * ratio);
      canvas.style.height = form.height + "px";
    }
    context2d.setTransform(ratio, 0, 0, ratio, 0, 0);
    context2d.clearRect(0, 0, form.width, form.height);
    context2d.font = FONT;
    context2d.textBaseline = "middle";
    cells(context2d);
    labels(context2d);
    axis(context2d);
    scale(context2d);
    set(canvas, { "aria-label": `Density of ${names.length} parameters over time; newest: ${names.slice(0, 12).map((name, i) => `${name} ${percent(rows[i][1].at(-1) ?? 1, 1)}`).join(", ")}` });
    if (cell) tell(cell.i, cell.step);
  }

  function cells(context2d) {
    const { left, right, row, from, to } = form, wide = Math.max(1, Math.round(right - left)), many = names.length;
    strip.width = wide;
    strip.height = many;
    const inside = strip.getContext("2d"), image = inside.createImageData(wide, many), pixels = new Uint32Array(image.data.buffer);
    const end = Math.min(wide, Math.ceil((charts.last - from) / (to - from) * wide));
    for (let i = 0; i < many; i++) {
      const [xs, ys] = rows[i];
      for (let px = 0, k = at(xs, from); px < end; k++) {
        const until = k + 1 < xs.length ? Math.min(end, Math.ceil((xs[k + 1] - from) / (to - from) * wide - 0.5)) : end;
        if (until > px) pixels.fill(PIXELS[Math.round(255 * Math.min(1, place(k < 0 ? 1 : ys[k] ?? 1)))], i * wide + px, i * wide + until);
        px = Math.max(px, until);
        if (k + 1 >= xs.length) break;
      }
    }
    inside.putImageData(image, 0, 0);
    context2d.imageSmoothingEnabled = false;
    context2d.drawImage(strip, left, TOP, right - left, row * many);
    if (row < 12) return;
    context2d.fillStyle = css("--card");
    for (let i = 1; i < many; i++) context2d.fillRect(left, TOP + i * row - 1, right - left, 1);
  }

  function labels(context2d) {
    context2d.fillStyle = css("--text");
    context2d.textAlign = "right";
    const each = Math.ceil(14 / form.row), narrow = form.width < 520 && names.every((name) => name.endsWith(ENDING));
    names.forEach((name, i) => {
      if (i % each === 0) context2d.fillText(fitted(context2d, narrow ? name.slice(0, -ENDING.length) : name, form.left - 10), form.left - 8, TOP + (i + 0.5) * form.row);
    });
  }

  function axis(context2d) {
    const { from, to, left, right, bottom } = form, rough = (to - from) / Math.max(2, (right - left) / 110), power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
    const gap = [1, 2, 5, 10].map((many) => many * power).find((candidate) => candidate >= rough) ?? power;
    context2d.fillStyle = css("--quiet");
    context2d.textAlign = "center";
    for (let step = Math.ceil(from / gap) * gap; step <= to; step += gap) {
      const x = left + (right - left) * (step - from) / (to - from);
      context2d.fillRect(x, bottom, 1, 4);
      context2d.fillText(number(step), x, bottom + 13);
    }
    context2d.fillText(context.step, (left + right) / 2, bottom + 30);
  }

  function scale(context2d) {
    const x = form.right + (form.width < 520 ? 8 : 24);
    for (let i = 0; i < form.scale; i++) {
      context2d.fillStyle = cividis(1 - i / (form.scale - 1));
      context2d.fillRect(x, TOP + i, 14, 1.5);
    }
    context2d.fillStyle = css("--quiet");
    context2d.textAlign = "left";
    for (const mark of [1, 0.3, 0.1, 0.03, 0.01]) context2d.fillText(percent(mark, 0), x + 18, TOP + 5 + (form.scale - 10) * (1 - place(mark)));
  }

  const xOf = (step) => form.left + (form.right - form.left) * (step - form.from) / (form.to - form.from);

  /** Draws the pointer's line at a step, here and in the charts. */
  function mark(step) {
    const inside = form && step !== null && step >= form.from && step <= form.to;
    cross.style.visibility = inside ? "visible" : "hidden";
    if (!inside) return;
    cross.style.transform = `translateX(${xOf(step)}px)`;
    cross.style.height = form.bottom - TOP + "px";
  }

  function tell(i, step) {
    const [xs, ys] = rows[i], k = at(xs, step);
    cell = { i, step };
    put(tip, `${names[i]} · ${context.step} ${number(Math.floor(step))} · density ${percent(k < 0 ? 1 : ys[k] ?? 1)}`);
    const px = xOf(step);
    mark(step);
    charts.point(step);
    tip.style.visibility = "visible";
    tip.style.left = Math.max(0, Math.min(px + 12, form.width - tip.offsetWidth)) + "px";
    tip.style.top = TOP + (i + 1) * form.row + 6 + "px";
  }

  function leave() {
    if (cell) charts.point(null);
    cell = null;
    tip.style.visibility = "hidden";
    mark(null);
  }

  canvas.addEventListener("pointermove", (event) => {
    if (!form) return;
    const box = canvas.getBoundingClientRect(), px = event.clientX - box.left, i = Math.floor((event.clientY - box.top - TOP) / form.row);
    if (px < form.left || px > form.right || i < 0 || i >= names.length) leave();
    else tell(i, form.from + (px - form.left) / (form.right - form.left) * (form.to - form.from));
  });
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("blur", leave);
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!move || !form) return;
    event.preventDefault();
    event.stopPropagation();
    const now = cell ?? { i: -move[0], step: form.to }, by = (form.to - form.from) / 40;
    tell(Math.max(0, Math.min(names.length - 1, now.i + move[0])), Math.max(form.from, Math.min(form.to, now.step + move[1] * by)));
  });
  const sizes = new ResizeObserver(ask);
  sizes.observe(frame);
  const ends = [end, onStyle(ask), charts.onPoint((step) => { if (!cell) mark(step); }), () => sizes.disconnect(), charts.settings.subscribe((changes) => "x" in changes && ask())];

  return {
    update(shown) {
      put(none, "no mask update yet: every parameter is dense");
      show(figure, !charts.over || Document.under(shown.series, PREFIX).length > 0);
      if (shown.revision([PREFIX]) === dropped) {
        if (form?.to !== charts.window()[1]) extend();
        return;
      }
      dropped = shown.revision([PREFIX]);
      const order = new Map((shown.parts.parameters ?? []).map((one, i) => [one.name, i]));
      names = Document.under(shown.series, PREFIX).map((name) => name.slice(PREFIX.length))
        .sort((a, b) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity) || 0);
      rows = names.map((name) => shown.series[PREFIX + name]);
      ask();
    },
    destroy: () => ends.forEach((one) => one()),
  };
}
