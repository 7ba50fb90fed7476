import { element, set } from "espalier/base/dom.js";

/** A scrollable box with an accessible name; the keyboard can focus and scroll it. */
export const scrollBox = (label, className, ...children) =>
  set(element("div", className, ...children), { tabindex: 0, role: "region", "aria-label": label });
