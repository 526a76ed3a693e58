/** How a mail goes out. */
export interface Mail {
  readonly host: string;
  readonly port: number;
  readonly security: 'starttls' | 'tls' | 'none';
  readonly login?: { readonly user: string; readonly pass: string } | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same for the same notification, so that one that is sent twice is seen to be one. */
  readonly id: string;
}

export async function sendMail(mail: Mail, patienceMs: number): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const { host, port, security, login, from, to, subject, text, id } = mail;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    ...(login ? { auth: login } : {}),
  });
  try {
    await transport.sendMail({ from, to: [...to], subject, text, messageId: `<${id}@warren>` });
  } finally {
    transport.close();
  }
}
