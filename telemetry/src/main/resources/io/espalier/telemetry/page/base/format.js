/** Formats of numbers and times for display. */

const formats = [];

export function number(value, digits = 0) {
  formats[digits] ??= new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return formats[digits].format(value);
}
export const percent = (share, digits = 2) => number(100 * share, digits) + "\u00a0%";
const scaled = (value, units, step) => {
  let i = 0;
  while (Math.abs(value) >= step && i < units.length - 1) { value /= step; i++; }
  return (i === 0 ? number(value) : number(value, value < 10 ? 2 : value < 100 ? 1 : 0)) + units[i];
};
export const bytes = (value) => scaled(value, ["\u00a0B", "\u00a0kB", "\u00a0MB", "\u00a0GB", "\u00a0TB"], 1000);
export const count = (value) => scaled(value, ["", "\u00a0k", "\u00a0M", "\u00a0G", "\u00a0T"], 1000);
export const times = (ratio) => number(ratio, ratio < 10 ? 1 : 0) + "×";
/** Four significant digits, for losses and learning rates. */
export const short = (value) => Number(value.toPrecision(4)).toString();
/** A share in percent: whole percents on an axis, two decimals for a value. */
export const share = (value, axis) => percent(value, axis ? 0 : 2);
export const milliseconds = (value, axis) => (axis ? short(value) : number(value, value < 1 ? 3 : value < 100 ? 2 : 0)) + "\u00a0ms";
export const plural = (many, what) => `${number(many)} ${what}${many === 1 ? "" : "s"}`;

/** The first sentence of a text. */
export const firstSentence = (text) => /^.+?[.!?](?=\s+\p{Lu})/su.exec(text)?.[0] ?? text;

/** Formats a duration in seconds. */
export function duration(seconds) {
  if (seconds < 60) return number(seconds, seconds < 10 ? 1 : 0) + " s";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Formats an age in milliseconds, coarsely. */
export function ago(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 1) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} days ago`;
}

const two = (value) => String(value).padStart(2, "0");
/** Formats epoch milliseconds as local time of day. */
export const clock = (time) => {
  const at = new Date(time);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
};
export const day = (time) => {
  const at = new Date(time);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(time)}`;
};
/** Formats epoch milliseconds in ISO 8601, UTC, for tooltips. */
export const exact = (time) => new Date(time).toISOString();

export const known = (...values) => values.find((value) => typeof value === "number" && Number.isFinite(value));
export const product = (shape) => shape.reduce((all, extent) => all * extent, 1);
export const sum = (list, value = (item) => item) => list.reduce((total, item) => total + value(item), 0);
