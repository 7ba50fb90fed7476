/** The live stream of a page: one connection, reopened when it breaks, closed while the page is hidden. */

const FIRST_WAIT = 500, LONGEST_WAIT = 5000, HIDDEN = 10000, SILENT = 15000;

/** Parses a byte stream of server-sent events; yields the data of each event. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split(/\r?\n\r?\n/);
      rest = parts.pop();
      for (const part of parts) {
        const data = part.split(/\r?\n/).filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart());
        if (data.length) yield data.join("\n");
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * Subscribes to subjects. Listeners receive {@code {link, status, at, tried, problem}}: link is "connecting", "open",
 * "broken", "asleep" or "refused" (the server requires a token); status is the newest status message, received at `at`.
 */
export class Live {
  #subjects = [];
  #listeners = new Set();
  #abort = null;
  #wait = FIRST_WAIT;
  #timer = null;
  #asleep = null;
  #state = { link: "connecting", status: null };

  /** {@code take} receives each message except status messages; {@code token} returns the bearer token or null. */
  constructor({ take, token = () => null, base = "live" }) {
    this.take = take;
    this.token = token;
    this.base = base;
    document.addEventListener("visibilitychange", () => this.#seen());
    // A page in the back-forward cache would keep its connection.
    addEventListener("pagehide", () => this.#sleep());
    addEventListener("pageshow", ({ persisted }) => { if (persisted) this.#wake(); });
    setInterval(() => this.#listen(), 5000);
  }

  get state() {
    return this.#state;
  }

  /** The time of the server's clock, epoch milliseconds. */
  get now() {
    return Date.now() + (this.#state.offset ?? 0);
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  watch(subjects) {
    const wanted = [...new Set(subjects)].slice(0, 32);
    if (wanted.join() === this.#subjects.join()) return;
    this.#subjects = wanted;
    this.reconnect();
  }

  /** Reopens the stream, for instance with a new token. */
  reconnect() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#wait = FIRST_WAIT;
    if (this.#subjects.length && !(document.hidden && this.#state.link === "asleep")) this.#open();
  }

  async #open() {
    const abort = this.#abort = new AbortController();
    const asked = new URLSearchParams(this.#subjects.map((subject) => ["subject", subject]));
    const token = this.token();
    this.#tell({ link: this.#state.link === "broken" ? "broken" : "connecting" });
    try {
      const answer = await fetch(`${this.base}?${asked}`, {
        signal: abort.signal, cache: "no-store", headers: token ? { Authorization: `Bearer ${token}` } : {},
      });
      if (answer.status === 401 || answer.status === 403) {
        this.#tell({ link: "refused", tried: Boolean(token), status: null });
        return;
      }
      if (!answer.ok || !answer.body) throw new Error(`the server answered ${answer.status}`);
      for await (const data of events(answer.body)) {
        if (abort.signal.aborted) return;
        this.#message(JSON.parse(data));
      }
      throw new Error("the stream ended");
    } catch (problem) {
      if (abort.signal.aborted && abort === this.#abort && !abort.silent || abort !== this.#abort) return;
      this.#again(problem);
    }
  }

  #message(message) {
    this.#wait = FIRST_WAIT;
    this.heard = Date.now();
    if (message.type === "status") {
      this.#tell({ link: "open", status: message, at: this.heard, offset: message.now - this.heard, problem: undefined });
    } else {
      this.take(message);
    }
  }

  #again(problem) {
    this.#tell({ link: "broken", problem: String(problem.message ?? problem) });
    this.#timer = setTimeout(() => this.#open(), this.#wait);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
  }

  /** Aborts a connection that has been silent for too long. */
  #listen() {
    if (this.#state.link !== "open" || document.hidden || Date.now() - this.heard < SILENT) return;
    this.#abort.silent = true;
    this.#abort.abort();
  }

  #seen() {
    clearTimeout(this.#asleep);
    if (document.hidden) this.#asleep = setTimeout(() => this.#sleep(), HIDDEN);
    else this.#wake();
  }

  #sleep() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#tell({ link: "asleep" });
  }

  #wake() {
    if (this.#state.link !== "asleep") return;
    this.#tell({ link: "connecting" });
    this.reconnect();
  }

  #tell(changes) {
    this.#state = { ...this.#state, ...changes };
    this.#listeners.forEach((listen) => listen(this.#state));
  }
}
