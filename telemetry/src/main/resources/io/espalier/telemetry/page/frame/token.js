import { element } from "espalier/base/dom.js";

/** Told on window after the token was set or forgotten. */
export const TOKEN_CHANGED = "espalier:token";

const KEY = "espalier.token";
let held = null, asking = null;

/** The token that requests bear, or null. Kept for this tab only. */
export function token() {
  if (held === null) {
    try {
      held = sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  }
  return held;
}

export function setToken(text) {
  held = text;
  try {
    if (text === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, text);
  } catch {
    // held until the page is closed
  }
  window.dispatchEvent(new CustomEvent(TOKEN_CHANGED));
}

/** Takes over the token of an address that ends in `#token=…`, and removes it from address and history. */
export function takeTokenFromAddress() {
  const found = /^#token=([^&]+)(?:&(.*))?$/.exec(location.hash);
  if (!found) return;
  history.replaceState(null, "", location.pathname + location.search + (found[2] ? "#" + found[2] : ""));
  try {
    setToken(decodeURIComponent(found[1]).trim());
  } catch {
    setToken(found[1].trim());
  }
}

/** Headers of a request with the token, if there is one. */
export const bearer = () => token() ? { Authorization: "Bearer " + token() } : {};

/**
 * Asks for a token; several askers share one question.
 *
 * @param why told above the field, such as what the server said
 * @return the token that was given, or null where the question was left
 */
export function askForToken(why) {
  asking ??= ask(why).finally(() => { asking = null; });
  return asking;
}

function ask(why) {
  const field = element("input");
  field.type = "password";
  field.id = "token-field";
  field.autocomplete = "off";
  field.spellcheck = false;
  field.required = true;
  const label = element("label", "", "Token");
  label.htmlFor = field.id;
  const go = element("button", "primary", "Go on"), leave = element("button", "", "Not now");
  go.type = "submit";
  leave.type = "button";
  const code = (text) => element("code", "", text);
  const form = element("form", "", label, field, element("div", "buttons", go, leave));
  const dialog = element("dialog", "box",
    element("h2", "", "This page needs a token"),
    element("p", "", why),
    element("p", "quiet", "Its owner finds one in the file ", code("service/token"),
      " of the Espalier home (", code("~/.espalier"), " unless set otherwise). For somebody else: ",
      code("espalier serve token create NAME --role read"), " to look, or ",
      code("--role operate"), " to pause and stop runs too."),
    form,
    element("p", "quiet", "It is kept in this tab until you close it."));
  dialog.setAttribute("aria-label", "This page needs a token");
  return new Promise((resolve) => {
    let given = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      given = field.value.trim();
      if (given) dialog.close();
    });
    leave.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (given) setToken(given);
      resolve(given);
    });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
}
