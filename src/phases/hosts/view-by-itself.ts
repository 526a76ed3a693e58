import type { ApiOverview } from '../../drivers/management-api/types.js';
import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import type { NodeView } from './cluster-view.js';
import { type Broker, type HostsContext, transportOf } from './context.js';

/**
 * What a node knows without asking another: the API puts answers together from
 * all nodes, and waits for one that is frozen until that is taken for dead.
 */
export async function viewByItself(
  context: HostsContext,
  host: Broker,
  overview: ApiOverview,
): Promise<NodeView> {
  const options = { signal: context.signal, readOnly: true, timeoutMs: 2 * context.patienceMs };
  const said = await runTool(transportOf(context, host), 'rabbitmqctl', ['eval', term], options);
  const [members = [], connected = [], partitions = [], alarms = []] = said
    .trim()
    .split('\n')
    .map((line) => line.split(' ').filter((word) => word !== '' && word !== 'ok'));
  const running = connected.filter((node) => members.includes(node));
  return {
    nodeName: overview.node,
    clusterName: overview.cluster_name,
    version: overview.rabbitmq_version,
    members: members.sort(),
    running: running.sort(),
    partitions,
    alarms: alarms.map((alarm) => `${alarm} on ${overview.node}`),
    // Which flags are enabled cannot be told without the others: nothing is claimed of them.
    disabledFlags: [],
    drained: false,
    by: 'rabbitmqctl',
  };
}

/** Four lines: who is a member, who is connected, who is partitioned from it, its own alarms. */
const term = `
Line = fun(Words) -> io:format("~s~n", [lists:join(" ", [io_lib:format("~s", [W]) || W <- Words])]) end,
Members = case erlang:function_exported(rabbit_nodes, list_members, 0) of
  true -> rabbit_nodes:list_members();
  false -> rabbit_mnesia:cluster_nodes(all)
end,
Line(Members),
Line([node() | nodes()]),
Line(try rabbit_node_monitor:partitions() of P -> [N || N <- P, is_atom(N)] catch _:_ -> [] end),
Line(lists:usort([R || {{resource_limit, R, N}, _} <- rabbit_alarm:get_alarms(), N =:= node()])).`;
