/** Cost of the network before and after cuts: totals, and the width of each layer. */
import { element, keyed, put, row, set, show } from "espalier/base/dom.js";
import { bytes, count, known, milliseconds, number, percent, plural, product, sum, times } from "espalier/base/format.js";
import { inSight } from "espalier/base/pace.js";
import { costsOf } from "espalier/compare/figures.js";
import { scrolled } from "espalier/run/tables.js";
import { when } from "espalier/data/store.js";

const ROWS_AT_ONCE = 60;
const shapeOf = (one) => one.shapeLeft ?? one.shape;
const latency = (seconds) => milliseconds(1000 * seconds);

/** Text of the change from dense to now. */
export const less = (dense, now) => now === dense ? "the same" : now > dense ? `${percent(now / dense - 1, 1)} more`
  : `−${percent(1 - now / dense, 1)}${dense / now >= 2 ? `, ${times(dense / now)} less` : ""}`;

/** [label, dense, now, format] of each cost that is known for both. */
export function costRows(document) {
  const { summary = {}, sizes = {}, cuts = {} } = document.parts, { macs, macsDense, effective, parameters, parametersDense } = costsOf(document);
  return [
    ["Multiply-accumulates per example", macsDense, macs, count],
    ["Multiply-accumulates of kept weights", macsDense, effective !== macs ? effective : undefined, count],
    ["Parameters", parametersDense, parameters, number],
    ["Training state of a trainer", cuts.dense?.stateBytes, cuts.after?.stateBytes, bytes],
    ["Model file", known(summary.modelBytesDense, sizes.dense), known(summary.modelBytes, sizes.model, sizes.left), bytes],
    ["Kept values and packed masks", sizes.dense, sizes.sparse !== sizes.left ? sizes.sparse : undefined, bytes],
    ["ONNX Runtime, one example on one thread", summary.onnxSecondsDense, summary.onnxSeconds, latency],
  ].filter(([, dense, now]) => known(dense) !== undefined && known(now) !== undefined && dense > 0);
}

/** A bar: its length is the dense width of the layer, its filled part the current width. */
function widthCell() {
  const fill = element("i"), track = set(element("span", "width", fill), { "aria-hidden": "true" }), words = element("span");
  const node = element("span", "widths", track, words);
  node.tell = (dense, now, widest) => {
    track.style.width = `${Math.max(3, 180 * dense / widest)}px`;
    fill.style.width = `${100 * now / dense}%`;
    put(words, now === dense ? number(dense) : `${number(now)} of ${number(dense)}`);
  };
  return node;
}

const both = (dense, now, format) => now === dense ? format(dense) : `${format(now)} of ${format(dense)}`;

function layerRow(one) {
  const width = widthCell(), made = row([one.name, width, "", "", ""]);
  let seen = "";
  made.tell = (layer, widest) => {
    const left = shapeOf(layer), said = `${left} ${widest}`;
    if (said === seen) return;
    seen = said;
    width.tell(layer.shape[0], left[0], widest);
    [[2, left.join(" × ")], [3, layer.macs ? both(layer.macs, layer.macsLeft ?? layer.macs, count) : "–"], [4, both(product(layer.shape), product(left), number)]]
      .forEach(([i, text]) => put(made.children[i], text));
  };
  return made;
}

const isLayer = ({ shape }) => shape.length > 1;

/** Shown for runs that prune channels, and in every report; widths only if channels were cut. */
export function widthsPart(container, context) {
  const costs = element("tbody"), body = element("tbody"), foot = row(["", "", "", "", ""]), note = element("p", "quiet");
  const figures = scrolled("What the network costs", "", element("table", "costs", element("thead", "", row(["cost", "whole network", "now", "change"], "th")), costs));
  const table = scrolled("Widths of the layers", "tall", element("table", "layers", element("thead", "", row(["layer", "outputs", "shape now", "MACs", "weights"], "th")), body, element("tfoot", "", foot)));
  container.append(note, figures, table);
  let shown;
  const { ask, end } = inSight(container, () => {
    const { run = {}, cuts = {}, parameters = [] } = shown.parts, layers = parameters.filter(isLayer);
    keyed(costs, costRows(shown), ([label]) => label, ([label]) => row([label, "", "", ""]), (made, [, dense, now, format]) =>
      [format(dense), format(now), less(dense, now)].forEach((text, i) => put(made.children[i + 1], text)));
    show(figures, costs.childElementCount > 0);
    show(table, Boolean(cuts.after) && layers.length > 0);
    put(note, cuts.after ? `${number(cuts.cuts)} cut${cuts.cuts === 1 ? "" : "s"}, the last one at ${context.step} ${number(cuts.step)}. A bar is as long as the layer was wide, and filled as far as it is now.`
      : run.budget ? `Nothing ${context.charts.over ? "was cut" : "is cut yet"}: every layer is as wide as at the start.` : "");
    show(note, note.textContent !== "");
    if (!cuts.after) return;
    const widest = Math.max(...layers.map(({ shape }) => shape[0]), 1);
    keyed(body, layers.slice(0, Math.max(ROWS_AT_ONCE, body.childElementCount + ROWS_AT_ONCE)), ({ name }) => name, layerRow, (made, one) => made.tell(one, widest));
    if (body.childElementCount < layers.length) ask();
    const outputs = (part) => sum(layers, (one) => part(one)[0]), weights = (part) => sum(layers, (one) => product(part(one))), whole = ({ shape }) => shape;
    [plural(layers.length, "layer"), both(outputs(whole), outputs(shapeOf), number), "", both(cuts.dense.macs, cuts.after.macs, count), both(weights(whole), weights(shapeOf), number)]
      .forEach((text, i) => put(foot.children[i], text));
  });
  const changed = when(["parameters", "cuts", "sizes", "summary", "run"], () => ask());
  return {
    update(document) {
      shown = document;
      const { run = {}, cuts = {} } = document.parts;
      show(container.closest("section"), Boolean(run.budget || cuts.after) || context.live === false && costRows(document).length > 0);
      changed(document);
    },
    destroy: end,
  };
}
