import { element } from "espalier/base/dom.js";

/** Event on window after the colours changed; canvases redraw. */
export const THEME_CHANGED = "espalier:theme";

const KEY = "espalier.theme", CHOICES = ["system", "light", "dark"];
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // no storage, such as for a file
  }
}

/** The chosen theme: "system", "light" or "dark". */
export function theme() {
  const chosen = document.documentElement.dataset.theme ?? remembered();
  return CHOICES.includes(chosen) ? chosen : "system";
}

/** Whether the page is currently dark. */
export const isDark = () => theme() === "dark" || theme() === "system" && dark.matches;

const tell = () => window.dispatchEvent(new CustomEvent(THEME_CHANGED, { detail: { theme: theme(), dark: isDark() } }));

export function setTheme(choice) {
  document.documentElement.dataset.theme = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // no storage: the choice applies to this page only
  }
  tell();
}

/** Toggles between light and dark. */
export const turnTheme = () => setTheme(isDark() ? "light" : "dark");

/** Applies the stored choice; call before the first drawing. */
export function startTheme() {
  document.documentElement.dataset.theme = theme();
  dark.addEventListener("change", () => { if (theme() === "system") tell(); });
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    document.documentElement.dataset.theme = CHOICES.includes(event.newValue) ? event.newValue : "system";
    tell();
  });
}

/** The theme selector of the page header. */
export function themeSwitch(container) {
  const names = { system: "as the system", light: "light", dark: "dark" };
  const select = element("select", "theme", ...CHOICES.map((choice) => {
    const option = element("option", "", names[choice]);
    option.value = choice;
    return option;
  }));
  const show = () => { select.value = theme(); };
  select.setAttribute("aria-label", "Colours");
  select.title = "Colours (t)";
  select.addEventListener("change", () => setTheme(select.value));
  window.addEventListener(THEME_CHANGED, show);
  show();
  container.append(select);
  return { update: show, destroy: () => window.removeEventListener(THEME_CHANGED, show) };
}
