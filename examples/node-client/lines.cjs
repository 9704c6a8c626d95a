// Subscribes, publishes, prints what comes; needs no package: node lines.cjs [socket]
const bus = require("net").connect(process.argv[2] ?? "/tmp/bus.json");
const say = line => bus.write(JSON.stringify(line) + "\n");
require("readline").createInterface({ input: bus }).on("line", line => console.log(JSON.parse(line)));
say({ op: "sub", topic: "orders.>", id: 1 });
say({ op: "pub", topic: "orders.new", data: { number: 1 } });
