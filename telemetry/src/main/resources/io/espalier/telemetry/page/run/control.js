import { element, freshId } from "espalier/base/dom.js";
import { confirmed } from "espalier/frame/dialog.js";
import { request, runAddress } from "espalier/frame/request.js";

/** Actions and the states, as in the API, in which the service accepts them. */
const ACTS = [
  { act: "pause", name: "Pause", states: ["queued", "starting", "running"], done: "asked to pause" },
  { act: "resume", name: "Resume", states: ["paused", "failed"], done: "queued again" },
  { act: "checkpoint", name: "Checkpoint", states: ["starting", "running"], done: "asked for a checkpoint at its next sync" },
  { act: "cancel", name: "Stop", states: ["queued", "starting", "running", "pausing", "paused"], done: "asked to stop" },
];

const WHAT = {
  pause: "goes on to its next sync, writes a checkpoint there and frees its cores",
  resume: "goes on from its newest checkpoint",
  checkpoint: "writes all that a resumption needs, and trains on",
  cancel: "ends the run without a result; its files stay",
};

const WHY_NOT = {
  queued: "the run waits to start",
  starting: "the run starts",
  running: "the run trains already",
  pausing: "the run is on its way to a pause",
  paused: "the run is paused",
  cancelling: "the run is being cancelled",
  finished: "the run is finished",
  failed: "the run has failed; resuming goes on from its newest checkpoint",
  cancelled: "the run was cancelled for good",
};

/** The reason why an action is not possible in a state; empty if it is possible. */
export function reasonAgainst(act, state) {
  const { states, name } = ACTS.find((one) => one.act === act);
  return states.includes(state) ? "" : `${name} is not possible: ${WHY_NOT[state] ?? `the run is ${state}`}`;
}

const sure = (name) => confirmed("Stop this run?", [element("bdi", "name", name), " ends without a result, and cannot be resumed. Its files and checkpoints stay. ",
  "To free its cores for a while, pause it."], "Stop the run", "Keep the run");

/** Buttons that control one run of the service; update takes its status as in `/v1/runs`, or undefined. */
export function controlPart(container) {
  let status, busy = false;
  const said = element("p", "said quiet");
  said.setAttribute("role", "status");
  const why = element("span", "quiet");
  why.id = freshId("why");
  const buttons = ACTS.map((one) => {
    const button = element("button", one.act === "cancel" ? "danger" : "", one.name);
    button.type = "button";
    button.setAttribute("aria-describedby", why.id);
    button.addEventListener("click", () => steer(one));
    return button;
  });
  const bar = element("div", "control", ...buttons, why);
  container.append(bar, said);

  async function steer({ act, done }) {
    const reason = reasonAgainst(act, status.state), { run, name } = status;
    if (busy) return;
    if (reason) {
      tell("", reason + ".");
      return;
    }
    if (act === "cancel" && !await sure(name)) return;
    busy = true;
    tell("", "Asking the service …");
    show();
    try {
      const { why: refused } = await request(runAddress(run, act), { method: "POST" });
      tell(refused === undefined ? "" : "bad", refused ?? `The run was ${done}.`);
    } catch {
      tell("bad", "The service did not answer. Whether it heard the request is not known: the state of the run tells.");
    } finally {
      busy = false;
      show();
    }
  }

  function tell(className, text) {
    said.className = "said quiet " + className;
    said.textContent = text;
  }

  function show() {
    container.hidden = !status;
    if (!status) return;
    ACTS.forEach(({ act }, i) => {
      const reason = reasonAgainst(act, status.state);
      // A disabled button stays focusable, so that a screen reader reads the reason.
      buttons[i].setAttribute("aria-disabled", String(busy || reason !== ""));
      buttons[i].title = reason || `${ACTS[i].name}: ${WHAT[act]}`;
    });
    why.textContent = status.state === "running" ? "" : status.waitsFor ? status.waitsFor : WHY_NOT[status.state] ?? status.state;
  }

  show();
  return {
    update(next) {
      if (status?.state !== next?.state && !busy) tell("", "");
      status = next;
      show();
    },
  };
}
