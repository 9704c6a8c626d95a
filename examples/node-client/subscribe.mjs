// Prints the messages of a filter, also after the bus was away: node subscribe.mjs 'orders.>' [server]
import { connect } from "@nats-io/transport-node";

const [filter = "orders.>", servers = "127.0.0.1:4222"] = process.argv.slice(2);
const connection = await connect({ servers, maxReconnectAttempts: -1 });
const subscription = connection.subscribe(filter);
await connection.flush(); // the bus has the subscription now
console.log(`subscribed to ${filter}`);
process.once("SIGINT", () => connection.drain());

for await (const message of subscription) {
  console.log(`${message.subject}: ${message.string()}`);
}
