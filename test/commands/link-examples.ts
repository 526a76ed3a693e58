/** The examples of federation and shovels: RabbitMQ has these plugins, the bundled broker has not. */
export const linkExamples = [
  'warren shovel add move --from-queue orders --to-queue archive',
  'warren shovel add away --from-queue orders --to env:SOUTH_URI --to-exchange events --set ack-mode=on-confirm',
  'warren shovel list',
  'warren shovel status',
  'warren shovel delete move --yes',
  'warren federation set south --uri env:SOUTH_URI --set max-hops=1',
  'warren federation list',
  'warren federation status',
  'warren federation delete south --yes',
];
