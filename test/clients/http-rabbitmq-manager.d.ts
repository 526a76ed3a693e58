declare module 'http-rabbitmq-manager' {
  export function client(config: {
    host: string;
    port: number;
  }): Record<string, (...given: unknown[]) => void>;
}
