import { element, put, set, show } from "espalier/base/dom.js";
import { ago, count, day, duration, firstSentence, number, percent, short } from "espalier/base/format.js";
import { href } from "espalier/frame/router.js";
import { isActive, isSilent, progressOf, trainingLoss } from "espalier/runs/run-rows.js";
import { column } from "espalier/runs/columns.js";
import { briefOf, wholeOf } from "espalier/compare/labels.js";
import { budgetText } from "espalier/compare/figures.js";
import { metricOfFacts } from "espalier/compare/metric.js";
import { labelOf } from "espalier/base/names.js";
import { alertName } from "espalier/frame/alerts.js";

const SVG = "http://www.w3.org/2000/svg", WIDE = 96, HIGH = 24;

/** A sparkline, scaled to its own values. */
export function spark() {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  set(svg, { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "spark", "aria-hidden": "true", focusable: "false" });
  svg.append(path);
  return {
    node: svg,
    update(values = []) {
      const finite = values.filter(Number.isFinite);
      const low = Math.min(...finite), span = Math.max(...finite) - low || 1;
      let from = "M", line = "";
      values.forEach((value, i) => {
        if (!Number.isFinite(value)) {
          from = "M";
          return;
        }
        const x = values.length > 1 ? 1 + i / (values.length - 1) * (WIDE - 2) : WIDE / 2;
        line += `${from}${x.toFixed(1)} ${(HIGH - 2 - (value - low) / span * (HIGH - 4)).toFixed(1)}`;
        from = "L";
      });
      set(path, { d: finite.length > 1 ? line : "" });
    },
  };
}

/** A progress bar with a text beside it. */
export function meter() {
  const fill = element("i"), bar = element("span", "meter", fill), words = element("span", "of");
  bar.setAttribute("aria-hidden", "true");
  return {
    node: element("span", "metered", bar, words),
    update(share, text) {
      fill.style.transform = `scaleX(${share ?? 0})`;
      show(bar, share !== undefined);
      put(words, text);
    },
  };
}

/** Shows a state as a badge. */
export function stateBadge(node, state) {
  put(node, state);
  const wanted = `state ${/^[a-z]+$/.test(state ?? "") ? state : ""}`;
  if (node.className !== wanted) node.className = wanted;
}

const word = ({ kind }) => kind === "federation" ? "round" : "step";

const kindsOf = ({ alerts }) => [...new Set(alerts.map(({ kind }) => kind))];

function progressText(row) {
  const { step, totalSteps } = row;
  if (step === undefined || row.state === "queued" && step === 0) return "";
  return totalSteps ? `${number(step)} of ${number(totalSteps)} ${word(row)}s` : `${word(row)} ${number(step)}`;
}

function paceText(row) {
  if (row.state === "queued") return row.waitsFor ?? "waits to start";
  if (!isActive(row.state)) return "";
  if (isSilent(row)) return "nothing heard of it any more";
  return [row.rate > 0 && `${number(row.rate, row.rate < 10 ? 2 : 0)} ${word(row)}s/s`,
    row.etaSeconds !== undefined && `${duration(row.etaSeconds)} left`].filter(Boolean).join(" · ");
}

/** Why a run ended so, where that needs a word. */
const endText = ({ state, reason }) => isActive(state) ? "" : reason ?? "";

const known = (value, format) => Number.isFinite(value) ? format(value) : "–";

/** Cells that are more than a text: key of the column → a function that makes {cells, update(row)}. */
const DRAWN = {
  state() {
    const state = element("span", "state"), alerts = element("span", "alerting");
    let told = "";
    return { cells: [state, alerts], update(row) {
      stateBadge(state, row.state);
      const kinds = kindsOf(row).join("\n");
      if (kinds === told) return;
      told = kinds;
      alerts.replaceChildren(...(kinds ? kinds.split("\n") : []).map((kind) => element("span", "alert-mark", alertName(kind))));
    } };
  },
  progress() {
    const progress = meter(), pace = set(element("span", "under quiet"), { dir: "auto" });
    return { cells: [progress.node, pace], update(row) {
      progress.update(progressOf(row), progressText(row));
      put(pace, paceText(row));
      set(pace, { title: pace.textContent || null });
    } };
  },
  result() {
    const result = element("span");
    return { cells: [result], update(row) {
      const metric = metricOfFacts(row);
      put(result, known(row[metric.key], metric.brief));
      set(result, { title: metric.title });
    } };
  },
  sparsity() {
    const sparsity = element("span"), target = element("span", "under quiet");
    return { cells: [sparsity, " ", target], update(row) {
      const budget = budgetText(row), far = row.targetSparsity !== row.sparsity;
      put(sparsity, known(row.sparsity, percent));
      put(target, row.budget ? budget.replace("parameters", "params") : Number.isFinite(row.targetSparsity) && far ? `of ${percent(row.targetSparsity, 1)}` : "");
      set(target, { title: budget || null });
    } };
  },
  macs() {
    const macs = element("span"), saved = element("span", "under quiet");
    return { cells: [macs, " ", saved], update(row) {
      put(macs, known(row.macs, count));
      put(saved, row.macs < row.macsDense ? `−${percent(1 - row.macs / row.macsDense, 1)}` : "");
      set(saved, { title: row.macs < row.macsDense ? `${count(row.macsDense)} of the whole network` : null });
    } };
  },
  loss() {
    const loss = element("span", "number"), curve = spark();
    return { cells: [curve.node, loss], update(row) {
      put(loss, known(trainingLoss(row), short));
      curve.update(row.spark);
    } };
  },
  heard() {
    const heard = element("span");
    return { cells: [heard], tick(row, now) {
      const time = row.heartbeat && isActive(row.state) ? Math.max(row.heartbeat, row.updated ?? 0) : row.updated;
      put(heard, time ? ago(now - time) : "–");
      set(heard, { title: time ? `last event at ${day(time)}${row.begun ? `, begun ${day(row.begun)}` : ""}` : null });
    } };
  },
};

/** A cell of a column that shows a text. */
function plain({ text }) {
  const words = set(element("span", "text"), { dir: "auto" });
  return { cells: [words], update(row) { put(words, text(row) ?? ""); } };
}

const LONGEST_WHOLE = 20;

/** A name that lines break between its parts, and within long ones. */
const brokenBetweenParts = (name) =>
  name.split(" · ").map((part) => (part.length <= LONGEST_WHOLE ? part.replaceAll(" ", "\u00a0") : part)).join("\u00a0· ");

/**
 * One row of the list. update(row, parts of its name) changes only what differs; columns(keys) sets its cells; tick(now) updates the
 * age of its newest event.
 *
 * @param choose called with the id and whether it is selected
 */
export function runRow(id, choose) {
  const box = set(element("input"), { type: "checkbox" });
  const link = element("a", "name"), ident = element("span", "id quiet"), tags = element("span", "tags"), why = element("span", "under why");
  link.dir = ident.dir = why.dir = "auto";
  box.addEventListener("change", () => choose(id, box.checked));
  const node = element("tr", "", element("td", "box", box),
    set(element("th", "what", link, element("span", "under", ident, tags), why), { scope: "row" }));
  let row, parts, toldTags = "", shownKeys = "", cells = [];

  function update(next, named) {
    row = next;
    parts = named;
    const name = briefOf(parts);
    put(link, brokenBetweenParts(name));
    set(link, { href: href("run", [id]), title: `${wholeOf(parts)}\n${id}` });
    put(ident, brokenBetweenParts(labelOf(id)));
    set(ident, { title: id });
    show(ident, labelOf(id) !== name);
    set(box, { "aria-label": `Select ${name}` });
    const all = row.tags ?? [], written = all.join("\n");
    if (written !== toldTags) {
      tags.replaceChildren(...all.map((tag) => set(element("span", "tag", tag), { dir: "auto" })));
      toldTags = written;
    }
    put(why, firstSentence(endText(row)));
    set(why, { title: endText(row) || null });
    why.classList.toggle("bad", row.state === "failed");
    cells.forEach((cell) => cell.update?.(row));
  }

  /** Shows the columns of these keys. */
  function columns(keys) {
    const wanted = keys.join("\n");
    if (wanted === shownKeys) return;
    shownKeys = wanted;
    cells.forEach((cell) => cell.node.remove());
    cells = keys.map((key) => {
      const one = column(key), cell = (DRAWN[key] ?? (() => plain(one)))();
      return { ...cell, node: set(element("td", `col-${DRAWN[key] ? key : "text"}`, ...cell.cells), { "data-label": one.label, "data-column": key }) };
    });
    node.append(...cells.map((cell) => cell.node));
    cells.forEach((cell) => cell.update?.(row));
  }

  return {
    node, link, update, columns,
    tick(now) { cells.forEach((cell) => cell.tick?.(row, now)); },
    get row() { return row; },
    get parts() { return parts; },
    tickBox(on) {
      box.checked = on;
      node.classList.toggle("chosen", on);
    },
  };
}
