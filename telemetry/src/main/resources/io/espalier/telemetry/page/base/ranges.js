/** Ranges and formats of y axes. */
import { percent } from "espalier/base/format.js";

export const fromZero = (u, low, high) => [0, high > 0 ? high * 1.05 : 1];
/** The range from 0 to a value at least. */
export const toAtLeast = (least) => (u, low, high) => [0, Math.max(least, high * 1.05)];
/** The range of shares, rounded outwards to tenths. */
export const wholes = (u, low, high) => [Math.max(0, Math.floor((low ?? 0) * 10) / 10), Math.min(1, Math.ceil((high ?? 1) * 10) / 10) || 1];
/** The range of values with some room around them. */
export const around = (u, low, high) => {
  const room = 0.05 * ((high ?? 1) - (low ?? 0)) || 0.1;
  return [Math.max(0, (low ?? 0) - room), (high ?? 1) + room];
};
/** The range 0 to 1. */
export const unit = () => [0, 1];
export const ratio = (value) => percent(value, 1);
