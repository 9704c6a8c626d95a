// Request and reply: thousands at once, none to answer, an answer by hand.
import { collect, connect, end, fact, isNoResponders, text } from "./harness.mjs";

const service = await connect();
const client = await connect();
service.subscribe("double", { callback: (_, m) => m.respond(`${2 * Number(text(m.data))}`) });
await service.flush();

fact("single", text((await client.request("double", "21", { timeout: 20_000 })).data));

const count = 5000;
const answers = await Promise.all(Array.from({ length: count }, (_, i) => client.request("double", `${i}`, { timeout: 20_000 })));
fact("right", answers.filter((m, i) => text(m.data) === `${2 * i}`).length);

try {
  await client.request("nobody.is.here", "", { timeout: 20_000 });
  fact("noResponders", "answered");
} catch (error) {
  fact("noResponders", isNoResponders(error) ? "503" : `${error}`);
}

try {
  await client.request("nobody.is.here", "", { timeout: 20_000, noMux: true });
  fact("noRespondersOldStyle", "answered");
} catch (error) {
  fact("noRespondersOldStyle", isNoResponders(error) ? "503" : `${error}`);
}

fact("oldStyle", text((await client.request("double", "4", { timeout: 20_000, noMux: true })).data));

// With echo off, only others can answer.
const quiet = await connect({ noEcho: true });
const own = collect(quiet, "own");
const other = collect(client, "own");
await quiet.flush();
await client.flush();
quiet.publish("own", "1");
await quiet.flush();
await other.enough(1);
fact("echo", own.messages.length);

// A responder that goes away: the requests behind it find nobody. Drained, not just closed: a request that meets a socket which the bus does
// not yet know to be closed is one of nobody, here as with nats-server.
await service.drain();
try {
  await client.request("double", "1", { timeout: 20_000 });
  fact("afterClose", "answered");
} catch (error) {
  fact("afterClose", isNoResponders(error) ? "503" : `${error}`);
}

await end(client, quiet);
