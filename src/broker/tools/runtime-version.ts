/** Where RabbitMQ's tools show the Erlang/OTP release, these show what runs the bundled broker. */
export const runtimeVersion = `Node.js ${process.versions.node}`;
