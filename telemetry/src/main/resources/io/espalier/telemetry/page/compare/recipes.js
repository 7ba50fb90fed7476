/** Line diff of two recipes. */
import { element, freshId, put, set, show } from "espalier/base/dom.js";
import { plural } from "espalier/base/format.js";
import { scrollBox } from "espalier/base/scroll.js";
import { changedLines } from "espalier/compare/diff.js";

const SIGNS = { same: " ", removed: "−", added: "+" };
const SPOKEN = { removed: "only left: ", added: "only right: " };
const MOST_LINES = 2000;

function lineOf({ kind, text, lines }) {
  if (kind === "gap") return element("div", "gap", `⋯ ${plural(lines, "equal line")}`);
  return element("div", kind, set(element("span", "sign", SIGNS[kind]), { "aria-hidden": true }),
    SPOKEN[kind] && element("span", "unseen", SPOKEN[kind]), element("code", "", text));
}

function chooser(label) {
  const select = set(element("select"), { id: freshId("recipe") });
  return { select, node: element("span", "field", set(element("label", "", label), { for: select.id }), select) };
}

/** update([{label, recipe}]); the user selects two of them. */
export function recipeDiff(container) {
  const left = chooser("Left (−)"), right = chooser("Right (+)"), told = set(element("p", "quiet"), { role: "status" });
  const lines = scrollBox("Lines that differ", "diff");
  container.append(element("div", "filters", left.node, right.node), told, lines);
  let all = [], written = "", drawn = "";

  function draw() {
    const [before, after] = [left, right].map(({ select }) => all[Number(select.value)]?.recipe);
    const now = JSON.stringify([before, after]);
    if (now === drawn) return;
    drawn = now;
    const missing = before === undefined || after === undefined;
    const shown = missing ? [] : changedLines(before, after);
    const many = (kind) => shown.filter((one) => one.kind === kind).length;
    put(told, missing ? "The recipe of one of them is not known." : shown.length === 0 ? "The recipes are the same."
      : `${plural(many("removed"), "line")} only on the left, ${plural(many("added"), "line")} only on the right.`);
    show(lines, shown.length > 0);
    lines.replaceChildren(...shown.slice(0, MOST_LINES).map(lineOf));
    if (shown.length > MOST_LINES) lines.append(lineOf({ kind: "gap", lines: shown.length - MOST_LINES }));
  }

  [left, right].forEach(({ select }) => select.addEventListener("change", draw));
  return {
    update(recipes) {
      all = recipes;
      show(container, all.length > 1);
      const labels = JSON.stringify(all.map(({ label }) => label));
      if (labels !== written) {
        written = labels;
        [left, right].forEach(({ select }, place) => {
          const before = select.value;
          select.replaceChildren(...all.map(({ label }, i) => set(element("option", "", label), { value: i })));
          select.value = before === "" ? String(Math.min(place, all.length - 1)) : before;
        });
      }
      draw();
    },
  };
}
