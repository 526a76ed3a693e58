export interface Drill {
  readonly address: string;
  readonly watchedFrom: string;
  readonly stoppedOn: string;
  readonly tookOver: string;
  readonly awaySeconds: number;
  readonly awayOnReturnSeconds: number;
  readonly holder: string;
}

export function drillText(drill: Drill): string {
  const { address, watchedFrom, stoppedOn, tookOver, awaySeconds, awayOnReturnSeconds, holder } = drill;
  const back =
    awayOnReturnSeconds === 0
      ? `no second interruption, ${holder} has the address`
      : `${awayOnReturnSeconds} s without an answer, ${holder} has the address`;
  return [
    `HAProxy stopped on ${stoppedOn}: ${address} answered ${watchedFrom} again after ${awaySeconds} s, from ${tookOver}.`,
    `HAProxy started again: ${back}.`,
  ].join('\n');
}
