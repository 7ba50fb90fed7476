/** Colours of the current theme, read from the style sheet. */

const cache = new Map();
const listeners = new Set();

/** The value of a custom property such as "--blue". */
export function css(name) {
  if (!cache.has(name)) cache.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return cache.get(name);
}

/** The colour with an opacity of `part`. */
export const pale = (name, part) => `color-mix(in srgb, ${css(name)} ${Math.round(100 * part)}%, transparent)`;

function changed() {
  cache.clear();
  listeners.forEach((listen) => listen());
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

/** Calls the listener after the colours changed; returns a function that unsubscribes it. */
export function onStyle(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
