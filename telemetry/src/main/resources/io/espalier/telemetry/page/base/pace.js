/** Paces drawing: in animation frames, at most four times a second, with a bound on the work per frame. */

const GAP = 250;
const BUDGET = 4;

const jobs = new Map();
const waiting = [];
let framed = false;

function frame() {
  framed = false;
  const end = performance.now() + BUDGET;
  for (const [key, work] of jobs) {
    jobs.delete(key);
    work();
    if (performance.now() > end) break;
  }
  if (jobs.size > 0) ask();
  else if (waiting.length > 0) requestAnimationFrame(() => waiting.splice(0).forEach((done) => done()));
}

function ask() {
  if (framed) return;
  framed = true;
  requestAnimationFrame(frame);
}

/** Does the work in one of the next frames, once per key; not in a hidden tab. */
export function soon(key, work) {
  jobs.set(key, work);
  ask();
}

/** Calls back in the frame after all requested work was drawn. */
export function whenDrawn(done) {
  waiting.push(done);
  ask();
}

/** Returns a function that schedules the work, at most once per gap (milliseconds). */
export function paced(work, gap = GAP) {
  let last = -Infinity, timer = null;
  const key = {};
  return () => {
    if (timer !== null) return;
    timer = setTimeout(() => soon(key, () => {
      timer = null;
      last = performance.now();
      work();
    }), Math.max(0, last + gap - performance.now()));
  };
}

const sights = new Map();
const watcher = new IntersectionObserver((entries) => entries.forEach((entry) => {
  sights.get(entry.target)?.(entry.isIntersecting);
}), { rootMargin: "200px" });

/** Calls `seen` when an element enters or leaves the vicinity of the viewport; returns a function that ends this. */
export function watchSight(element, seen) {
  sights.set(element, seen);
  watcher.observe(element);
  return () => {
    sights.delete(element);
    watcher.unobserve(element);
  };
}

/** Printing needs all elements drawn. */
addEventListener("beforeprint", () => {
  sights.forEach((seen) => seen(true));
  for (let left = 10 * jobs.size; jobs.size > 0 && left > 0; left--) {
    const [key, work] = jobs.entries().next().value;
    jobs.delete(key);
    work();
  }
});

/** {@code {ask, end}}: ask schedules draw, deferred until the element is near the viewport. */
export function inSight(element, draw) {
  let seen = false, stale = false;
  const key = {};
  const ask = () => {
    stale = true;
    if (seen) soon(key, () => { stale = false; draw(); });
  };
  const end = watchSight(element, (now) => {
    seen = now;
    if (seen && stale) ask();
  });
  return { ask, end: () => { seen = false; jobs.delete(key); end(); } };
}
