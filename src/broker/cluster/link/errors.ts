/** Why a link could not be had, or ended. Tools word each one (diagnostics), nodes only need to know that it did. */
export type LinkErrorCode =
  /** No living process holds the node name: "node 'x' not running at all". */
  | 'not_registered'
  /** The process is there, its distribution port does not answer. */
  | 'unreachable'
  /** One side does not know the other's cookie. */
  | 'wrong_cookie'
  | 'timeout'
  /** The link broke after it was open: the far process ended. */
  | 'closed';

export class LinkError extends Error {
  constructor(
    readonly code: LinkErrorCode,
    readonly node: string,
    message: string,
  ) {
    super(message);
    this.name = 'LinkError';
  }
}
