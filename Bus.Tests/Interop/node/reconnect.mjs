// The bus goes away and comes back: the client reconnects by itself and its subscriptions live again.
import { collect, connect, end, fact, goOn, text } from "./harness.mjs";

const connection = await connect({ pingInterval: 60_000 });
const received = collect(connection, "news");
connection.subscribe("echo", { callback: (_, m) => m.respond(m.data) });
await connection.flush();
connection.publish("news", "before");
await received.enough(1);

const seen = [];
(async () => {
  for await (const status of connection.status()) {
    if (status.type !== "disconnect" && status.type !== "reconnect") continue;
    if (!seen.includes(status.type)) fact(status.type);
    seen.push(status.type);
  }
})();
fact("ready");

await goOn();
await connection.flush();
connection.publish("news", "after");
await received.enough(2);
fact("received", received.messages.map((m) => text(m.data)));
fact("answer", text((await connection.request("echo", "there?", { timeout: 20_000 })).data));
await end(connection);
