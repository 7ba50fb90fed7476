/** The page that submits a run to the service: `#/submit`, of a shipped recipe or a text. */
import { button, element, freshId, put, set } from "espalier/base/dom.js";
import { request } from "espalier/frame/request.js";
import { href } from "espalier/frame/router.js";

const OWN = "";

/** A key of one submission; a page without TLS has no crypto.randomUUID. */
const freshKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function field(label, made, help) {
  made.id = freshId("field");
  return element("div", "stacked", set(element("label", "", label), { for: made.id }), made, help && element("p", "quiet", help));
}

/** Context: {router}. */
export function submitPage(container, { router }) {
  const { query } = router.route;
  const recipe = element("select"), summary = set(element("p", "quiet"), { role: "status" }), text = set(element("textarea"), { rows: 18, spellcheck: "false", autocomplete: "off" });
  const overrides = set(element("textarea"), { rows: 3, spellcheck: "false", placeholder: "prune.sparsity = 0.95\nseed = 43" });
  const priority = set(element("input"), { type: "number", min: -100, max: 100, value: 0 });
  const send = element("button", "primary", "Submit"), said = set(element("p", "said bad"), { role: "alert" });
  send.type = "submit";
  const form = element("form", "submit", field("Recipe", recipe), summary, field("Text of the recipe", text, "A shipped recipe may be changed here. It may include shipped recipes, and names data of the service."),
    field("Settings over it", overrides, "One a line; the later one wins."), field("Priority", priority, "Larger goes first, -100 to 100."),
    element("div", "buttons", send, button("Back to the runs", () => router.go(href("runs")))), said);
  container.append(element("h1", "", "Submit a run"), form);
  let summaries = new Map(), shipped = "", key = freshKey(), ended = false;

  async function load(name) {
    put(summary, summaries.get(name) ?? "");
    if (name === OWN) return;
    const { answer, why } = await request(`/v1/recipes/${encodeURIComponent(name)}`, { headers: { Accept: "text/plain" } });
    if (ended || recipe.value !== name) return;
    put(said, why ?? "");
    shipped = answer ? await answer.text() : "";
    text.value = shipped;
  }

  async function submit() {
    const named = recipe.value !== OWN && text.value === shipped, lines = overrides.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const body = { ...named ? { recipe: recipe.value } : { recipeText: text.value, origin: `${recipe.value || "recipe"}.conf` }, overrides: lines, priority: Number(priority.value) || 0 };
    const { answer, why } = await request("/v1/runs", { method: "POST", body, headers: { "Idempotency-Key": key } });
    put(said, why ?? "");
    if (!answer) return;
    key = freshKey();
    router.go(href("run", [(await answer.json()).run]));
  }

  async function attempt(work) {
    try {
      await work();
    } catch {
      put(said, "The service did not answer. Submitting again makes no second run.");
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    await attempt(submit);
    send.disabled = false;
  });
  recipe.addEventListener("change", () => attempt(() => load(recipe.value)));
  attempt(async () => {
    const { answer, why } = await request("/v1/recipes");
    put(said, why ?? "");
    const all = answer ? await answer.json() : [];
    summaries = new Map(all.map(({ name, summary: about }) => [name, about]));
    recipe.replaceChildren(...all.map(({ name }) => set(element("option", "", name), { value: name })), set(element("option", "", "a text of my own"), { value: OWN }));
    if (summaries.has(query.get("recipe"))) recipe.value = query.get("recipe");
    await load(recipe.value);
  });
  return { subjects: [], destroy() { ended = true; } };
}
