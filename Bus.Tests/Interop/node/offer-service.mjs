// A service, with the package that NATS has for services: one group as ours are, one method on a topic of its own, one that is read as a stream.
import { ServiceError, Svcm } from "@nats-io/services";
import { connect, end, fact, goOn } from "./harness.mjs";

const connection = await connect();
const service = await new Svcm(connection).add({ name: "maths", version: "1.2.3", description: "numbers", metadata: { language: "JavaScript" } });
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

const group = service.addGroup("maths");
group.addEndpoint("add", {
  metadata: { description: "the sum" },
  handler: (_, message) => {
    const numbers = message.json();
    if (numbers.length === 0) throw new ServiceError(409, "nothing to add");
    if (numbers.length === 1) message.respondError(422, "one number is no sum");
    else message.respond(JSON.stringify(sum(numbers)));
  },
});
service.addEndpoint("negate", { subject: "numbers.negated", handler: (_, message) => message.respond(JSON.stringify(-message.json())) });
const hanging = group.addEndpoint("hang");
(async () => {
  for await (const message of hanging) {
    // Averages of this kind of method have a fraction.
    if (message.json() > 0) message.respond(message.data);
    else fact("hanging");
  }
})();
await connection.flush();
fact("id", service.id);
await goOn();
await service.stop();
await connection.flush();
fact("stopped");
await goOn();
await end(connection);
