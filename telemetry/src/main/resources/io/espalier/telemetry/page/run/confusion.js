/** The classes of the test set: how many of each are recognised, and what the others are taken for. */
import { element, row, set, show } from "espalier/base/dom.js";
import { number, percent, sum } from "espalier/base/format.js";
import { scrollBox } from "espalier/base/scroll.js";
import { when } from "espalier/data/store.js";

/** With more classes only the table by class is drawn. */
const MOST_CELLS = 40;

/** The name of a class; of a space, its code. */
const nameOf = (name) => name.trim() ? name : [...name].map((each) => "U+" + each.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")).join(" ");

const rightOf = (counts, i) => counts[i][i] / Math.max(1, sum(counts[i]));

/** The wrong answer that a class gets most often, or -1. */
function worst(counts, i) {
  return counts[i].reduce((most, many, answer) => answer !== i && many > 0 && (most < 0 || many > counts[i][most]) ? answer : most, -1);
}

function classRow(classes, counts, i) {
  const all = sum(counts[i]), error = worst(counts, i), fill = element("i");
  fill.style.width = `${100 * rightOf(counts, i)}%`;
  return row([element("bdi", "", classes[i]), number(all), number(counts[i][i]),
    all === 0 ? "–" : element("span", "", percent(rightOf(counts, i)), set(element("span", "bar", fill), { "aria-hidden": "true" })),
    error < 0 ? "–" : element("span", "", element("bdi", "", classes[error]), ` (${number(counts[i][error])}×)`)]);
}

function matrixCell(classes, counts, i, j) {
  const many = counts[i][j], part = many / Math.max(1, sum(counts[i])), made = element("td", i === j ? "right" : many > 0 ? "wrong" : "", many === 0 ? "·" : number(many));
  if (many > 0) made.style.setProperty("--part", `${Math.round(100 * Math.sqrt(part))}%`);
  return set(made, { title: `${classes[i]} taken for ${classes[j]}: ${number(many)}` });
}

function matrix(classes, counts) {
  const head = element("tr", "", set(element("th", "", "class \\ answer"), { scope: "col" }), ...classes.map((name) => set(element("th", "", element("bdi", "", name)), { scope: "col" })));
  return element("table", "confusion", element("thead", "", head), element("tbody", "",
    ...classes.map((name, i) => element("tr", "", set(element("th", "", element("bdi", "", name)), { scope: "row" }), ...classes.map((_, j) => matrixCell(classes, counts, i, j))))));
}

/** Hides its section where the run has not counted classes. */
export function confusionPart(container) {
  const update = when(["confusion"], ({ parts: { confusion } }) => {
    show(container.parentElement, confusion);
    if (!confusion) return;
    const { counts } = confusion, classes = confusion.classes.map(nameOf);
    const table = element("table", "classes", element("thead", "", row(["class", "examples", "right", "accuracy", "mostly taken for"], "th")),
      element("tbody", "", ...classes.map((_, i) => classRow(classes, counts, i))));
    container.replaceChildren(scrollBox("Accuracy by class", "scroll tall", table),
      ...(classes.length <= MOST_CELLS ? [scrollBox("Confusion of classes: rows are true classes, columns are answers", "scroll tall", matrix(classes, counts))] : []));
  });
  show(container.parentElement, false);
  return { update };
}
