/** Measurements that a bench reads: latency from event to screen, and long tasks of the browser. */
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
  // the browser does not report long tasks
}

let newest = 0;

/** Records the latency of the newest event of a change once it is drawn. */
export function measure(message) {
  if (message.type !== "change" || document.hidden) return;
  const times = message.subject === "runs" ? Object.values(message.parts ?? {}).map((row) => row?.updated) : [message.parts?.run?.updated];
  const time = Math.max(...times.filter(Number.isFinite), 0);
  if (time <= newest) return;
  newest = time;
  whenDrawn(() => keep(latencies, Date.now() - time));
}
