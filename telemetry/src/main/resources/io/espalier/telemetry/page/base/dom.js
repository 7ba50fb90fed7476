/** Elements. Text is always set as text, never as markup. */

/** A new element; children that are missing (undefined, null, false, "") are left out. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return made;
}

/** Sets a node's text, and touches nothing if it has it already. */
export function put(node, text) {
  const wanted = text === undefined || text === null ? "" : String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
  return node;
}

export function show(node, yes) {
  if (node.hidden === Boolean(yes)) node.hidden = !yes;
  return node;
}

/** Sets attributes; one that is null or undefined is removed. */
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

/** A term with an explanation that is read out and shown on hover. */
export const explained = (node, text) => set(node, { title: text });

let ids = 0;
export const freshId = (prefix) => `${prefix}-${++ids}`;

/** A section with a heading, and a quiet line below it if there is something to explain. */
export function section(title, note) {
  const heading = set(element("h2", "", title), { id: freshId("part") });
  return set(element("section", "", heading, note && element("p", "quiet", note)), { "aria-labelledby": heading.id });
}

/**
 * Makes a container's children those of the items, in their order: a child is made once per key, updated after, and
 * moved only if it is not where it belongs.
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

/** A row of a table: nodes and texts, the first one as the row's heading if asked. */
export const row = (cells, tag = "td", className = "") => element("tr", className, ...cells.map((cell) =>
  tag === "th" ? set(element("th", "", cell), { scope: "col" }) : element("td", "", cell)));
