import { button, element, freshId, put, set, show } from "espalier/base/dom.js";
import { number, plural } from "espalier/base/format.js";
import { refine } from "espalier/frame/router.js";
import { remember, remembered } from "espalier/base/remember.js";
import { soon } from "espalier/base/pace.js";
import { bindAll } from "espalier/frame/keys.js";
import { ARCHIVED, STATES, isActive, isSilent, matcher, rowMaker, tagsOf } from "espalier/runs/run-rows.js";
import { FIRST_COLUMNS, GROUPING, column, columnOf, grouped, order } from "espalier/runs/columns.js";
import { chooseColumns } from "espalier/runs/column-chooser.js";
import { runRow } from "espalier/runs/runrow.js";
import { scrollBox } from "espalier/base/scroll.js";
import { choices, partsOf } from "espalier/compare/labels.js";
import { differing } from "espalier/compare/settings.js";
import { emptyList } from "espalier/runs/empty.js";
import { selectionBar } from "espalier/runs/selection.js";

const PAGE = 100;
const REMEMBERED = "runs";
const NAME_REM = 15, BOX_REM = 2.6;

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

/** Parts of the names of rows by id, computed anew only where a row or the set of rows has changed. */
function namer() {
  let before = [], names = new Map();
  const told = new WeakMap();
  const tellOf = (row) => {
    if (!told.has(row)) told.set(row, JSON.stringify([row.id, row.name, row.settings]));
    return told.get(row);
  };
  return (rows) => {
    const now = rows.map(tellOf);
    if (now.length !== before.length || now.some((one, i) => one !== before[i])) {
      before = now;
      const parts = partsOf(rows), old = names;
      names = new Map(rows.map(({ id }, i) => [id, JSON.stringify(old.get(id)) === JSON.stringify(parts[i]) ? old.get(id) : parts[i]]));
    }
    return names;
  };
}

/** A heading of a group of rows. */
function groupRow(text, many, columns) {
  const cell = set(element("th", "", element("bdi", "", text), element("span", "quiet", plural(many, "run"))), { colspan: columns + 2, scope: "rowgroup" });
  return element("tr", "group", cell);
}

/** The list of runs: `#/runs?q=&state=&tag=&sort=&group=`. Context: {store, stream, info, router}. */
export function runsPage(container, { store, stream, info, router }) {
  const { query } = router.route, go = (address) => router.go(address);
  const kept = { columns: FIRST_COLUMNS, sort: "", group: "", ...remembered(REMEMBERED, {}) };
  const asked = { q: query.get("q") ?? "", state: query.get("state") ?? "", tag: query.get("tag") ?? "", sort: query.get("sort") ?? kept.sort, group: query.get("group") ?? kept.group };
  let keys = kept.columns.filter(column);
  const search = field("search", "Search"), states = field("state", "State", [["", "all"], ...STATES.map((one) => [one, one]), ...(info.notes ? [[ARCHIVED, ARCHIVED]] : [])]);
  const tags = field("tag", "Tag", [["", "all"]]), groups = field("group", "Group by", [["", "nothing"]]);
  set(search.made, { type: "search", placeholder: "name, id, note or tag", title: "Search (/)", autocomplete: "off", spellcheck: "false" });
  search.made.value = asked.q;
  states.made.value = asked.state;
  const counted = set(element("p", "quiet counted"), { role: "status" });
  const body = element("tbody"), head = element("tr");
  const table = set(element("table", "runs", element("thead", "", head), body), { "aria-label": "Runs" });
  const more = button("", () => { limit += PAGE; redraw(); }, "more");
  const scroll = scrollBox("List of runs", "scroll", table);
  const all = set(element("input"), { type: "checkbox", "aria-label": "Select all shown runs", title: "Select all shown runs" });
  const empty = emptyList(() => choose({ q: "", state: "", tag: "" }));
  const bar = selectionBar({ chosen, info, go, row: (id) => rows.find((one) => one.id === id), changed: () => redraw() });
  const columnsButton = button("Columns", () => chooseColumns(keys, settingsOf(), (next) => { keys = next; keep(); redraw(); }));
  container.append(element("h1", "", "Runs"), element("div", "filters", search.node, states.node, tags.node, groups.node, columnsButton), counted, scroll, more, empty.node, bar.node);

  const views = new Map(), heads = new Map(), groupViews = new Map(), rowsOf = rowMaker(), namesOf = namer();
  let rows = [], matching = [], shown = [], limit = PAGE, toldTags = null, toldGroups = null, toldHeads = null;
  const key = {}, redraw = () => soon(key, draw);

  /** Keys of all settings, those in which the matching runs differ first. */
  function settingsOf() {
    const settings = matching.filter((row) => row.settings).map((row) => choices(row.settings)), first = differing(settings);
    return [...first, ...[...new Set(settings.flatMap(Object.keys))].filter((one) => !first.includes(one)).sort()];
  }

  function keep() {
    remember(REMEMBERED, { columns: keys, sort: asked.sort, group: asked.group });
  }

  function showHeads() {
    const written = keys.join("\n");
    if (written === toldHeads) return;
    toldHeads = written;
    heads.clear();
    head.replaceChildren(set(element("th", "box", element("span", "unseen", "select"), all), { scope: "col" }), ...["name", ...keys].map((name) => {
      const { label, title, width } = column(name);
      const cell = set(element("th", `col-${name.replace(/[^a-z]/g, "-")}`, button(label, () => sortBy(name), "plain")), { scope: "col", title: title ?? null });
      if (width) cell.style.width = `${width}rem`;
      heads.set(name, cell);
      return cell;
    }));
    table.style.minWidth = `${keys.reduce((total, name) => total + column(name).width, NAME_REM + BOX_REM)}rem`;
  }

  function choose(changes) {
    Object.assign(asked, changes);
    search.made.value = asked.q;
    states.made.value = asked.state;
    tags.made.value = asked.tag;
    groups.made.value = asked.group;
    limit = PAGE;
    if ("sort" in changes || "group" in changes) keep();
    refine(asked);
    redraw();
  }

  /** Cycles through the column's initial direction, the opposite one, and the order by activity. */
  function sortBy(name) {
    const { first } = column(name), at = asked.sort.lastIndexOf("."), [now, way] = [asked.sort.slice(0, at), asked.sort.slice(at + 1)];
    choose({ sort: now !== name ? `${name}.${first}` : way === first ? `${name}.${first === "up" ? "down" : "up"}` : "" });
  }

  function pick(id, on) {
    if (on) chosen.add(id);
    else chosen.delete(id);
    bar.hint(false);
    redraw();
  }

  function showTags() {
    const every = tagsOf(rows), written = JSON.stringify(every);
    if (written === toldTags) return;
    toldTags = written;
    const known = every.map(([tag, many]) => [tag, `${tag} (${number(many)})`]);
    if (asked.tag && !every.some(([tag]) => tag === asked.tag)) known.push([asked.tag, asked.tag]);
    tags.made.replaceChildren(...[["", "all"], ...known].map(([value, text]) => set(element("option", "", text), { value })));
    tags.made.value = asked.tag;
    show(tags.node, known.length > 0);
  }

  /** Groups by columns, and by settings in which the runs differ. */
  function showGroups() {
    const settings = differing(matching.filter((row) => row.settings).map((row) => choices(row.settings))).map(columnOf);
    const every = [...GROUPING, ...settings], written = every.join("\n");
    if (written === toldGroups) return;
    toldGroups = written;
    if (asked.group && column(asked.group) && !every.includes(asked.group)) every.push(asked.group);
    groups.made.replaceChildren(...[["", "nothing"], ...every.map((one) => [one, column(one).title ?? column(one).label])].map(([value, text]) => set(element("option", "", text), { value })));
    groups.made.value = asked.group;
  }

  function viewOf(row, names) {
    const view = views.get(row.id) ?? runRow(row.id, pick), parts = names.get(row.id);
    views.set(row.id, view);
    if (view.row !== row || view.parts !== parts) view.update(row, parts);
    view.columns(keys);
    view.tick(stream.now);
    view.tickBox(chosen.has(row.id));
    return view;
  }

  /** Nodes of the table: rows, with a heading above those of each group. */
  function nodesOf(names) {
    const limited = matching.slice(0, limit);
    if (!column(asked.group)?.group) {
      shown = limited.map((row) => viewOf(row, names));
      return shown.map(({ node }) => node);
    }
    shown = [];
    return grouped(limited, asked.group).flatMap(([text, some]) => {
      const told = JSON.stringify([asked.group, text, some.length, keys.length]);
      if (!groupViews.has(told)) groupViews.set(told, groupRow(`${column(asked.group).label} ${text}`, some.length, keys.length));
      const made = some.map((row) => viewOf(row, names));
      shown.push(...made);
      return [groupViews.get(told), ...made.map(({ node }) => node)];
    });
  }

  function draw() {
    const at = asked.sort.lastIndexOf("."), [sorted, way] = [asked.sort.slice(0, at), asked.sort.slice(at + 1)];
    // Without what is written about runs, deleted and archived ones would show for a moment.
    const isRead = !info.notes || store.document("notes").present;
    rows = rowsOf(isRead ? store.document("runs").parts : {}, isRead ? store.document("service").parts : {}, store.document("notes").parts);
    if (rows.length > 0 && chosen.size > 0) {
      const ids = new Set(rows.map(({ id }) => id));
      chosen.forEach((id) => { if (!ids.has(id)) chosen.delete(id); });
    }
    matching = rows.filter(matcher(asked)).sort(order(sorted, way));
    showHeads();
    const nodes = nodesOf(namesOf(matching));
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    arrange(body, nodes);
    if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
    for (const [id, view] of views) if (!view.node.isConnected) views.delete(id);
    for (const [told, node] of groupViews) if (!node.isConnected) groupViews.delete(told);
    for (const [name, cell] of heads) set(cell, { "aria-sort": name === sorted ? (way === "up" ? "ascending" : "descending") : null });
    showTags();
    showGroups();
    const live = rows.filter((row) => !row.archived), silent = live.filter(isSilent).length, away = rows.length - live.length;
    put(counted, rows.length === 0 ? "" : [matching.length < live.length && `${number(matching.length)} of`,
      plural(live.length, "run") + ",", number(live.filter((row) => isActive(row.state)).length - silent), "on the way" + (silent > 0 || away > 0 ? "," : ""),
      silent > 0 && `${number(silent)} silent${away > 0 ? "," : ""}`, away > 0 && `${number(away)} archived`].filter(Boolean).join(" "));
    show(scroll, matching.length > 0);
    show(more, matching.length > shown.length);
    put(more, `Show more: ${number(matching.length - shown.length)} are left`);
    empty.update({ rows: rows.length, matching: matching.length, known: isRead && store.document("runs").present, state: stream.state, service: info.mode === "service" });
    all.checked = shown.length > 0 && shown.every(({ row }) => chosen.has(row.id));
    all.indeterminate = !all.checked && shown.some(({ row }) => chosen.has(row.id));
    bar.update();
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
    ["c", "compare the selected runs", () => { bar.compare(); redraw(); }],
    ["Escape", "clear search and selection", () => { chosen.clear(); bar.hint(false); choose({ q: "", state: "", tag: "" }); }],
  ]);
  search.made.addEventListener("input", () => choose({ q: search.made.value }));
  states.made.addEventListener("change", () => choose({ state: states.made.value }));
  tags.made.addEventListener("change", () => choose({ tag: tags.made.value }));
  groups.made.addEventListener("change", () => choose({ group: groups.made.value }));
  all.addEventListener("change", () => {
    shown.forEach(({ row }) => all.checked ? chosen.add(row.id) : chosen.delete(row.id));
    redraw();
  });
  const reach = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting) && !more.hidden) { limit += PAGE; redraw(); }
  }, { rootMargin: "400px" });
  reach.observe(more);
  const ends = [store.subscribe("runs", redraw), store.subscribe("service", redraw), store.subscribe("notes", redraw), stream.subscribe(redraw)];
  const timer = setInterval(redraw, 1000);
  redraw();
  return {
    subjects: info.mode === "service" ? ["service"] : [],
    destroy() {
      clearInterval(timer);
      unbind();
      reach.disconnect();
      ends.forEach((end) => end());
    },
  };
}
