/** DOM helpers. Text is always set as text, never as markup. */

/** Creates an element; skips missing children (undefined, null, false, ""). */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return made;
}

/** Sets a node's text unless it is unchanged. */
export function put(node, text) {
  const wanted = text === undefined || text === null ? "" : String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
  return node;
}

/** Sets the name of a parameter, which breaks after its dots. */
export function putName(node, name) {
  if (node.textContent !== name) node.replaceChildren(...name.split(/(?<=\.)/).flatMap((part, i) => i > 0 ? [element("wbr"), part] : [part]));
}

export function show(node, yes) {
  if (node.hidden === Boolean(yes)) node.hidden = !yes;
  return node;
}

/** Sets attributes; removes those that are null or undefined. */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
  }
  return node;
}

export function button(label, pressed, className = "") {
  const made = set(element("button", className, label), { type: "button" });
  made.addEventListener("click", pressed);
  return made;
}

/** Adds an explanation that shows on hover and that screen readers read. */
export const explained = (node, text) => set(node, { title: text });

let ids = 0;
export const freshId = (prefix) => `${prefix}-${++ids}`;

/** Creates a section with a heading and an optional note below it. */
export function section(title, note) {
  const heading = set(element("h2", "", title), { id: freshId("part") });
  return set(element("section", "", heading, note && element("p", "quiet", note)), { "aria-labelledby": heading.id });
}

/**
 * Reconciles a container's children with the items, in their order: creates a child once per key, updates it afterwards,
 * and moves it only if its position changed.
 */
export function keyed(container, items, keyOf, make, update) {
  const before = container.keyedChildren ?? new Map(), now = new Map();
  items.forEach((item) => {
    const key = keyOf(item), node = before.get(key) ?? make(item);
    now.set(key, node);
    if (update) update(node, item);
  });
  before.forEach((node, key) => { if (!now.has(key)) node.remove(); });
  let place = container.firstChild;
  for (const node of now.values()) {
    if (node === place) place = place.nextSibling;
    else container.insertBefore(node, place);
  }
  container.keyedChildren = now;
}

/** Creates a table row of nodes and texts; tag "th" makes column headings. */
export const row = (cells, tag = "td", className = "") => element("tr", className, ...cells.map((cell) =>
  tag === "th" ? set(element("th", "", cell), { scope: "col" }) : element("td", "", cell)));
