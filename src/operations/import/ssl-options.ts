/** What a TLS listener of a node says of itself: `ssl_options`, beside options of its socket. */
export type Options = Readonly<Record<string, unknown>>;

/** These stand in `rabbitmq.tls`. */
const ours = ['certfile', 'keyfile', 'cacertfile', 'verify', 'fail_if_no_peer_cert', 'versions'];
const ofSocket =
  /^(backlog|nodelay|linger|exit_on_close|ip|port|inet6?|buffer|sndbuf|recbuf|keepalive|send_timeout(_close)?|active|reuseaddr)$/;
/** Keys of rabbitmq.conf with one word as their value. */
const simple =
  /^(depth|honor_cipher_order|honor_ecc_order|client_renegotiation|secure_renegotiate|reuse_sessions|log_alert|bypass_pem_cache)$/;
const allVersions = ['tlsv1.3', 'tlsv1.2', 'tlsv1.1', 'tlsv1'];

/** Keys of rabbitmq.conf for what `rabbitmq.tls` has no word for, and the names of what cannot be said. */
export function sslOptions(options: Options): {
  config: Record<string, string | number | boolean>;
  left: readonly string[];
} {
  const config: Record<string, string | number | boolean> = {};
  const left: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (ours.includes(name) || ofSocket.test(name)) continue;
    if (simple.test(name) && /^(number|boolean)$/.test(typeof value))
      config[`ssl_options.${name}`] = value as number | boolean;
    else left.push(name);
  }
  const versions = (options.versions ?? []) as readonly string[];
  if (versions.length > 0 && !allVersions.every((one) => versions.includes(one))) {
    for (const [index, version] of versions.entries()) config[`ssl_options.versions.${index + 1}`] = version;
  }
  return { config, left };
}
