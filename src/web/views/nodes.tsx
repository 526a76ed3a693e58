import { h } from 'preact';
import type { Node } from '../api-types.js';
import { bytes, count, duration } from '../format.js';
import type { Page } from '../page.js';
import { Live } from '../parts/live.js';
import { Dot, Heading, Meter, Pill } from '../parts/pieces.js';
import { hrefOf } from '../router.js';

export function NodesView({ page }: { page: Page }) {
  return (
    <div>
      <Heading title="Nodes" />
      <Live<Node[]> of="nodes" load={(signal) => page.api.get('nodes', {}, signal)}>
        {(nodes) => <NodeCards nodes={nodes} />}
      </Live>
    </div>
  );
}

export function NodeCards({ nodes }: { nodes: readonly Node[] }) {
  return (
    <div class="cards">
      {nodes.map((node) => (
        <a
          key={node.name}
          class={`card node ${node.running ? 'up' : 'down'}`}
          href={hrefOf(['nodes', node.name])}
        >
          <header>
            <h2>{node.name}</h2>
            <Dot tone={node.running ? 'good' : 'bad'}>{node.running ? 'running' : 'down'}</Dot>
          </header>
          {node.running && <NodeMeters node={node} />}
          {node.running && <NodeNotes node={node} />}
        </a>
      ))}
    </div>
  );
}

export function NodeMeters({ node }: { node: Node }) {
  const { mem_used = 0, mem_limit = 0, disk_free = 0, disk_free_limit = 0 } = node;
  return (
    <div class="meters">
      <Meter
        label="Memory"
        used={mem_used}
        limit={mem_limit}
        text={`${bytes(mem_used)} of ${bytes(mem_limit)}`}
        alarm={node.mem_alarm === true}
      />
      <Meter
        label="Disk free"
        used={disk_free_limit}
        limit={disk_free}
        text={`${bytes(disk_free)}, alarm at ${bytes(disk_free_limit)}`}
        alarm={node.disk_free_alarm === true}
      />
      <Meter
        label="File descriptors"
        used={node.fd_used ?? 0}
        limit={node.fd_total ?? 0}
        text={`${count(node.fd_used)} of ${count(node.fd_total)}`}
      />
      <Meter
        label="Sockets"
        used={node.sockets_used ?? 0}
        limit={node.sockets_total ?? 0}
        text={`${count(node.sockets_used)} of ${count(node.sockets_total)}`}
      />
    </div>
  );
}

export function NodeNotes({ node }: { node: Node }) {
  return (
    <p class="notes">
      <span>up {duration(node.uptime)}</span>
      {node.type === 'ram' && <Pill>RAM node</Pill>}
      {node.being_drained && <Pill tone="warn">maintenance</Pill>}
      {node.mem_alarm && <Pill tone="bad">memory alarm</Pill>}
      {node.disk_free_alarm && <Pill tone="bad">disk alarm</Pill>}
      {node.partitions && node.partitions.length > 0 && (
        <Pill tone="bad">parted from {node.partitions.join(', ')}</Pill>
      )}
    </p>
  );
}
