/** Documents, built from messages of the live stream or from a report. */
import { paced } from "espalier/base/pace.js";

/** Longest series, in points; a longer one is thinned to half of this. */
const MOST_POINTS = 6000;

/** Thins a series to minimum and maximum of neighbouring points, so that peaks stay; keeps the newest quarter unchanged. */
export function thinned([xs, ys], wanted = MOST_POINTS / 2) {
  const recent = Math.floor(xs.length - wanted / 4), size = Math.ceil(recent / (wanted * 3 / 8));
  const outXs = [], outYs = [];
  for (let from = 0; from < recent; from += size) {
    let low = -1, high = -1;
    for (let i = from; i < Math.min(recent, from + size); i++) {
      if (ys[i] === null) continue;
      if (low < 0 || ys[i] < ys[low]) low = i;
      if (high < 0 || ys[i] > ys[high]) high = i;
    }
    const kept = low < 0 ? [from] : low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
    kept.forEach((i) => { outXs.push(xs[i]); outYs.push(ys[i]); });
  }
  return [outXs.concat(xs.slice(recent)), outYs.concat(ys.slice(recent))];
}

/** The state of a subject: parts by name, and series by name, each {@code [xs, ys]}. */
export class Document {
  constructor(subject) {
    this.subject = subject;
    this.parts = Object.create(null);
    this.series = Object.create(null);
    this.present = false;
    this.absent = undefined;
    this.revisions = new Map();
  }

  /** A number that increases when one of these changes: names of parts and series, or prefixes of names that end in "/". */
  revision(names) {
    return names.reduce((total, name) => total + (this.revisions.get(name) ?? 0), 0);
  }

  /** Points of a series, empty if unknown. */
  points(name) {
    return this.series[name] ?? [[], []];
  }

  /** Names of parts or series with this prefix, in order of arrival. */
  static under(table, prefix) {
    return Object.keys(table).filter((name) => name.startsWith(prefix));
  }

  apply(message) {
    if (message.type === "absent") {
      this.absent = message.reason ?? "";
      return;
    }
    this.absent = undefined;
    if (message.type === "snapshot") {
      [...Object.keys(this.parts), ...Object.keys(this.series)].forEach((name) => this.#touch(name));
      this.parts = Object.create(null);
      this.series = Object.create(null);
    }
    this.present = true;
    Object.entries(message.parts ?? {}).forEach(([name, value]) => {
      if (value === null) delete this.parts[name];
      else this.parts[name] = value;
      this.#touch(name);
    });
    Object.entries(message.series ?? {}).forEach(([name, change]) => {
      this.#points(name, change);
      this.#touch(name);
    });
  }

  #points(name, change) {
    const mine = this.series[name];
    if (Array.isArray(change)) this.series[name] = change;
    else if (change.all || !mine) this.series[name] = change.all ?? change.append;
    else change.append.forEach((values, axis) => values.forEach((value) => mine[axis].push(value)));
    if (this.series[name][0].length > MOST_POINTS) this.series[name] = thinned(this.series[name]);
  }

  #touch(name) {
    for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1)) this.#rise(name.slice(0, at + 1));
    this.#rise(name);
  }

  #rise(name) {
    this.revisions.set(name, (this.revisions.get(name) ?? 0) + 1);
  }
}

/** All documents of a page. Listeners are called with batched changes, at most four times a second, in an animation frame. */
export class Store {
  #documents = new Map();
  #listeners = new Map();
  #changed = new Set();
  #tell = paced(() => this.#flush());

  document(subject) {
    if (!this.#documents.has(subject)) this.#documents.set(subject, new Document(subject));
    return this.#documents.get(subject);
  }

  apply(message) {
    this.document(message.subject).apply(message);
    this.#changed.add(message.subject);
    this.#tell();
  }

  /** Calls the listener with the document, soon and after each change; returns a function that unsubscribes it. */
  subscribe(subject, listener) {
    if (!this.#listeners.has(subject)) this.#listeners.set(subject, new Set());
    this.#listeners.get(subject).add(listener);
    this.#changed.add(subject);
    this.#tell();
    return () => this.#listeners.get(subject).delete(listener);
  }

  /** Removes all documents except these. */
  keep(subjects) {
    [...this.#documents.keys()].filter((subject) => !subjects.includes(subject))
      .forEach((subject) => this.#documents.delete(subject));
  }

  #flush() {
    const subjects = [...this.#changed];
    this.#changed.clear();
    subjects.forEach((subject) => [...this.#listeners.get(subject) ?? []].forEach((listen) => listen(this.document(subject))));
  }
}

/** Returns a function that draws a document only if one of these parts and series has changed. */
export function when(names, draw) {
  let seen, revision;
  return (document) => {
    const now = document.revision(names);
    if (document === seen && now === revision) return;
    seen = document;
    revision = now;
    draw(document);
  };
}
