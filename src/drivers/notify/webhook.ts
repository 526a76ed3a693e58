/** Posts a document; whatever is not 2xx is a failure that may pass. The address is a secret, and in no error. */
export async function postWebhook(
  url: string,
  body: unknown,
  { id, patienceMs }: { id: string; patienceMs: number },
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.arrayBuffer();
  } catch (error) {
    const { cause, name, message } = error as Error;
    if (name === 'TimeoutError') throw new Error(`no answer in ${patienceMs / 1000} s`);
    throw new Error(cause instanceof Error ? cause.message : message.replaceAll(url, 'the address'));
  }
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}
