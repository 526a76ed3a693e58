/** The parts of the management API's answers that Warren reads; an absent column is undefined. */
export interface ApiNode {
  readonly name: string;
  readonly running: boolean;
  readonly type?: string;
  readonly partitions?: readonly string[];
  readonly mem_alarm?: boolean;
  readonly disk_free_alarm?: boolean;
  readonly mem_used?: number;
  readonly being_drained?: boolean;
}

export interface ApiListener {
  readonly node: string;
  readonly protocol: string;
  readonly ip_address: string;
  readonly port: number;
  /** An empty list where there are none. */
  readonly socket_opts: Readonly<Record<string, unknown>> | readonly [];
}

export interface ApiOverview {
  readonly cluster_name: string;
  readonly node: string;
  readonly rabbitmq_version: string;
  readonly product_name?: string;
  readonly product_version?: string;
  readonly listeners?: readonly ApiListener[];
}

export interface ApiQueue {
  readonly name: string;
  readonly vhost: string;
  readonly type?: string;
  readonly node?: string;
  readonly state?: string;
  readonly messages?: number;
  readonly slave_nodes?: readonly string[];
  readonly synchronised_slave_nodes?: readonly string[];
  readonly leader?: string;
  readonly members?: readonly string[];
  readonly online?: readonly string[];
}

export interface PolicyBody {
  readonly pattern: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly 'apply-to': string;
  readonly priority: number;
}

export interface ApiFeatureFlag {
  readonly name: string;
  readonly state: string;
  readonly stability?: string;
}
