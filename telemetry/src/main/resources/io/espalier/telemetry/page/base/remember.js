/** Choices of a viewer, kept by the browser under the names of this page. */

const PREFIX = "espalier.";

/** The remembered choice, or the other one. */
export function remembered(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, choice) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(choice));
  } catch {
    // no storage: the choice lasts until the page closes
  }
}
