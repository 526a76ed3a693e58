import { WarrenError } from '../../errors/warren-error.js';
import type { ParameterScope } from '../../operations/broker/parameters.js';

export function scopeOf(flags: {
  readonly global: boolean;
  readonly component?: string | undefined;
  readonly vhost: string;
}): ParameterScope {
  if (flags.global) return { global: true };
  const { component, vhost } = flags;
  if (component !== undefined) return { component, vhost };
  throw WarrenError.of('USAGE', {
    problem: 'of which component? Give --component, or --global',
    command: 'parameter',
  });
}
