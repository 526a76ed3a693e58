/** RabbitMQ drops CR and LF from the names of what is declared, deleted and bound, and from no others. */
export function withoutLineBreaks(name: string): string {
  return /[\r\n]/.test(name) ? name.replace(/[\r\n]/g, '') : name;
}
