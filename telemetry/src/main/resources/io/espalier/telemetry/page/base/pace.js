/** When to draw: in frames, at most four times a second, and never so much at once that the page stops to answer. */

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

/** Does the work in one of the next frames, once if asked several times for the same key; not in a hidden tab. */
export function soon(key, work) {
  jobs.set(key, work);
  ask();
}

/** Calls back in the frame after all that is asked for was drawn. */
export function whenDrawn(done) {
  waiting.push(done);
  ask();
}

/** A function that does the work soon, however often it is called, with a gap after it. */
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

/** Tells when an element comes near to what is seen, and when it leaves; ends with what is returned. */
export function watchSight(element, seen) {
  sights.set(element, seen);
  watcher.observe(element);
  return () => {
    sights.delete(element);
    watcher.unobserve(element);
  };
}

/** Paper shows all at once. */
addEventListener("beforeprint", () => {
  sights.forEach((seen) => seen(true));
  for (let left = 10 * jobs.size; jobs.size > 0 && left > 0; left--) {
    const [key, work] = jobs.entries().next().value;
    jobs.delete(key);
    work();
  }
});

/** {@code {ask, end}}: ask draws soon, or when the element comes to be seen. */
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
