/** The live page: header, alerts and the view of the address. */
import "espalier/data/measured.js";
import { alertBar, titled } from "espalier/frame/alerts.js";
import { comparePage } from "espalier/compare/compare.js";
import { button, element, set, show } from "espalier/base/dom.js";
import { showHelp, bind, startKeys } from "espalier/frame/keys.js";
import { Live } from "espalier/data/live.js";
import { measure } from "espalier/data/measured.js";
import { Router, Settings, href } from "espalier/frame/router.js";
import { nameProgram } from "espalier/frame/program.js";
import { runPage } from "espalier/run/live-run.js";
import { runsPage } from "espalier/runs/runs.js";
import { statusPart } from "espalier/frame/status.js";
import { Store } from "espalier/data/store.js";
import { submitPage } from "espalier/submit.js";
import { systemPage } from "espalier/system.js";
import { startTheme, themeSwitch, turnTheme } from "espalier/frame/theme.js";
import { TOKEN_CHANGED, askForToken, takeTokenFromAddress, token } from "espalier/frame/token.js";

const VIEWS = { runs: runsPage, run: runPage, federation: runPage, compare: comparePage, submit: submitPage, system: systemPage };
const TITLES = { runs: "Runs", compare: "Comparison", submit: "Submit a run", system: "System" };

startTheme();
takeTokenFromAddress();

const main = document.getElementById("view"), top = document.getElementById("top");

async function about() {
  try {
    const answer = await fetch("info", { cache: "no-store" });
    if (answer.ok) return await answer.json();
  } catch {
    // the status part shows that the server is unreachable
  }
  return { mode: "alone", token: false, control: false, notes: false };
}

const info = await about();
nameProgram(info.command);
const links = [["runs", "Runs"], ...(info.control ? [["submit", "Submit"]] : []), ["system", "System"]].map(([page, text]) => [page, set(element("a", "", text), { href: href(page) })]);
const COMMON = ["runs", ...(info.notes ? ["notes"] : [])];
const store = new Store();
const stream = new Live({
  token,
  take: (message) => {
    store.apply(message);
    measure(message);
  },
});
const settings = new Settings();
const go = (address) => router.go(address);
let view = null;

/** Replaces the current view by the view of a route. */
function open(route) {
  view?.destroy();
  main.replaceChildren();
  const page = VIEWS[route.page] ? route.page : "runs";
  settings.read(route.query);
  links.forEach(([name, link]) => set(link, { "aria-current": name === page ? "page" : null }));
  titled(TITLES[page] ?? route.names[0]);
  barOf.leaveOut(VIEWS[page] === runPage ? route.names[0] : null);
  const context = { store, stream, info, settings, router, go, query: route.query, names: route.names, live: page === "runs" ? stream : true, now: () => stream.now };
  view = VIEWS[page](main, context);
  const subjects = [...COMMON, ...view.subjects];
  store.keep(subjects);
  stream.watch(subjects);
  scrollTo(0, 0);
}

/** Asks for a token after a refused connection; opens one dialog until the user gives a token or cancels. */
async function needToken(tried) {
  const given = await askForToken(tried ? "The server does not know this token, or it may not read." : "The server shows its runs to those who have a token.");
  if (given !== null) asked = false;
}

const barOf = alertBar(document.getElementById("alerts"));
const tokenButton = button("Give a token", () => needToken(stream.state.tried));
const router = new Router(open);

top.append(set(element("a", "brand", "Espalier"), { href: href("runs") }),
  set(element("nav", "", ...links.map(([, link]) => link)), { "aria-label": "Pages" }));
const right = element("div", "right");
top.append(right);
statusPart(right, { stream, info });
right.append(tokenButton);
themeSwitch(right);
right.append(set(button("?", showHelp), { "aria-label": "Keys", title: "Keys (?)" }));

let asked = false;
stream.subscribe(({ link, tried }) => {
  show(tokenButton, link === "refused");
  if (link === "open") asked = false;
  if (link !== "refused" || asked) return;
  asked = true;
  needToken(tried);
});
addEventListener(TOKEN_CHANGED, () => stream.reconnect());

/** Alerts of runs that the list shows: neither archived nor deleted ones. */
function alert() {
  const { parts: notes, present } = store.document("notes");
  if (info.notes && !present) return;
  barOf.update(Object.entries(store.document("runs").parts).filter(([id]) => !notes[id]?.archived && !notes[id]?.deleted).map(([, row]) => row), stream.now);
}

COMMON.forEach((subject) => store.subscribe(subject, alert));
startKeys(go);
bind("t", "light or dark", turnTheme);
router.start();
