/** A float as Erlang writes it: the shortest digits that say it, with a point, plain or scientific as is shorter. */
export function erlangFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const exponent = Number(power);
  const digits = mantissa.replace('.', '');
  const scientific = `${digits[0]}.${digits.slice(1) || '0'}e${exponent}`;
  const plain = positional(digits, exponent);
  const sign = value < 0 ? '-' : '';
  return sign + (Math.abs(value) >= 2 ** 53 || scientific.length < plain.length ? scientific : plain);
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${whole}.${digits.slice(exponent + 1) || '0'}`;
}
