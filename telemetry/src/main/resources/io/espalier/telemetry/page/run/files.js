/** What a run has left on disk: its files to download or open, and commands that go on with it. */
import { button, element, put, section, set, show } from "espalier/base/dom.js";
import { bytes } from "espalier/base/format.js";
import { toType } from "espalier/frame/program.js";
import { request, runAddress } from "espalier/frame/request.js";
import { token } from "espalier/frame/token.js";
import { isOver, isUnderWay } from "espalier/runs/run-rows.js";

/** File → what it holds, in the order of the list. */
const FILES = {
  "report.html": "curves, figures and masks",
  "model.safetensors": "the final network",
  "best.safetensors": "the network of the best validation",
  "masks.safetensors": "the masks, packed",
  "recipe.conf": "the recipe with every setting",
  "summary.json": "results as figures",
  "confusion.json": "answers by class",
  "events.jsonl": "all events",
  "run.log": "what the run printed",
};
const REPORT = "report.html", CONFUSION = "confusion.json", RECIPE = "recipe.conf";

/** An argument of a shell's command line. */
const quoted = (text) => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Commands for a run: [what it does, command]. Of a run of this home, its directory is known, and whether that holds a checkpoint, the recipe and a simulation. */
export function commandsFor({ id, kind, state }, { directory, checkpoint, recipe, simulation }, ofService) {
  if (ofService) {
    return [["paused", "failed"].includes(state) && ["go on from its newest checkpoint, or from the start if it has none", `espalier resume ${id}`],
      !isOver(state) && ["watch it", `espalier watch ${id}`], isOver(state) && ["fetch its files", `espalier fetch ${id}`]].filter(Boolean);
  }
  if (!directory) return [];
  const at = quoted(directory), train = kind !== "federation", isCut = !isUnderWay(state) && state !== "finished";
  return [isCut && checkpoint && ["go on from its newest checkpoint", `espalier ${train ? "train" : simulation ? "simulate" : "federate"} --resume ${at}`],
    isCut && !checkpoint && train && recipe && ["once the cause is mended, start anew", `espalier train ${quoted(`${directory}/recipe.conf`)}`],
    train && state === "finished" && ["train on from its end, as a new run", `espalier train --resume ${at} --extend "5 epochs"`],
    isOver(state) && ["write its report anew", `espalier report ${at}`], train && state === "finished" && ["look at its network", `espalier inspect ${at}`]].filter(Boolean);
}

/** Saves a file that needs a token. */
async function save(address, name) {
  const { answer, why } = await request(address, { headers: { Accept: "*/*" } });
  if (why) return why;
  const link = set(element("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return "";
}

/** Opens a report by a link that needs no token, in a window that the click has opened. */
async function openReport(id) {
  const shown = open("about:blank", "_blank");
  const { answer, why } = await request(runAddress(id, "report-link"), { method: "POST" });
  if (why) shown?.close();
  else if (shown) {
    shown.opener = null;
    shown.location = (await answer.json()).url;
  }
  return why ?? "";
}

function copied(command) {
  const words = element("code", "", command), copy = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(command);
      put(copy, "Copied");
    } catch {
      getSelection().selectAllChildren(words);
      put(copy, "Selected");
    }
  });
  return element("span", "command", words, copy);
}

/** update(run, ofService); found takes the classes that the run's test set was taken for, once they are written. */
export function filesPart(container, { id, info, found }) {
  const part = section("Files"), list = element("ul", "plain files"), place = element("p", "quiet"), commands = element("dl", "commands"), said = set(element("p", "said bad"), { role: "status" });
  part.append(place, list, said, commands);
  container.append(part);
  show(part, false);
  let read = "", about = {}, files = [];

  const act = (work) => async () => {
    put(said, "");
    try {
      put(said, await work());
    } catch {
      put(said, "The server did not answer.");
    }
  };

  function entry({ name, bytes: size }) {
    const address = runAddress(id, `artifacts/${name}`), open = name === REPORT;
    const link = token() === null ? set(element("a", "", name), open ? { href: runAddress(id, "report"), target: "_blank", rel: "noopener" } : { href: address, download: name })
      : button(name, act(() => open ? openReport(id) : save(address, name)));
    return element("li", "", link, element("span", "quiet", [bytes(size), FILES[name]].filter(Boolean).join(", ")));
  }

  async function json(address) {
    const answer = await fetch(address, { cache: "no-store", headers: { Accept: "application/json", ...token() ? { Authorization: `Bearer ${token()}` } : {} } });
    return answer.ok ? answer.json() : null;
  }

  /** Asks for files of those runs alone whose server has them. */
  async function load(ofService) {
    try {
      about = (info.control ? undefined : await json(runAddress(id))) ?? {};
      const all = ofService || about.directory ? await json(runAddress(id, "artifacts")) : [];
      const order = Object.keys(FILES), at = ({ name }) => order.indexOf(name) < 0 ? order.length : order.indexOf(name);
      files = (all ?? []).sort((a, b) => at(a) - at(b));
      if (files.some(({ name }) => name === CONFUSION)) found(await json(runAddress(id, `artifacts/${CONFUSION}`)));
    } catch {
      // the server is away: what was read stays
    }
  }

  return {
    async update(run, ofService) {
      const now = JSON.stringify([run.state, run.attempt, ofService]);
      if (now === read || !info.notes || info.control && !ofService) return;
      read = now;
      await load(ofService);
      list.replaceChildren(...files.map(entry));
      put(place, about.directory ? `In ${about.directory}` : "");
      show(place, about.directory);
      const all = commandsFor({ ...run, id }, { ...about, recipe: files.some(({ name }) => name === RECIPE) }, ofService);
      commands.replaceChildren(...all.flatMap(([what, command]) => [element("dt", "", what), element("dd", "", copied(toType(command)))]));
      show(commands, all.length > 0);
      show(part, files.length > 0 || all.length > 0);
    },
  };
}
