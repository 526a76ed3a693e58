import type { Found } from '../finding.js';
import { blocks, type Entry, listOf, numberOf, settingOf } from './parse.js';

/** Who takes the address, and whether anybody else ever does. */
export function electionRules(conf: readonly Entry[]): Found[] {
  const [globals] = blocks(conf, 'global_defs');
  const scripts = new Map(blocks(conf, 'vrrp_script').map((script) => [script.words[1], script]));
  return [
    ...blocks(conf, 'vrrp_instance').flatMap((instance) => [
      ...state(instance),
      ...preemption(instance, scripts),
      ...unwatched(instance),
      ...ownInterface(instance),
      ...strict(instance, globals),
      ...password(instance, globals),
    ]),
    ...twice(conf),
  ];
}

function state(instance: Entry): Found[] {
  const entry = settingOf(instance, 'state');
  if (entry?.words[1] !== 'MASTER') return [];
  const contradiction = settingOf(instance, 'nopreempt') !== undefined;
  return [
    {
      line: entry.line,
      severity: contradiction ? 'error' : 'warning',
      rule: 'state-master',
      problem: contradiction
        ? 'nopreempt with state MASTER'
        : 'state MASTER: this host takes the address whenever it starts',
      why: contradiction
        ? 'nopreempt works with state BACKUP only, and is left out otherwise'
        : 'a balancer that comes back interrupts every client once more; and copied to the other host it makes two masters',
      instead: '`state BACKUP` on both, different priorities, and `nopreempt`',
    },
  ];
}

/** A weight lowers the priority, which only matters to a peer that may preempt. */
function preemption(instance: Entry, scripts: ReadonlyMap<string | undefined, Entry>): Found[] {
  const keeps = settingOf(instance, 'nopreempt') !== undefined;
  return listOf(instance, 'track_script').flatMap(({ value }): Found[] => {
    const script = scripts.get(value);
    const weight = numberOf(script, 'weight') ?? 0;
    if (weight === 0) return [];
    const line = settingOf(script, 'weight')!.line;
    return [
      keeps
        ? {
            line,
            severity: 'error',
            rule: 'weight-with-nopreempt',
            problem: `weight ${weight} with nopreempt: a failing check moves nothing`,
            why: 'the peer sees a lower priority and, because of nopreempt, does not take over',
            instead:
              '`weight 0` (or none): the instance goes to FAULT and the peer takes the address at once',
          }
        : {
            line,
            severity: 'warning',
            rule: 'weight',
            problem: `weight ${weight}: a failing check moves the address only if the priorities are less than ${Math.abs(weight)} apart`,
            why: 'with 100 and 50, the address stays on the balancer whose HAProxy is dead',
            instead: '`weight 0` (or none): a failure is FAULT, whatever the priorities',
          },
    ];
  });
}

function unwatched(instance: Entry): Found[] {
  const tracks = ['track_script', 'track_process', 'track_file'].some(
    (name) => listOf(instance, name).length > 0,
  );
  if (tracks) return [];
  return [
    {
      line: instance.line,
      severity: 'error',
      rule: 'nothing-tracked',
      problem: `instance ${instance.words[1] ?? ''} watches nothing`,
      why: 'the address stays on a host whose HAProxy has died',
      instead: 'a `vrrp_script` that asks HAProxy, and `track_script` with its name',
    },
  ];
}

function ownInterface(instance: Entry): Found[] {
  const own = settingOf(instance, 'interface')?.words[1];
  return listOf(instance, 'track_interface')
    .filter(({ value }) => value === own)
    .map(({ line, value }) => ({
      line,
      severity: 'error',
      rule: 'own-interface',
      problem: `track_interface names ${value}, the instance's own interface`,
      why: 'it is tracked anyway, and the test ends with 5',
      instead: 'leave it out',
    }));
}

function strict(instance: Entry, globals: Entry | undefined): Found[] {
  const entry = settingOf(globals, 'vrrp_strict');
  const offends = ['unicast_peer', 'authentication'].filter((name) => settingOf(instance, name));
  if (!entry || offends.length === 0) return [];
  return [
    {
      line: entry.line,
      severity: 'error',
      rule: 'strict',
      problem: `vrrp_strict with ${offends.join(' and ')}`,
      why: 'strict VRRP has neither unicast peers nor passwords: Keepalived refuses the instance',
      instead: 'leave vrrp_strict out',
    },
  ];
}

function password(instance: Entry, globals: Entry | undefined): Found[] {
  const block = settingOf(instance, 'authentication');
  const entry = settingOf(block, 'auth_pass');
  const value = entry?.words[1] ?? '';
  const version = numberOf(instance, 'version') ?? numberOf(globals, 'vrrp_version') ?? 2;
  const found: Found[] = [];
  const one = (rule: string, severity: Found['severity'], problem: string, why: string, instead: string) =>
    found.push({ line: (entry ?? block ?? instance).line, severity, rule, problem, why, instead });
  if (entry && value.length > 8) {
    one(
      'long-password',
      'warning',
      `auth_pass has ${value.length} characters`,
      'only the first 8 count',
      'at most 8 characters',
    );
  }
  if (block && version === 3) {
    one(
      'version-3-password',
      'error',
      'authentication with VRRP 3',
      'version 3 has none',
      'leave it out, and name the peers',
    );
  }
  if (entry && settingOf(instance, 'unicast_peer') === undefined && version === 2) {
    one(
      'password-in-the-clear',
      'note',
      'auth_pass is sent to the whole network, in the clear',
      'it keeps off mistakes, and nobody who listens',
      '`unicast_src_ip` and `unicast_peer`, so that only the peer is spoken to and believed',
    );
  }
  const interval = numberOf(instance, 'advert_int');
  if (version === 2 && interval !== undefined && !Number.isInteger(interval)) {
    one(
      'fraction',
      'error',
      `advert_int ${interval} with VRRP 2`,
      'version 2 knows whole seconds only',
      '`vrrp_version 3`',
    );
  }
  return found;
}

function twice(conf: readonly Entry[]): Found[] {
  const seen = new Map<string, Entry>();
  return blocks(conf, 'vrrp_instance').flatMap((instance): Found[] => {
    const key = `${settingOf(instance, 'interface')?.words[1]} ${numberOf(instance, 'virtual_router_id')}`;
    const first = seen.get(key);
    seen.set(key, instance);
    if (!first || numberOf(instance, 'virtual_router_id') === undefined) return [];
    return [
      {
        line: settingOf(instance, 'virtual_router_id')!.line,
        severity: 'error',
        rule: 'same-vrid',
        problem: `instances ${first.words[1]} and ${instance.words[1]} have the same virtual_router_id`,
        why: 'they answer to each other on one network, and Keepalived refuses the second',
        instead: 'a number of its own for each',
      },
    ];
  });
}
