// Publish and subscribe: literal filters, wildcards, queue groups, the end after N messages.
import { collect, connect, end, fact, text } from "./harness.mjs";

const subscriber = await connect();
const publisher = await connect();

const literal = collect(subscriber, "orders.created");
const star = collect(subscriber, "orders.*.shipped");
const rest = collect(subscriber, "orders.>");
const two = collect(subscriber, "limited", { max: 2 });
const workers = [1, 2, 3].map(() => collect(subscriber, "jobs", { queue: "workers" }));
const others = collect(subscriber, "jobs", { queue: "others" });
const every = collect(subscriber, "jobs");
await subscriber.flush();

publisher.publish("orders.created", "1");
publisher.publish("orders.created", "grüße");
publisher.publish("orders.eu.shipped", "2");
publisher.publish("orders.eu.de.shipped", "3");
publisher.publish("orders");
publisher.publish("order.created", "x");
for (let i = 0; i < 5; i++) publisher.publish("limited", `${i}`);
for (let i = 0; i < 300; i++) publisher.publish("jobs", `${i}`);
await publisher.flush();
await subscriber.flush();

const seen = ({ messages }) => messages.map((m) => `${m.subject}=${text(m.data)}`);
fact("literal", seen(literal));
fact("star", seen(star));
fact("rest", seen(rest));
fact("limited", seen(two));
fact("jobs", every.messages.length);
fact("otherGroup", others.messages.length);
fact("shares", workers.map((w) => w.messages.length));
fact("distinct", new Set(workers.flatMap((w) => w.messages.map((m) => text(m.data)))).size);

literal.subscription.unsubscribe();
publisher.publish("orders.created", "late");
await subscriber.flush();
await publisher.flush();
await subscriber.flush();
fact("afterUnsubscribe", literal.messages.length);

const drained = collect(subscriber, "drained");
await subscriber.flush();
for (let i = 0; i < 1000; i++) publisher.publish("drained", `${i}`);
await publisher.flush();
await subscriber.drain();
fact("drained", drained.messages.length);
fact("closed", subscriber.isClosed());
await end(publisher);
