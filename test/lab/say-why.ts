/**
 * What failed on hosts is told by their logs, and those go with the lab: so when a test fails, the ends of them
 * are shown, of every lab that this process has up.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach } from 'vitest';
import type { Host } from './host.js';
import { Lab } from './hosts.js';
import { labNames, readRecord } from './record.js';

const logs = `
  date --utc
  systemctl --no-pager --failed; systemctl --no-pager is-active rabbitmq-server haproxy keepalived
  ps -eo etimes,args --sort etimes | grep -v '\\[' | head -40 | cut -c-200
  for log in /var/log/rabbitmq/*.log; do [ -f "$log" ] && echo "== $log" && tail -n 60 "$log" | cut -c-300; done
  journalctl --no-pager --lines 30 | cut -c-300`;

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const lab of ofThisProcess()) for (const host of lab.hosts) console.log(await ends(host));
});

function ofThisProcess(): Lab[] {
  return labNames()
    .filter((name) => readRecord(name)?.owner?.pid === process.pid)
    .map((name) => Lab.find(name));
}

async function ends(host: Host): Promise<string> {
  const head = `--- ${host.name} of ${host.folder}`;
  if (!host.isOn) return `${head}: off`;
  const late = pause(10_000, { stdout: 'no answer in 10 s', stderr: '' });
  const { stdout, stderr } = await Promise.race([host.ssh(logs), late]);
  return `${head}\n${stdout}${stderr}`;
}
