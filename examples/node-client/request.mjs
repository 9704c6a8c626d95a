// Sends a request and prints the reply: node request.mjs topic payload [server]
import { connect } from "@nats-io/transport-node";

const [topic = "echo", payload = "", servers = "127.0.0.1:4222"] = process.argv.slice(2);
const connection = await connect({ servers });
try {
  const reply = await connection.request(topic, payload, { timeout: 2000 });
  console.log(reply.string());
} catch (error) {
  console.error(`${topic}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await connection.close();
}
