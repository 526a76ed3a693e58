/** The parts of the API's answers that the page reads. What a user may not see, or a node has not yet counted, is absent. */
export interface Who {
  readonly name: string;
  readonly tags: readonly string[];
}

export interface Sample {
  readonly sample: number;
  readonly timestamp: number;
}

export interface Details {
  readonly rate: number;
  readonly samples?: readonly Sample[];
}

/** `publish` and `publish_details`, and so on. */
export type Stats = Readonly<Record<string, number | Details | undefined>>;

export interface Overview {
  readonly cluster_name: string;
  readonly node: string;
  readonly rabbitmq_version: string;
  readonly product_name?: string;
  readonly product_version?: string;
  readonly management_version: string;
  readonly object_totals: Readonly<Record<string, number>>;
  readonly queue_totals: Stats;
  readonly message_stats: Stats;
  readonly churn_rates?: Stats;
  readonly listeners?: readonly Listener[];
  readonly exchange_types: readonly { readonly name: string }[];
}

interface Listener {
  readonly node: string;
  readonly protocol: string;
  readonly ip_address: string;
  readonly port: number;
}

export interface Node {
  readonly name: string;
  readonly running: boolean;
  readonly type?: string;
  readonly partitions?: readonly string[];
  readonly mem_used?: number;
  readonly mem_limit?: number;
  readonly mem_alarm?: boolean;
  readonly disk_free?: number;
  readonly disk_free_limit?: number;
  readonly disk_free_alarm?: boolean;
  readonly fd_used?: number;
  readonly fd_total?: number;
  readonly sockets_used?: number;
  readonly sockets_total?: number;
  readonly proc_used?: number;
  readonly proc_total?: number;
  readonly uptime?: number;
  readonly processors?: number;
  readonly being_drained?: boolean;
  readonly enabled_plugins?: readonly string[];
  readonly applications?: readonly { readonly name: string; readonly version: string }[];
  readonly config_files?: readonly string[];
  readonly log_files?: readonly string[];
  readonly db_dir?: string;
  readonly [details: `${string}_details`]: Details | undefined;
}

export interface Queue {
  readonly name: string;
  readonly vhost: string;
  readonly type?: string;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly exclusive?: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly node?: string;
  readonly leader?: string;
  readonly state?: string;
  readonly policy?: string | null;
  readonly operator_policy?: string | null;
  readonly effective_policy_definition?: Readonly<Record<string, unknown>> | null;
  readonly messages?: number;
  readonly messages_ready?: number;
  readonly messages_unacknowledged?: number;
  readonly messages_details?: Details;
  readonly messages_ready_details?: Details;
  readonly messages_unacknowledged_details?: Details;
  readonly message_bytes?: number;
  readonly memory?: number;
  readonly consumers?: number;
  readonly message_stats?: Stats;
  readonly slave_nodes?: readonly string[];
  readonly synchronised_slave_nodes?: readonly string[];
  readonly members?: readonly string[];
  readonly online?: readonly string[];
  readonly idle_since?: string;
  readonly consumer_details?: readonly Consumer[];
}

export interface Consumer {
  readonly consumer_tag: string;
  readonly ack_required: boolean;
  readonly prefetch_count: number;
  readonly active?: boolean;
  readonly channel_details: ChannelDetails;
}

interface ChannelDetails {
  readonly name: string;
  readonly connection_name: string;
  readonly peer_host?: string;
  readonly user?: string;
}

export interface Connection {
  readonly name: string;
  readonly node: string;
  readonly vhost?: string;
  readonly user?: string;
  readonly state?: string;
  readonly channels?: number;
  readonly ssl?: boolean;
  readonly protocol?: string;
  readonly peer_host?: string;
  readonly peer_port?: number;
  readonly connected_at?: number;
  readonly timeout?: number;
  readonly frame_max?: number;
  readonly auth_mechanism?: string;
  readonly user_provided_name?: string;
  readonly client_properties?: Readonly<Record<string, unknown>>;
  readonly recv_oct?: number;
  readonly send_oct?: number;
  readonly recv_oct_details?: Details;
  readonly send_oct_details?: Details;
}

export interface Channel {
  readonly name: string;
  readonly node: string;
  readonly number: number;
  readonly vhost?: string;
  readonly user?: string;
  readonly state?: string;
  readonly confirm?: boolean;
  readonly transactional?: boolean;
  readonly consumer_count?: number;
  readonly messages_unacknowledged?: number;
  readonly messages_unconfirmed?: number;
  readonly prefetch_count?: number;
  readonly global_prefetch_count?: number;
  readonly message_stats?: Stats;
  readonly connection_details?: { readonly name: string };
}

export interface Exchange {
  readonly name: string;
  readonly vhost: string;
  readonly type: string;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly internal: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly policy?: string | null;
  readonly message_stats?: Stats;
}

export interface Binding {
  readonly source: string;
  readonly vhost: string;
  readonly destination: string;
  readonly destination_type: 'queue' | 'exchange';
  readonly routing_key: string;
  readonly properties_key: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Policy {
  readonly name: string;
  readonly vhost: string;
  readonly pattern: string;
  readonly 'apply-to': string;
  readonly priority: number;
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface User {
  readonly name: string;
  readonly tags: readonly string[] | string;
}

export interface Permission {
  readonly user: string;
  readonly vhost: string;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

export interface Trace {
  readonly name: string;
  readonly vhost: string;
  readonly pattern: string;
  readonly format: string;
  readonly max_payload_bytes?: number;
  readonly queue?: unknown;
}

export interface TraceFile {
  readonly name: string;
  readonly size: number;
}

export interface GotMessage {
  readonly payload: string;
  readonly payload_encoding: string;
  readonly payload_bytes: number;
  readonly redelivered: boolean;
  readonly exchange: string;
  readonly routing_key: string;
  readonly message_count: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly page: number;
  readonly page_count: number;
  readonly page_size: number;
  readonly filtered_count: number;
  readonly total_count: number;
}
