/** Saves a chart: its values as CSV, its picture as PNG. */
import { css } from "espalier/base/style.js";

function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Quotes a CSV field; a prefix keeps spreadsheets from reading it as a formula. */
const field = (text) => {
  const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Formats columns with labels as CSV; the first column is the x axis. */
export function csv(labels, columns) {
  const lines = columns[0].map((_, i) => columns.map((column) => column[i] ?? "").join(","));
  return [labels.map(field).join(","), ...lines].join("\n") + "\n";
}

export const saveCsv = (name, labels, columns) =>
  save(name + ".csv", new Blob([csv(labels, columns)], { type: "text/csv" }));

/** Saves the canvas with a title above and a legend below: {@code [{label, color}]}. */
export function savePng(name, title, canvas, legend) {
  const ratio = window.devicePixelRatio || 1, font = `${13 * ratio}px system-ui, sans-serif`, line = 22 * ratio, side = 12 * ratio;
  const picture = document.createElement("canvas"), context = picture.getContext("2d");
  context.font = font;
  let x = side, y = 0;
  const places = legend.map(({ label, color }) => {
    const wide = context.measureText(label).width + 28 * ratio;
    if (x > side && x + wide > canvas.width) { x = side; y += line; }
    const place = { label, color, x, y };
    x += wide;
    return place;
  });
  const top = line + 8 * ratio, bottom = top + canvas.height;
  picture.width = canvas.width;
  picture.height = bottom + y + line + 8 * ratio;
  context.fillStyle = css("--card");
  context.fillRect(0, 0, picture.width, picture.height);
  context.textBaseline = "middle";
  context.fillStyle = css("--text");
  context.font = "600 " + font;
  context.fillText(title, side, line / 2 + 4 * ratio, canvas.width - 2 * side);
  context.font = font;
  context.drawImage(canvas, 0, top);
  places.forEach((place) => {
    context.fillStyle = place.color;
    context.fillRect(place.x, bottom + place.y + line / 2 - 2 * ratio, 12 * ratio, 4 * ratio);
    context.fillStyle = css("--text");
    context.fillText(place.label, place.x + 17 * ratio, bottom + place.y + line / 2);
  });
  picture.toBlob((blob) => save(name + ".png", blob));
}
