/** What diagnostics found of the final network: figures, tables and remarks of each. */
import { element, row, set, show } from "espalier/base/dom.js";
import { number, percent, short } from "espalier/base/format.js";
import { scrollBox } from "espalier/base/scroll.js";
import { when } from "espalier/data/store.js";

const text = (value, format) => value === null ? "–"
  : format === "text" ? element("bdi", "", value)
  : format === "count" ? number(value)
  : format === "number" ? short(value)
  : percent(value);

function cell(value, { format }) {
  if (format !== "bar" || value === null) return text(value, format);
  const fill = element("i");
  fill.style.width = `${100 * Math.min(1, value)}%`;
  return element("span", "", percent(value), set(element("span", "bar", fill), { "aria-hidden": "true" }));
}

const table = (title, { headings, rows }) => scrollBox(title, "scroll tall", element("table", "",
  element("thead", "", row(headings.map(({ label }) => label), "th")),
  element("tbody", "", ...rows.map((values) => row(values.map((value, i) => cell(value, headings[i])))))));

function finding({ title, figures, tables, notes }) {
  const facts = Object.values(figures).flatMap(({ label, format, value }) => [element("dt", "", label), element("dd", "", text(value, format))]);
  return element("div", "finding", element("h3", "", title), element("dl", "facts", ...facts),
    ...tables.flatMap((each) => [each.title && element("h4", "", each.title), table(each.title ? `${title}: ${each.title}` : title, each)]),
    ...notes.map((note) => element("p", "quiet", note)));
}

/** Hides its section where nothing has been analysed. */
export function analysisPart(container) {
  const update = when(["analysis"], ({ parts: { analysis } }) => {
    show(container.parentElement, analysis);
    if (analysis) container.replaceChildren(...Object.values(analysis.findings).map(finding));
  });
  show(container.parentElement, false);
  return { update };
}
