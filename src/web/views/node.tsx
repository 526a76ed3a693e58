import { h } from 'preact';
import { path } from '../api.js';
import type { Node } from '../api-types.js';
import { duration } from '../format.js';
import type { Page } from '../page.js';
import { Chart } from '../parts/chart.js';
import { Live } from '../parts/live.js';
import { Card, Dot, Empty, Facts, Heading } from '../parts/pieces.js';
import { RangeChoice, rangeOf } from '../parts/range.js';
import { NodeMeters, NodeNotes } from './nodes.js';

export function NodeView({ page, name }: { page: Page; name: string }) {
  const range = rangeOf(page);
  return (
    <div>
      <Heading title={name} kind="Node">
        <RangeChoice page={page} />
      </Heading>
      <Live<Node>
        of={range.name}
        keep
        load={(signal) => page.api.get(path('nodes', name), range.query, signal)}
      >
        {(node) =>
          node.running ? (
            <Running node={node} />
          ) : (
            <Empty title="This node is down">
              <p>Its figures are back when it runs. Its log says why it ended.</p>
            </Empty>
          )
        }
      </Live>
    </div>
  );
}

function Running({ node }: { node: Node }) {
  return (
    <div>
      <Card title={<Dot tone="good">running</Dot>} class="node up">
        <NodeMeters node={node} />
        <NodeNotes node={node} />
      </Card>
      <div class="columns">
        <Card>
          <Chart
            label="Memory"
            unit="bytes"
            lines={[{ label: 'Used', colour: 'blue', details: node.mem_used_details }]}
          />
        </Card>
        <Card>
          <Chart
            label="Disk free"
            unit="bytes"
            lines={[{ label: 'Free', colour: 'green', details: node.disk_free_details }]}
          />
        </Card>
        <Card>
          <Chart
            label="File descriptors and sockets"
            unit="count"
            lines={[
              { label: 'File descriptors', colour: 'violet', details: node.fd_used_details },
              { label: 'Sockets', colour: 'orange', details: node.sockets_used_details },
            ]}
          />
        </Card>
        <Card title="About">
          <Facts
            of={[
              ['Up', duration(node.uptime)],
              ['Type', node.type],
              ['Processors', node.processors],
              ['Plugins', node.enabled_plugins?.join(', ')],
              ['Versions', versions(node)],
              ['Configuration', node.config_files?.join(', ')],
              ['Data', node.db_dir],
              ['Log', node.log_files?.join(', ')],
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

function versions({ applications = [] }: Node): string {
  return applications
    .filter(({ name }) => name === 'rabbit' || name === 'warren' || name === 'erts')
    .map(({ name, version }) => `${name} ${version}`)
    .join(', ');
}
