/** Requests to the API of this server, with the token of this tab. */
import { askForToken, bearer, setToken } from "espalier/frame/token.js";

/** {why, expired}: the reason, and whether it is that the token has expired. */
async function refusal(response) {
  try {
    const problem = await response.json();
    return { why: String(problem.detail ?? problem.title), expired: problem.type === "urn:espalier:problem:token-expired" };
  } catch {
    return { why: `The server answered ${response.status}.`, expired: false };
  }
}

/**
 * Sends a request; asks for another token if the server refuses the current one.
 *
 * @param options method, body (sent as JSON) and more of fetch
 * @return {answer, why}: the answer, or the reason of the refusal and no answer
 */
export async function request(address, { body, headers, ...options } = {}) {
  for (;;) {
    const answer = await fetch(address, {
      ...options, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body),
      headers: { Accept: "application/json", ...body === undefined ? {} : { "Content-Type": "application/json" }, ...headers, ...bearer() },
    });
    if (answer.ok) return { answer };
    const { why, expired } = await refusal(answer);
    if (answer.status !== 401 && answer.status !== 403) return { why };
    const invalid = answer.status === 401;
    if (invalid) setToken(null);
    if (await askForToken(invalid && !expired ? "The server does not know the token, or got none." : why) === null) return { why };
  }
}

/** The address of a run in the API. */
export const runAddress = (run, part = "") => `/v1/runs/${encodeURIComponent(run)}${part && "/" + part}`;
