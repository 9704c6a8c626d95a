// What every script shares: the client package and the server come from the command line, facts go to stdout.
import { createInterface } from "node:readline";

const [packageName, server, ...rest] = process.argv.slice(2);
const client = await import(packageName);
const stdin = createInterface({ input: process.stdin });

export const args = rest;
export const headers = client.headers;
export const text = (bytes) => new TextDecoder().decode(bytes);
export const bytes = (text) => new TextEncoder().encode(text);

export const connect = (options = {}) =>
  client.connect({ servers: server, timeout: 20_000, reconnectTimeWait: 50, reconnectJitter: 0, maxReconnectAttempts: -1, ...options });

/** States a fact: one JSON object with one property, on a line of its own. */
export const fact = (name, value = true) => console.log(JSON.stringify({ [name]: value }));

/** Waits until the test says so. */
export const goOn = () => new Promise((resolve) => stdin.once("line", resolve));

/** Collects messages of a subscription; `enough(n)` resolves when n have come. */
export function collect(connection, filter, options = {}) {
  const messages = [];
  let waiting;
  const subscription = connection.subscribe(filter, {
    ...options,
    callback: (error, message) => {
      if (error) throw error;
      messages.push(message);
      if (waiting && messages.length >= waiting.count) waiting.resolve();
    },
  });
  const enough = (count) =>
    messages.length >= count ? Promise.resolve() : new Promise((resolve) => (waiting = { count, resolve }));
  return { messages, subscription, enough };
}

/** Both packages say "no responders" in their own way. */
export const isNoResponders = (error) => error.code === "503" || (error.isNoResponders?.() ?? false) || error.name === "NoRespondersError";

/** Ends the script and everything in it. */
export async function end(...connections) {
  for (const connection of connections) await connection.close();
  stdin.close();
}
