// Finds a service of ours and calls it, with the package that NATS has for services.
import { ServiceError, Svcm } from "@nats-io/services";
import { connect, end, fact, goOn, headers, isNoResponders } from "./harness.mjs";

const connection = await connect();
const client = new Svcm(connection).client({ strategy: "count", maxMessages: 1, maxWait: 20_000 });
const one = async (question) => {
  for await (const answer of await question) return answer;
};

const ping = await one(client.ping("maths"));
fact("ping", ping);
fact("info", await one(client.info("maths")));
const [add] = (await one(client.info())).endpoints;

const why = (error) => (isNoResponders(error) ? "503" : `${error}`);
const call = async (subject, data, options = {}) => {
  const answer = await connection.request(subject, JSON.stringify(data), { timeout: 20_000, ...options });
  const error = ServiceError.toServiceError(answer);
  return error ? { code: error.code, text: error.message, name: answer.headers.get("Bus-Error") } : answer.json();
};
fact("sum", await call(add.subject, [1, 2, 3]));
fact("thrown", await call(add.subject, []));
fact("refused", await call("maths.refuse", []));
fact("unreadable", (await call(add.subject, "three")).name);
fact("alone", await call(`$SRV.CALL.maths.${ping.id}.add`, [4, 5]));

const stats = await one(client.stats("maths", ping.id));
fact("started", !Number.isNaN(Date.parse(stats.started)) && stats.started.endsWith("Z"));
fact("stats", stats.endpoints.map(({ name, subject, queue_group, num_requests, num_errors, last_error }) => ({ name, subject, queue_group, num_requests, num_errors, last_error })));
fact("times", stats.endpoints.every((e) => Number.isInteger(e.processing_time) && e.average_processing_time === Math.trunc(e.processing_time / e.num_requests)));

// Called by the bus, each error has a name.
fact("relayed", [await call("$BUS.CALL.maths.add", [1, 2, 3]), (await call("$BUS.CALL.maths.dad", [])).name, (await call("$BUS.CALL.math.add", [])).name]);

// It waits for answers when the service dies. With this header the bus tells.
const told = headers();
told.set("Bus-Request", "1");
const relayed = call("$BUS.CALL.maths.hang", 0);
fact("lost", await call("maths.hang", 0, { headers: told }).then(() => "answered", why));
fact("relayed-lost", (await relayed).name);
await goOn();
fact("gone", await call(add.subject, [1]).then(() => "answered", why));
await end(connection);
