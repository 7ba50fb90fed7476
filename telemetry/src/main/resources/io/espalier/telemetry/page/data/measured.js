/** What a bench reads of the page: how long events take to be seen, and tasks that held the page up. */
import { whenDrawn } from "espalier/base/pace.js";

const MOST = 10000;
const measured = window.espalier = { measured: { latencies: [], longTasks: [] } };
const { latencies, longTasks } = measured.measured;

function keep(list, value) {
  list.push(value);
  if (list.length > MOST) list.splice(0, list.length - MOST);
}

try {
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => keep(longTasks, entry.duration)))
    .observe({ type: "longtask", buffered: true });
} catch {
  // a browser that does not tell
}

let newest = 0;

/** Notes when the newest event of a change is on the screen. */
export function measure(message) {
  if (message.type !== "change" || document.hidden) return;
  const times = message.subject === "runs" ? Object.values(message.parts ?? {}).map((row) => row?.updated) : [message.parts?.run?.updated];
  const time = Math.max(...times.filter(Number.isFinite), 0);
  if (time <= newest) return;
  newest = time;
  whenDrawn(() => keep(latencies, Date.now() - time));
}
