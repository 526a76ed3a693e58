/** What the server of the page says of itself in setup.json; `warren dashboard` says more than a node does. */
export interface Setup {
  /** form: the page asks for a user and a password; proxy: the server of the page has logged in. */
  readonly login: 'form' | 'proxy';
  /** The API that a proxy asks. */
  readonly url?: string;
  readonly front_end?: FrontEnd;
}

interface FrontEnd {
  readonly mode: string;
  readonly virtual_addresses: readonly string[];
  readonly amqp_port: number;
  readonly hosts: readonly { readonly name: string; readonly address: string }[];
}

export async function readSetup(): Promise<Setup> {
  const response = await fetch('setup.json');
  return (await response.json()) as Setup;
}
