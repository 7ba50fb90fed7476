import { element } from "espalier/base/dom.js";

const SECOND_KEY_MS = 1500;
const TYPED_IN = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";

const bound = []; // {keys, text, run}; the latest binding takes precedence
const KEY = "espalier.keys";
let begun = "", until = 0, help = null, off = remembered() === "off";

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Turns single keys on or off; they interfere with speech input. */
function turn(on) {
  off = !on;
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // no storage: the choice applies to this page only
  }
}

/**
 * Binds a key, or two in a row such as "g r".
 *
 * @param text description for the help
 * @param run takes the event; returns false to leave the key to the browser
 * @return function that removes the binding
 */
export function bind(keys, text, run) {
  const binding = { keys, text, run };
  bound.unshift(binding);
  return () => {
    const at = bound.indexOf(binding);
    if (at >= 0) bound.splice(at, 1);
  };
}

/** Binds several keys: [[keys, text, run], …]. */
export function bindAll(list) {
  const undo = list.map((one) => bind(...one));
  return () => undo.forEach((each) => each());
}

/** The keys of charts that share settings. */
export function chartKeys(settings) {
  const smoother = (by) => () => settings.set({ smooth: Math.round(20 * Math.max(0, Math.min(1, settings.smooth + by))) / 20 });
  return bindAll([
    ["p", "pause the drawing, or catch up", () => settings.set({ paused: !settings.paused })],
    ["l", "logarithmic axes, or plain ones", () => settings.set({ log: !settings.log })],
    ["+, =", "smoother curves", smoother(0.1)], ["-", "rougher curves", smoother(-0.1)],
    ["z", "show all steps", () => settings.set({ x: null })],
  ]);
}

function press(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.composedPath()[0];
  if (target instanceof Element && target.matches(TYPED_IN)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (off || document.querySelector("dialog[open]")) return;
  const before = event.timeStamp < until ? begun + " " : "";
  until = 0;
  const pressed = [before + event.key, event.key];
  const binding = pressed.map((keys) => bound.find((one) => one.keys.split(", ").includes(keys))).find(Boolean);
  if (binding) {
    if (ownKey(target, event.key)) return;
    if (binding.run(event) !== false) event.preventDefault();
  } else if (bound.some((one) => one.keys.startsWith(event.key + " "))) {
    begun = event.key;
    until = event.timeStamp + SECOND_KEY_MS;
  }
}

/** Whether the focused link or button handles the key itself. */
const ownKey = (target, key) => (key === "Enter" || key === " ") && target instanceof Element
  && target.matches("a[href], button, summary, input");

const SPOKEN = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

function caps(keys) {
  const told = element("dt");
  keys.split(", ").filter((way) => way !== "=").forEach((way, i) => {
    if (i) told.append(" or ");
    way.split(" ").forEach((key, j) => told.append(j ? " then " : "", element("kbd", "", SPOKEN[key] ?? key)));
  });
  return told;
}

/** Opens the list of the current key bindings. */
export function showHelp() {
  if (help) return;
  const seen = new Set();
  const list = element("dl", "keys bare");
  for (const { keys, text } of [...bound].reverse()) {
    if (seen.has(keys)) continue;
    seen.add(keys);
    list.append(caps(keys), element("dd", "", text));
  }
  const close = element("button", "", "Close");
  close.type = "button";
  const heading = element("h2", "", "Keys");
  const box = element("input");
  box.type = "checkbox";
  box.checked = !off;
  box.addEventListener("change", () => turn(box.checked));
  help = element("dialog", "box", heading, list, element("label", "", box, " Keys are on"), element("div", "buttons", close));
  help.setAttribute("aria-label", "Keys");
  close.addEventListener("click", () => help.close());
  help.addEventListener("close", () => { help.remove(); help = null; });
  document.body.append(help);
  help.showModal();
}

/** Starts to listen for keys; `go` opens a route. */
export function startKeys(go) {
  document.addEventListener("keydown", press);
  bindAll([
    ["?", "this help", showHelp],
    ["g r", "list of runs", () => go("#/runs")],
    ["g s", "processes and topics", () => go("#/system")],
  ]);
}
