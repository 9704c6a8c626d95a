// Headers both ways, also to a client that speaks bytes; empty and large payloads.
import { collect, connect, end, fact, headers, text } from "./harness.mjs";

const connection = await connect();
fact("server", { headers: connection.info.headers, proto: connection.info.proto, max_payload: connection.info.max_payload, jetstream: connection.info.jetstream });

const self = collect(connection, "self");
const fromRaw = collect(connection, "to.node");
await connection.flush();

const sent = headers();
sent.append("Trace", "one");
sent.append("Trace", "two");
sent.set("Empty", "");
connection.publish("self", "payload", { headers: sent });
connection.publish("self", "", { headers: sent });
connection.publish("self");
await connection.flush();
fact("self", self.messages.map((m) => ({ trace: m.headers?.values("Trace") ?? [], empty: m.headers?.has("Empty") ?? false, data: text(m.data) })));

fact("ready");
await fromRaw.enough(2);
fact("fromRaw", fromRaw.messages.map((m) => ({ key: m.headers?.get("Key") ?? "", reply: m.reply ?? "", data: text(m.data) })));

const plain = headers();
plain.set("From", "node");
connection.publish("to.raw", "hello", { headers: plain, reply: "answer.here" });
await connection.flush();

const size = connection.info.max_payload;
const large = new Uint8Array(size).map((_, i) => i % 251);
const back = collect(connection, "large");
await connection.flush();
connection.publish("large", large);
await back.enough(1);
fact("large", back.messages[0].data.length);
fact("same", Buffer.compare(Buffer.from(back.messages[0].data), Buffer.from(large)) === 0);

let refused = false;
try {
  connection.publish("large", new Uint8Array(size + 1));
} catch {
  refused = true;
}
fact("tooLarge", refused);

const checking = await connect({ verbose: true, pedantic: true });
const verbose = collect(checking, "verbose");
for (let i = 0; i < 100; i++) checking.publish("verbose", `${i}`);
await checking.flush();
fact("verbose", verbose.messages.length);

await end(connection, checking);
