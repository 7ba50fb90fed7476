/** The bar of the selected runs: compare, archive, tag and delete them. */
import { button, element, put, set, show } from "espalier/base/dom.js";
import { number, plural } from "espalier/base/format.js";
import { MOST_COMPARED } from "espalier/compare/looks.js";
import { askedFor, confirmed } from "espalier/frame/dialog.js";
import { href } from "espalier/frame/router.js";
import { annotate, deleteRun, tagsIn, tagsProblem } from "espalier/runs/annotate.js";
import { isOver } from "espalier/runs/run-rows.js";

/**
 * {node, update, compare, hint}. chosen: set of ids; row: id → row; changed is called after a change of the selection.
 */
export function selectionBar({ chosen, info, go, row, changed }) {
  const picked = set(element("span"), { role: "status" }), said = set(element("p", "said bad"), { role: "alert" });
  const compare = button("Compare", () => { if (canCompare()) go(href("compare", [...chosen])); }, "primary");
  const archive = set(button("Archive", () => each(toggled)), { title: "Archived runs leave the list; the filter State shows them. Nothing is deleted." });
  const tag = button("Tag", addTags), remove = button("Delete", deleteAll, "danger");
  const clear = button("Clear", () => { chosen.clear(); hinted = false; put(said, ""); changed(); });
  const node = element("div", "picked", picked, compare, info.notes && archive, info.notes && tag, info.control && remove, clear, said);
  let hinted = false, busy = false;

  const rows = () => [...chosen].map(row).filter(Boolean);
  const canCompare = () => chosen.size > 1 && chosen.size <= MOST_COMPARED;
  const areArchived = () => rows().every(({ archived }) => archived);
  const deletable = () => rows().filter(({ ofService, state }) => ofService && isOver(state));

  /** Does the work for each row in turn, and says what was refused first. */
  async function each(work, some = rows()) {
    if (busy) return;
    busy = true;
    put(said, "");
    try {
      const refused = [];
      for (const one of some) {
        const why = await work(one);
        if (why !== null) refused.push(why);
        else if (work !== tagged) chosen.delete(one.id);
      }
      if (refused.length > 0) put(said, `${number(refused.length)} of ${number(some.length)} refused: ${refused[0]}`);
    } catch {
      put(said, "The server did not answer. Whether it heard the request is not known: the list shows it.");
    } finally {
      busy = false;
      changed();
    }
  }

  let wanted = { archived: true }, added = [];
  const toggled = (one) => annotate(one, wanted);
  const tagged = (one) => annotate(one, { tags: [...new Set([...one.ownTags ?? [], ...added])] });

  async function addTags() {
    const text = await askedFor("Tag the selected runs", "Tags, with commas between them", "", { help: "They are added to those that the runs have." });
    if (text === null) return;
    added = tagsIn(text);
    const problem = tagsProblem(added);
    if (problem) put(said, problem);
    else if (added.length > 0) await each(tagged);
  }

  async function deleteAll() {
    const some = deletable();
    if (some.length === 0) put(said, "Only runs of the service that have ended can be deleted: stop them first.");
    else if (await confirmed(`Delete ${plural(some.length, "run")}?`, ["Their directories are deleted with checkpoints, models and reports.",
      some.length < chosen.size ? ` The other ${number(chosen.size - some.length)} selected are left: they have not ended, or are not runs of this service.` : ""], "Delete", "Keep them")) {
      await each(({ id }) => deleteRun(id), some);
    }
  }

  return {
    node,
    update() {
      show(node, chosen.size > 0 || hinted || said.textContent);
      put(picked, `${number(chosen.size)} selected${chosen.size < 2 ? ": select two or more to compare" : chosen.size > MOST_COMPARED ? `: ${number(MOST_COMPARED)} at most are compared` : ""}`);
      compare.disabled = !canCompare();
      archive.disabled = tag.disabled = remove.disabled = busy || chosen.size === 0;
      wanted = { archived: !areArchived() };
      put(archive, areArchived() && chosen.size > 0 ? "Bring back" : info.control ? "Archive" : "Hide");
    },
    compare() {
      hinted = chosen.size < 2;
      compare.click();
    },
    hint(on) { hinted = on; },
  };
}
