/** Addresses within the page, such as #/run/ID?smooth=0.4; each is a permalink. */

/** Whether the text is a valid run id. */
export const isRunId = (id) => /^[A-Za-z0-9._-]{1,200}$/.test(id);

/** Parses a hash to {@code {page, names, query}}; the default page is "runs". */
export function parse(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [page, ...rest] = path.split("/");
  return { page: page || "runs", names: decoded(rest.join("/")), query: new URLSearchParams(query) };
}

function decoded(text) {
  return text.split(",").filter(Boolean).map((name) => {
    try {
      return decodeURIComponent(name);
    } catch {
      return name;
    }
  });
}

/** Returns the address of a page: href("run", ["A"]), href("compare", ["A", "B"], {smooth: 0.4}). */
export function href(page, names = [], query = {}) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  const path = `#/${page}${names.length ? "/" + names.map(encodeURIComponent).join(",") : ""}`;
  return asked.size ? `${path}?${asked}` : path;
}

/** Calls the function with the route, at the start and whenever the address changes to another route. */
export class Router {
  constructor(changed) {
    this.changed = changed;
    addEventListener("hashchange", () => this.#read());
  }

  start() {
    this.#read();
  }

  go(address) {
    location.hash = address;
  }

  #read() {
    this.route = parse(location.hash);
    this.changed(this.route);
  }
}

/** Changes the query of the current address without opening a page; removes empty values. */
export function refine(changes) {
  const { page, names, query } = parse(location.hash);
  Object.entries(changes).forEach(([name, value]) => {
    if (value === undefined || value === null || value === "") query.delete(name);
    else query.set(name, value);
  });
  const asked = query.toString(), path = location.hash.split("?")[0] || (page === "runs" && !names.length ? "" : href(page, names));
  history.replaceState(null, "", asked ? `${path || "#/"}?${asked}` : path || "#/");
}

const SMOOTH = 0.3;

const AXES = ["step", "epoch", "time"];

/**
 * Settings of charts: smooth 0..1, log, axis ("step", "epoch" or "time"), x (zoom on that axis, [from, to] or null), band
 * (means of runs that differ in the seed), paused. All but paused are part of the address.
 */
export class Settings {
  #listeners = new Set();

  constructor(query = new URLSearchParams()) {
    this.read(query);
  }

  read(query) {
    const x = (query.get("x") ?? "").split("..").map(Number);
    const smooth = Number(query.get("smooth") ?? SMOOTH);
    this.smooth = smooth >= 0 && smooth <= 1 ? smooth : SMOOTH;
    this.log = query.get("log") === "1";
    this.x = x.length === 2 && x.every(Number.isFinite) && x[0] < x[1] ? x : null;
    this.axis = AXES.includes(query.get("axis")) ? query.get("axis") : AXES[0];
    this.band = query.get("band") !== "0";
    this.paused = false;
  }

  /** Changes some settings: set({smooth: 0.5}). */
  set(changes) {
    Object.assign(this, changes);
    refine({
      smooth: this.smooth === SMOOTH ? null : this.smooth,
      log: this.log ? 1 : null,
      axis: this.axis === AXES[0] ? null : this.axis,
      band: this.band ? null : 0,
      x: this.x && this.x.map((end) => Number(end.toPrecision(8))).join(".."),
    });
    this.#listeners.forEach((listen) => listen(changes));
  }

  /** Calls the listener with each change; returns a function that unsubscribes it. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
