/** What a user writes about a run on its page, and what takes it from the list: note, tags, archive, delete. */
import { button, element, put, set, show } from "espalier/base/dom.js";
import { askedFor, confirmed } from "espalier/frame/dialog.js";
import { href } from "espalier/frame/router.js";
import { annotate, deleteRun, tagsIn, tagsProblem } from "espalier/runs/annotate.js";
import { isOver } from "espalier/runs/run-rows.js";

/** update(row): the row of the run with what is written about it. */
export function aboutPart(container, { info, go }) {
  const note = set(element("p", "note-text"), { dir: "auto" }), said = set(element("p", "said bad"), { role: "status" });
  const write = button("Note", async () => save("note", await askedFor("Note", "What is to know about this run", row.note ?? "", { long: true })));
  const tag = button("Tags", async () => {
    const text = await askedFor("Tags", "Tags, with commas between them", (row.ownTags ?? []).join(", "), { help: "Those of the recipe stay beside them." });
    if (text === null) return;
    const tags = tagsIn(text), problem = tagsProblem(tags);
    if (problem) put(said, problem);
    else await save("tags", tags);
  });
  const archive = button("", () => save("archived", !row.archived));
  const remove = button("Delete", async () => {
    if (!await confirmed("Delete this run?", ["Its directory is deleted with checkpoints, models and reports."], "Delete", "Keep it")) return;
    const why = await refusal(() => deleteRun(row.id));
    put(said, why ?? "");
    if (why === null) go(href("runs"));
  }, "danger");
  const bar = element("div", "control", write, tag, archive, info.control && remove);
  container.append(note, bar, said);
  let row;

  async function refusal(work) {
    try {
      return await work();
    } catch {
      return "The server did not answer. Whether it heard the request is not known.";
    }
  }

  async function save(field, value) {
    if (value === null) return;
    put(said, await refusal(() => annotate(row, { [field]: value })) ?? "");
  }

  return {
    update(next) {
      row = next;
      put(note, row.note);
      show(note, row.note);
      put(archive, row.archived ? "Bring back to the list" : info.control ? "Archive" : "Hide from the list");
      set(archive, { title: "Nothing is deleted; the filter State of the list shows archived runs" });
      show(remove, row.ofService && isOver(row.state));
    },
  };
}
