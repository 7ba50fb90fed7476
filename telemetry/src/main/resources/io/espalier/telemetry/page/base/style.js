/** Colours of the present theme, read from the page's style. */

const cache = new Map();
const listeners = new Set();

/** The value of a custom property such as "--blue". */
export function css(name) {
  if (!cache.has(name)) cache.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return cache.get(name);
}

/** The colour, partly see-through. */
export const pale = (name, part) => `color-mix(in srgb, ${css(name)} ${Math.round(100 * part)}%, transparent)`;

function changed() {
  cache.clear();
  listeners.forEach((listen) => listen());
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

/** Calls when colours have changed; ends with what is returned. */
export function onStyle(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
