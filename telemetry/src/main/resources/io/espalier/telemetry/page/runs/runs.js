import { button, element, freshId, put, set, show } from "espalier/base/dom.js";
import { number, plural } from "espalier/base/format.js";
import { href, refine } from "espalier/frame/router.js";
import { soon } from "espalier/base/pace.js";
import { bindAll } from "espalier/frame/keys.js";
import { STATES, firstWay, isActive, isSilent, matcher, order, rowMaker, tagsOf } from "espalier/runs/run-rows.js";
import { runRow } from "espalier/runs/runrow.js";
import { scrollBox } from "espalier/base/scroll.js";
import { differing, shortKeys } from "espalier/compare/settings.js";
import { emptyList } from "espalier/runs/empty.js";

/** Largest number of compared runs. */
export const MOST_COMPARED = 8;
const PAGE = 100;
const MOST_SETTINGS = 3;
const COLUMNS = [["", ""], ["name", "run"], ["state", "state"], ["progress", "progress"], ["result", "result"],
  ["sparsity", "sparsity"], ["macs", "MACs"], ["loss", "loss"], ["heard", "heard of"]];

/** Ids of the selected runs in the order of selection; kept when the list closes. */
const chosen = new Set();

/** Orders nodes with few moves; nodes in place are not touched. */
function arrange(body, nodes) {
  const wanted = new Set(nodes);
  [...body.children].forEach((node) => { if (!wanted.has(node)) node.remove(); });
  let place = body.firstChild;
  for (const node of nodes) {
    if (place && node !== place && place.nextSibling === node) {
      const late = place;
      place = node;
      body.append(late);
    }
    if (node === place) place = place.nextSibling;
    else body.insertBefore(node, place);
  }
}

function field(name, label, options) {
  const made = element(options ? "select" : "input");
  set(made, { id: freshId(name), name });
  if (options) options.forEach(([value, text]) => made.append(set(element("option", "", text), { value })));
  return { made, node: element("span", "field", set(element("label", "", label), { for: made.id }), made) };
}

/** The list of runs: `#/runs?q=&state=&tag=&sort=`. Context: {store, stream, info, router}. */
export function runsPage(container, { store, stream, info, router }) {
  const { query } = router.route, go = (address) => router.go(address);
  const asked = { q: query.get("q") ?? "", state: query.get("state") ?? "", tag: query.get("tag") ?? "", sort: query.get("sort") ?? "" };
  const search = field("search", "Search"), states = field("state", "State", [["", "all"], ...STATES.map((one) => [one, one])]);
  const tags = field("tag", "Tag", [["", "all"]]);
  set(search.made, { type: "search", placeholder: "name, id or tag", title: "Search (/)", autocomplete: "off", spellcheck: "false" });
  search.made.value = asked.q;
  states.made.value = asked.state;
  const counted = set(element("p", "quiet counted"), { role: "status" });
  const body = element("tbody"), heads = new Map(), head = element("tr");
  const table = set(element("table", "runs", element("thead", "", head), body), { "aria-label": "Runs" });
  const more = button("", () => { limit += PAGE; redraw(); }, "more");
  const scroll = scrollBox("List of runs", "scroll", table);
  const compare = button("Compare", () => { if (chosen.size > 1) go(href("compare", [...chosen])); }, "primary");
  const picked = set(element("span"), { role: "status" });
  const bar = element("div", "picked", picked, compare, button("Clear", () => { chosen.clear(); hinted = false; redraw(); }));
  const empty = emptyList(() => choose({ q: "", state: "", tag: "" }));
  container.append(element("h1", "", "Runs"), element("div", "filters", search.node, states.node, tags.node), counted, scroll, more, empty.node, bar);

  const views = new Map(), rowsOf = rowMaker();
  let settingHeads = [], toldSettings = "";
  const further = element("p", "quiet further");
  scroll.after(further);
  let rows = [], matching = [], shown = [], limit = PAGE, toldTags = null, hinted = false;
  const key = {}, redraw = () => soon(key, draw);

  COLUMNS.forEach(([name, label]) => {
    const cell = set(element("th", name ? "col-" + name : "box", name ? button(label, () => sortBy(name), "plain") : element("span", "unseen", "select")), { scope: "col" });
    heads.set(name, cell);
    head.append(cell);
  });

  /** Columns of the settings in which the shown runs differ; the first few, as a table has little room. */
  function showSettings() {
    const all = differing(shown.map(({ row }) => row.settings)), keys = all.slice(0, MOST_SETTINGS), written = keys.join("\n");
    if (written !== toldSettings) {
      toldSettings = written;
      settingHeads.forEach((cell) => cell.remove());
      settingHeads = shortKeys(keys).map((name, i) => set(element("th", "setting", ...name.split(/(?<=\.)/).flatMap((part, at) => at > 0 ? [element("wbr"), part] : [part])), { scope: "col", title: keys[i] }));
      heads.get("heard").before(...settingHeads);
      table.classList.toggle("with-settings", settingHeads.length > 0);
    }
    shown.forEach((view) => view.settings(keys));
    put(further, all.length > keys.length ? `${plural(all.length - keys.length, "more setting")} differ: compare runs to see all.` : "");
    show(further, all.length > keys.length);
  }

  function choose(changes) {
    Object.assign(asked, changes);
    search.made.value = asked.q;
    states.made.value = asked.state;
    tags.made.value = asked.tag;
    limit = PAGE;
    refine(asked);
    redraw();
  }

  /** Cycles through the column's initial direction, the opposite one, and the order by activity. */
  function sortBy(name) {
    const first = firstWay(name), [now, way] = asked.sort.split(".");
    choose({ sort: now !== name ? `${name}.${first}` : way === first ? `${name}.${first === "up" ? "down" : "up"}` : "" });
  }

  function pick(id, on) {
    hinted = false;
    if (!on) chosen.delete(id);
    else if (chosen.size < MOST_COMPARED) chosen.add(id);
    redraw();
  }

  function showTags() {
    const all = tagsOf(rows), written = JSON.stringify(all);
    if (written === toldTags) return;
    toldTags = written;
    const known = all.map(([tag, many]) => [tag, `${tag} (${number(many)})`]);
    if (asked.tag && !all.some(([tag]) => tag === asked.tag)) known.push([asked.tag, asked.tag]);
    tags.made.replaceChildren(...[["", "all"], ...known].map(([value, text]) => set(element("option", "", text), { value })));
    tags.made.value = asked.tag;
    show(tags.node, known.length > 0);
  }

  function draw() {
    const now = stream.now, [sorted, way] = asked.sort.split(".");
    rows = rowsOf(store.document("runs").parts, store.document("service").parts);
    if (rows.length > 0 && chosen.size > 0) {
      const ids = new Set(rows.map(({ id }) => id));
      chosen.forEach((id) => { if (!ids.has(id)) chosen.delete(id); });
    }
    matching = rows.filter(matcher(asked)).sort(order(sorted, way));
    shown = matching.slice(0, limit).map((row) => {
      const view = views.get(row.id) ?? runRow(row.id, pick);
      views.set(row.id, view);
      if (view.row !== row) view.update(row);
      view.tick(now);
      view.tickBox(chosen.has(row.id), chosen.size < MOST_COMPARED);
      return view;
    });
    showSettings();
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    arrange(body, shown.map(({ node }) => node));
    if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
    for (const [id, view] of views) if (!view.node.isConnected) views.delete(id);
    for (const [name, cell] of heads) set(cell, { "aria-sort": name === sorted ? (way === "up" ? "ascending" : "descending") : null });
    showTags();
    const silent = rows.filter(isSilent).length;
    put(counted, rows.length === 0 ? "" : [matching.length < rows.length && `${number(matching.length)} of`,
      plural(rows.length, "run") + ",", number(rows.filter((row) => isActive(row.state)).length - silent), "on the way" + (silent > 0 ? "," : ""),
      silent > 0 && `${number(silent)} silent`].filter(Boolean).join(" "));
    show(scroll, matching.length > 0);
    show(more, matching.length > shown.length);
    put(more, `Show more: ${number(matching.length - shown.length)} are left`);
    empty.update({ rows: rows.length, matching: matching.length, known: store.document("runs").present, state: stream.state, service: info.mode === "service" });
    show(bar, chosen.size > 0 || hinted);
    put(picked, `${number(chosen.size)} selected${chosen.size < 2 ? ": select two or more to compare" : chosen.size === MOST_COMPARED ? ", as many as are compared" : ""}`);
    compare.disabled = chosen.size < 2;
  }

  const at = () => shown.findIndex(({ node }) => node.contains(document.activeElement));
  const move = (by) => {
    const view = shown[Math.max(0, Math.min(shown.length - 1, at() < 0 && by < 0 ? 0 : at() + by))];
    view?.link.focus();
    view?.node.scrollIntoView({ block: "nearest" });
  };
  /** Arrow keys scroll the page unless the list has the focus. */
  const arrow = (by) => () => at() < 0 ? false : move(by);
  const unbind = bindAll([
    ["/", "search", () => { search.made.focus(); search.made.select(); }],
    ["j", "next run", () => move(1)], ["k", "run before", () => move(-1)],
    ["ArrowDown", "next run, from a run", arrow(1)], ["ArrowUp", "run before, from a run", arrow(-1)],
    ["Enter", "open the run", () => { if (at() < 0) return false; go(shown[at()].link.hash); }],
    ["x", "select the run", () => { const view = shown[at()]; if (view) pick(view.row.id, !chosen.has(view.row.id)); }],
    ["c", "compare the selected runs", () => { hinted = chosen.size < 2; compare.click(); redraw(); }],
    ["Escape", "clear search and selection", () => { chosen.clear(); hinted = false; choose({ q: "", state: "", tag: "" }); }],
  ]);
  search.made.addEventListener("input", () => choose({ q: search.made.value }));
  states.made.addEventListener("change", () => choose({ state: states.made.value }));
  tags.made.addEventListener("change", () => choose({ tag: tags.made.value }));
  const reach = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting) && !more.hidden) { limit += PAGE; redraw(); }
  }, { rootMargin: "400px" });
  reach.observe(more);
  const ends = [store.subscribe("runs", redraw), store.subscribe("service", redraw), stream.subscribe(redraw)];
  const timer = setInterval(redraw, 1000);
  redraw();
  return {
    subjects: info.mode === "service" ? ["runs", "service"] : ["runs"],
    destroy() {
      clearInterval(timer);
      unbind();
      reach.disconnect();
      ends.forEach((end) => end());
    },
  };
}
