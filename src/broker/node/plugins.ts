import type { NodeConfig, OpenListener } from '../config/node-config.js';
import { withRequired } from '../config/plugins.js';
import type { ManagementPorts } from '../management/ports.js';
import type { Traces } from '../tracing/traces.js';

interface Service {
  readonly listeners: readonly OpenListener[];
  suspend?(): Promise<void>;
  resume?(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What runs because a plugin is enabled. A plugin's code is loaded when it is started, so that a node pays only
 * for what it uses; those that only serve others (agent, dispatcher) have nothing of their own to start.
 */
export class Plugins {
  readonly #services = new Map<string, Service>();
  #active: string[] = [];
  #traces: Traces | null = null;

  constructor(
    private readonly config: NodeConfig,
    private readonly ports: Omit<ManagementPorts, 'traces'>,
  ) {}

  get active(): readonly string[] {
    return this.#active;
  }

  get listeners(): OpenListener[] {
    return [...this.#services.values()].flatMap((service) => service.listeners);
  }

  /** Starts and stops what it takes to run just what `enabled` needs. */
  async run(enabled: readonly string[]): Promise<{ started: string[]; stopped: string[] }> {
    const wanted = withRequired(enabled);
    const stopped = this.#active.filter((name) => !wanted.includes(name));
    const started = wanted.filter((name) => !this.#active.includes(name));
    for (const name of stopped) await this.#stop(name);
    for (const name of started) await this.#start(name);
    return { started, stopped };
  }

  /** Clients of the plugins' listeners are turned away until `resume`. */
  async suspend(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.suspend?.()));
  }

  async resume(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.resume?.()));
  }

  async #start(name: string): Promise<void> {
    if (name === 'rabbitmq_management') this.#services.set(name, await this.#management());
    if (name === 'rabbitmq_prometheus') this.#services.set(name, await this.#prometheus());
    if (name === 'rabbitmq_tracing') this.#services.set(name, await this.#tracing());
    this.#active = [...this.#active, name].sort();
    this.ports.broker.plugins.add(name);
  }

  async #stop(name: string): Promise<void> {
    this.#active = this.#active.filter((active) => active !== name);
    this.ports.broker.plugins.delete(name);
    await this.#services.get(name)?.close();
    this.#services.delete(name);
  }

  async #tracing(): Promise<Service> {
    const { Traces } = await import('../tracing/traces.js');
    const { username, password, directory } = this.config.tracing;
    const traces = new Traces({ ...this.ports, directory, login: { username, password } });
    this.#traces = traces;
    return {
      listeners: [],
      close: async () => {
        this.#traces = null;
        await traces.close();
      },
    };
  }

  async #management(): Promise<Service> {
    const { startManagement } = await import('../management/management.js');
    return startManagement({ ...this.ports, traces: () => this.#traces }, this.config.management);
  }

  async #prometheus(): Promise<Service> {
    const { startPrometheus } = await import('../prometheus/prometheus.js');
    return startPrometheus(this.ports, this.config.prometheus);
  }
}
