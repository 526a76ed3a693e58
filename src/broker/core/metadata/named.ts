/** How RabbitMQ names things in its texts: `queue 'q' in vhost '/'`. */
export function named(kind: 'queue' | 'exchange', name: string, vhost: string): string {
  return `${kind} '${name}' in vhost '${vhost}'`;
}
