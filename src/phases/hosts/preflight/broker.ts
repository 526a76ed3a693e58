import { partitionOf } from '../cluster-view.js';
import { brokerOf, brokersOf } from '../context.js';
import { wantedCookie } from '../cookie-choice.js';
import { membershipOf } from '../membership.js';
import { dataOf, installed, runs, strayNode } from '../node-state.js';
import { note, type Rule, type Subject, stops } from './rule.js';

/** What a broker's host has of RabbitMQ already: whose node, whose cluster, whose cookie. */
export const brokerRules: readonly Rule[] = [
  stray,
  silentNode,
  partitioned,
  otherNodeName,
  otherCluster,
  holdsData,
  lostData,
  forgotten,
  cookieOwner,
  cookieDiffers,
].map((rule) => (subject) => (subject.host.roles.includes('broker') ? rule(subject) : []));

function stray({ facts }: Subject) {
  const found = strayNode(facts);
  if (!found) return [];
  const problem = `a RabbitMQ node runs there outside of its service (pid ${found.pid})`;
  return [stops('NODE_WITHOUT_SERVICE', problem, 'rabbitmqctl stop, on that host')];
}

/** One that is booting, or has another cookie than its tools, is put right by an apply. */
function silentNode({ context, host, facts }: Subject) {
  const reason = context.view.silent.get(host.name);
  if (reason === undefined || strayNode(facts)) return [];
  const boots = facts.services.get('rabbitmq-server')?.active === 'activating';
  const wanted = wantedCookie(context);
  const otherCookie = facts.cookie?.sha256 !== wanted.sha256;
  const [first] = reason.split('\n');
  const problem = boots
    ? 'its node is booting and does not answer yet'
    : `its node runs and does not answer: ${first}`;
  if (boots || otherCookie) return [note('NODE_SILENT', problem, 'warren apply goes on from there')];
  return [
    stops(
      'NODE_SILENT',
      problem,
      'see journalctl -u rabbitmq-server there; systemctl restart rabbitmq-server',
    ),
  ];
}

/** What is changed on one side is not on the other, and is lost when that one is trusted. */
function partitioned({ context, host }: Subject) {
  const found = partitionOf(context.view, host.name);
  return found ? [stops('PARTITIONED', found.problem, found.next)] : [];
}

/** A node's data belongs to its name: under another name it would start empty. */
function otherNodeName({ context, host, facts }: Subject) {
  const { nodeName } = brokerOf(context, host);
  const others = facts.data.filter(({ node }) => node !== nodeName).map(({ node }) => node);
  if (others.length === 0 || dataOf(facts, nodeName)) return [];
  const problem = `it has data of node ${others.join(', ')}, and by the cluster file its node is ${nodeName}`;
  const next = `name the node ${others[0]!.replace(/^[^@]*@/, '')} in the cluster file, or move /var/lib/rabbitmq/mnesia away`;
  return [stops('OTHER_NODE_NAME', problem, next)];
}

function otherCluster({ context, host, facts }: Subject) {
  const { nodeName } = brokerOf(context, host);
  const members = context.view.nodes.get(host.name)?.members ?? dataOf(facts, nodeName)?.members ?? [];
  const ours = new Set(brokersOf(context).map((broker) => broker.nodeName));
  const strangers = members.filter((member) => !ours.has(member));
  if (strangers.length === 0 || context.resettable.has(host.name)) return [];
  const cluster = context.view.nodes.get(host.name)?.clusterName;
  const problem = `its node is in ${cluster ? `cluster ${cluster}` : 'a cluster'} with ${strangers.join(', ')}, of which the cluster file says nothing`;
  const next = `add them to the cluster file, or take the node out of that cluster: rabbitmqctl -n ${strangers[0]} forget_cluster_node ${nodeName}`;
  return [stops('OTHER_CLUSTER', problem, next)];
}

function holdsData(subject: Subject) {
  const { context, host } = subject;
  if (forgottenBy(subject) !== undefined) return [];
  const apart = membershipOf(context).apart.find(({ broker }) => broker.name === host.name);
  if (!apart || apart.holds.length === 0 || context.resettable.has(host.name)) return [];
  const problem = `its node is in no cluster and holds ${apart.holds.join(', ')}: joining would delete that`;
  const next = `to join it all the same (its definitions are exported first): warren apply --file ${context.file.file} --reset-node ${host.name}`;
  return [stops('NODE_HOLDS_DATA', problem, next)];
}

/** Its mates still count on what is gone: it would not be let in under its old name. */
function lostData({ context, host, facts }: Subject) {
  const { nodeName } = brokerOf(context, host);
  if (dataOf(facts, nodeName) || runs(facts)) return [];
  const mates = [...context.view.nodes.values()].filter(({ members }) => members.includes(nodeName));
  if (mates.length === 0) return [];
  const problem = `${nodeName} is a member of the cluster, and its data is gone`;
  return [
    note('NODE_LOST_DATA', problem, 'warren apply has the others forget it, and it joins as a new node'),
  ];
}

/** It still counts on mates that do not count on it any more: it would not boot. */
function forgotten(subject: Subject) {
  const { context, host } = subject;
  const by = forgottenBy(subject);
  if (by === undefined) return [];
  const { nodeName } = brokerOf(context, host);
  const problem = `${nodeName} was forgotten by ${by} while it was down, and does not start with the data that it has`;
  const next = `have it begin anew, without that data: warren node replace ${host.name} --cluster ${context.file.file}`;
  return [stops('NODE_FORGOTTEN', problem, next)];
}

/** A running node that a node which is down counts on, and that does not count on it. */
function forgottenBy({ context, host, facts }: Subject): string | undefined {
  const { nodeName } = brokerOf(context, host);
  const data = dataOf(facts, nodeName);
  if (!data || context.view.nodes.has(host.name)) return undefined;
  const mates = [...context.view.nodes.values()].filter((view) => data.members.includes(view.nodeName));
  return mates.some(({ members }) => members.includes(nodeName)) ? undefined : mates[0]?.nodeName;
}

function cookieOwner({ facts }: Subject) {
  const { cookie } = facts;
  if (!cookie || !installed(facts)) return [];
  if (cookie.owner === 'rabbitmq' && (cookie.mode & 0o077) === 0) return [];
  const problem = `the Erlang cookie belongs to ${cookie.owner} with mode ${cookie.mode.toString(8)}: the node cannot start with it, or others can read it`;
  return [note('COOKIE_MODE', problem, 'warren apply gives it to rabbitmq, mode 400')];
}

function cookieDiffers({ context, host, facts }: Subject) {
  const wanted = wantedCookie(context);
  if (!facts.cookie || wanted.sha256 === undefined || facts.cookie.sha256 === wanted.sha256) return [];
  const member = membershipOf(context).members.some(({ name }) => name === host.name);
  if (member && wanted.from === 'file' && runs(facts)) {
    const problem = 'its Erlang cookie is not the one of the cluster file, and the node runs';
    return [stops('COOKIE_DIFFERS', problem, `warren cookie rotate --file ${context.file.file}`)];
  }
  const problem = `its Erlang cookie is not ${wanted.from === 'file' ? 'the one of the cluster file' : `that of ${wanted.from}`}: its node cannot talk to the others`;
  const next = runs(facts)
    ? 'warren apply stops its node, gives it the right cookie and starts it again'
    : 'warren apply gives it the right cookie';
  return [note('COOKIE_DIFFERS', problem, next)];
}
