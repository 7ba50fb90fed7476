import { element, set } from "espalier/base/dom.js";

/** A box that scrolls what is too wide or too high for it, by keys too; named, so that it can be told from others. */
export const scrollBox = (label, className, ...children) =>
  set(element("div", className, ...children), { tabindex: 0, role: "region", "aria-label": label });
