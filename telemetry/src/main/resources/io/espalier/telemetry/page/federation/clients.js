/** The clients of a federation, connected ones first, with a search field. */
import { element, freshId, keyed, put, row, section, set, show } from "espalier/base/dom.js";
import { bytes, duration, number, plural } from "espalier/base/format.js";
import { scrollBox } from "espalier/base/scroll.js";

export const capOf = (density) => Number((100 * density).toPrecision(3)) + "\u00a0%";

const MOST_PARTS = 16;

/** Formats a share of the channels: as a fraction with a small denominator, such as 1/2, or else in percent. */
export function widthOf(width) {
  for (let parts = 2; parts <= MOST_PARTS; parts++) {
    const some = Math.round(width * parts);
    if (some > 0 && Math.abs(width - some / parts) < 1e-9) return `${some}/${parts}`;
  }
  return capOf(width);
}

const HEADS = ["client", "connection", "density cap", "channels", "examples", "rounds reported", "late", "refused", "mean time", "sent", "last loss", "in round"];

const known = (value, format) => value === undefined || value === null ? "–" : format(value);

/** The connection of a client; a run that has ended has no connected client. */
const connectionOf = ({ connected }, live, over) => over ? "left" : connected ? "connected" : live ? "away" : "had left";

function cells(client, live, over) {
  return [client.client, connectionOf(client, live, over),
    known(client.cap, capOf), known(client.width, capOf), known(client.examples, number), number(client.reported ?? 0),
    client.late ? number(client.late) : "–", client.refused ? number(client.refused) : "–",
    known(client.seconds, duration), bytes(client.bytes ?? 0), known(client.loss, (loss) => number(loss, 4)), known(client.round, String)];
}

/** {node, update(document, ended)}; live: whether the connection states are current. */
export function clientsTable({ live }) {
  const note = element("p", "quiet"), body = element("tbody"), id = freshId("clients");
  const search = set(element("input"), { type: "search", id, placeholder: "name of a client", autocomplete: "off", spellcheck: "false" });
  const node = section("Clients");
  const table = scrollBox("Table of clients", "scroll tall", element("table", "clients", element("thead", "", row(HEADS, "th")), body));
  const none = element("p", "quiet", "No client is called so.");
  node.append(note, element("div", "filters", element("span", "field", set(element("label", "", "Search"), { for: id }), search)), table, none);
  let clients = [], total = 0, over = false;

  function make(client) {
    const made = row(cells(client, live, over));
    set(made.firstChild, { dir: "auto", title: client.software ?? null });
    made.client = client;
    return made;
  }

  function change(made, client) {
    cells(client, live, over).forEach((text, i) => put(made.children[i], text));
    made.client = client;
    set(made.firstChild, { title: client.software ?? null });
    made.className = client.connected && !over ? "connected" : client.reported ? "" : "fixed";
  }

  function draw() {
    const asked = search.value.trim().toLowerCase();
    const shown = clients.filter((client) => client.client.toLowerCase().includes(asked));
    keyed(body, shown, (client) => client.client, make, change);
    show(table, shown.length > 0);
    show(none, shown.length === 0 && clients.length > 0);
    const connected = clients.filter((client) => client.connected).length;
    const now = over ? "" : `${number(connected)} of them connected${live ? "" : " when this was written"}`;
    put(note, clients.length < total ? `The ${number(clients.length)} that reported most, of ${number(total)}${now && `; ${now}`}.` : `${plural(total, "client")}${now && `, ${now}`}.`);
  }

  search.addEventListener("input", draw);
  return {
    node,
    update(document, ended = false) {
      over = ended;
      clients = [...document.parts.clients ?? []].sort((a, b) => (over ? 0 : Number(b.connected) - Number(a.connected))
        || (b.reported ?? 0) - (a.reported ?? 0) || (a.client < b.client ? -1 : 1));
      total = document.parts.federation?.clientCount ?? clients.length;
      draw();
    },
  };
}
