/** What users write about runs, kept by the server: a note, tags, and whether a run is archived. */
import { request, runAddress } from "espalier/frame/request.js";

const LONGEST_TAG = 40, MOST_TAGS = 16;

/** Tags of a text with commas between them, each once. */
export const tagsIn = (text) => [...new Set(text.split(",").map((tag) => tag.trim()).filter(Boolean))];

/** Why these are no tags, or "". */
export const tagsProblem = (tags) => tags.length > MOST_TAGS ? `A run has at most ${MOST_TAGS} tags: ${tags.length}.`
  : tags.some((tag) => tag.length > LONGEST_TAG) ? `A tag has at most ${LONGEST_TAG} characters.` : "";

/** Changes what is written about a run; returns the reason of a refusal, or null. */
export async function annotate(row, changes) {
  const { note = "", ownTags = [], archived = false } = row, about = { note, tags: ownTags, archived, ...changes };
  const { why } = await request(runAddress(row.id, "notes"), { method: "PUT", body: about });
  return why ?? null;
}

/** Deletes a run of the service; returns the reason of a refusal, or null. */
export async function deleteRun(id) {
  const { why } = await request(runAddress(id), { method: "DELETE" });
  return why ?? null;
}
