// Offers a service that ipcbus and C# programs find and call: node service.mjs [server]
import { connect } from "@nats-io/transport-node";
import { Svcm } from "@nats-io/services";

const [servers = "127.0.0.1:4222"] = process.argv.slice(2);
const connection = await connect({ servers, maxReconnectAttempts: -1 });
const service = await new Svcm(connection).add({ name: "words", version: "1.0.0", description: "what is in a text" });
service.addGroup("words").addEndpoint("count", (_, message) => message.respond(`${message.string().split(/\s+/).filter(Boolean).length}`));
await connection.flush(); // the bus has all of it now
console.log("offering words.count");
process.once("SIGINT", () => connection.drain());
