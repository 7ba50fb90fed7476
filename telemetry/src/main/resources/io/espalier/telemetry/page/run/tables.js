/** Tables of a run: parameters, timeline, recipe and provenance. */
import { element, keyed, put, row, set, show } from "espalier/base/dom.js";
import { bytes, clock, count, day, exact, number, percent, product, sum } from "espalier/base/format.js";
import { inSight } from "espalier/base/pace.js";
import { when } from "espalier/data/store.js";

const WEIGHT_BYTES = 4;
const ROWS_AT_ONCE = 30;
const densityOf = ({ units, kept }) => units && kept !== undefined ? kept / units : 1;

export const scrolled = (label, className, ...children) =>
  set(element("div", `scroll ${className}`.trim(), ...children), { tabindex: 0, role: "region", "aria-label": label });

function densityCell() {
  const fill = element("i"), words = element("span"), node = element("span", "", words, set(element("span", "bar", fill), { "aria-hidden": "true" }));
  node.tell = (density) => {
    put(words, percent(density));
    fill.style.width = Math.max(100 * density, density > 0 ? 1.5 : 0) + "%";
  };
  return node;
}

const turned = ({ prunable, pruned, regrown = 0 }) => !prunable || !Number.isFinite(pruned) ? "–"
  : pruned + regrown === 0 ? "none" : `−${number(pruned)} +${number(regrown)}`;

/** Cells of a row: name, shape, units, kept, density (null: drawn as a bar), changes by the last update, dense size, kept size, MACs, kept MACs. */
function texts(one) {
  const size = product(one.shape) * WEIGHT_BYTES, density = densityOf(one);
  return [one.name, (one.shapeLeft ? `${one.shapeLeft.join(" × ")} of ` : "") + one.shape.join(" × "), number(one.units), one.prunable || one.kept < one.units ? number(one.kept) : "all", null,
    turned(one),
    bytes(size), bytes(size * density), one.macs ? count(one.macs) : "–", one.macs ? count(one.macs * density) : "–"];
}

function parameterRow(one) {
  const density = densityCell(), made = row(texts(one).map((text) => text ?? density), "td", one.prunable ? "" : "fixed");
  let seen = "";
  made.tell = (now) => {
    const said = `${now.kept} ${now.pruned} ${now.regrown} ${now.shapeLeft}`;
    if (said === seen) return;
    seen = said;
    texts(now).forEach((text, i) => { if (text !== null) put(made.children[i], text); });
    density.tell(densityOf(now));
  };
  return made;
}

const HEADS = ["parameter", "shape", "units", "kept", "density", "last update", "dense size", "kept size", "MACs", "kept MACs"];

export function parametersPart(container) {
  const body = element("tbody"), density = densityCell();
  const foot = row(["", "", "", "", density, "", "", "", "", ""]);
  const table = scrolled("Table of parameters", "tall", element("table", "parameters", element("thead", "", row(HEADS, "th")), body, element("tfoot", "", foot)));
  const none = element("p", "empty-line", "The run has not described its network.");
  container.append(table, none);
  let shown, built = 0;
  const { ask, end } = inSight(container, () => {
    const parameters = shown.parts.parameters ?? [], prunable = parameters.filter((one) => one.prunable);
    show(table, parameters.length > 0);
    show(none, parameters.length === 0);
    built = Math.min(parameters.length, Math.max(built, body.childElementCount) + ROWS_AT_ONCE);
    keyed(body, parameters.slice(0, built), (one) => one.name, parameterRow, (made, one) => made.tell(one));
    if (built < parameters.length) ask();
    const size = (one) => product(one.shape) * WEIGHT_BYTES, units = sum(prunable, (one) => one.units), kept = sum(prunable, (one) => one.kept);
    const macs = (part) => sum(parameters, (one) => (one.macs ?? 0) * part(one));
    [`${prunable.length} of ${parameters.length} prunable`, "", number(units), number(kept), null, "",
      bytes(sum(parameters, size)), bytes(sum(parameters, (one) => size(one) * densityOf(one))), count(macs(() => 1)), count(macs(densityOf))]
      .forEach((text, i) => { if (text !== null) put(foot.children[i], text); });
    density.tell(kept / Math.max(1, units));
  });
  const changed = when(["parameters"], () => ask());
  return { update(document) { shown = document; changed(document); }, destroy: end };
}

const BAD = ["failed", "trainer-failed", "checkpoint-failed", "events-lost", "alert"];

function happening(one, live) {
  const today = new Date().toDateString() === new Date(one.time).toDateString();
  const time = element("time", "quiet", today && live ? clock(one.time) : day(one.time));
  set(time, { datetime: exact(one.time), title: day(one.time) });
  return element("li", BAD.includes(one.kind) ? "bad" : "", time,
    element("span", "kind", one.kind.replaceAll("-", " ")), set(element("span", "text", one.text ?? ""), { dir: "auto" }));
}

/** The timeline of a run, newest first. */
export function happeningsPart(container, context) {
  const list = element("ol", "happenings"), box = scrolled("List of what happened", "tall", list), none = element("p", "empty-line", "Nothing has happened yet.");
  container.append(box, none);
  const draw = when(["happenings", "run"], ({ parts }) => {
    // The alert that a failure raises has the text of the failure.
    const ends = new Set((parts.happenings ?? []).filter(({ kind }) => kind === "failed").map(({ text }) => text));
    const all = (parts.happenings ?? []).filter(({ kind, text }) => kind !== "alert" || !ends.has(text)), seen = new Map();
    show(box, all.length > 0);
    show(none, all.length === 0);
    const keys = new Map(all.map((one) => {
      const key = JSON.stringify([one.time, one.kind, one.text]), many = seen.get(key) ?? 0;
      seen.set(key, many + 1);
      return [one, `${key} ${many}`];
    }));
    keyed(list, all, (one) => keys.get(one), (one) => {
      const made = happening(one, context.live);
      if (one.step !== undefined) made.insertBefore(element("span", "quiet at-step", `${context.step} ${number(one.step)}`), made.lastChild);
      return made;
    });
  });
  return { update: draw };
}

/** A table of the settings in which a run differs from the shipped recipe of its name. */
function changesOf({ recipe, changed }) {
  const name = element("code", "", recipe);
  if (changed.length === 0) return [element("p", "quiet", "It is the shipped recipe ", name, ".")];
  return [element("p", "quiet", "What differs from the shipped recipe ", name, ":"), scrolled("Settings that differ from the shipped recipe", "changes",
    element("table", "", element("thead", "", row(["setting", recipe, "this run"], "th")), element("tbody", "", ...changed.map(({ key, base = "–", run = "–" }) => row([key, base, run])))))];
}

export function originsPart(container) {
  const recipe = set(element("pre"), { tabindex: 0, role: "region", "aria-label": "Text of the recipe" }), list = element("dl"), changes = element("div");
  container.append(element("div", "", element("h2", "", "Recipe"), changes, recipe), element("div", "", element("h2", "", "Provenance"), list));
  const draw = when(["provenance", "base"], ({ parts: { provenance: told, base } }) => {
    changes.replaceChildren(...base ? changesOf(base) : []);
    put(recipe, told?.recipe ?? "not recorded");
    const facts = told ? [["Espalier", told.version], ["Java", told.javaVersion], ["System", told.os], ["Processors", told.processors],
      ["Processor", told.processor], ["Instructions", told.capability], ["Seed", told.seed],
      ["Trainers", `${told.trainers}, threads each: ${told.threadsPerTrainer}`], ["Data", told.dataName], ["Data digest", told.dataDigest],
      ["Layout digest", told.layoutDigest],
      ["Goes on from", told.parent && `${told.parent.run}, step ${number(told.parent.step)}`], ["Changed", told.parent?.changes.join(", ") || undefined],
      ...Object.entries(told.libraries ?? {})] : [["Provenance", "the first event of a run tells it"]];
    list.replaceChildren(...facts.filter(([, value]) => value !== undefined && value !== null)
      .flatMap(([name, value]) => [element("dt", "", name), element("dd", "", String(value))]));
  });
  return { update: draw };
}
