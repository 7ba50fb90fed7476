import { element } from "espalier/base/dom.js";
import { toType } from "espalier/frame/program.js";

/** Event on window after the token was set or removed. */
export const TOKEN_CHANGED = "espalier:token";

const KEY = "espalier.token";
let held = null, asking = null;

/** The bearer token of requests, or null. Stored for this tab only. */
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
    // no storage: held until the page closes
  }
  window.dispatchEvent(new CustomEvent(TOKEN_CHANGED));
}

/** Takes the token from an address with `#token=…`, and removes it from address and history. */
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

/** Authorization header with the token, or none. */
export const bearer = () => token() ? { Authorization: "Bearer " + token() } : {};

/**
 * Asks for a token; concurrent callers share one dialog.
 *
 * @param why text above the field, such as the server's answer
 * @return the token, or null if the dialog was cancelled
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
  const code = (text) => element("code", "", toType(text));
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
