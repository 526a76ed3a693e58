import type { Host } from '../../cluster-file/hosts.js';
import { checkKeepalived } from '../../drivers/keepalived/check.js';
import { WarrenError } from '../../errors/warren-error.js';
import { checkScriptFile, keepalivedFile } from '../../render/balancer-files.js';
import type { Phase } from '../phase.js';
import { factsOf, type HostsContext, transportOf } from './context.js';
import { changeable, eachHost } from './each-host.js';
import { configureService } from './front-end-service.js';
import { paths } from './paths.js';
import { placeFile } from './place-file.js';
import { secretKey } from './secrets.js';
import { systemdOf } from './services.js';
import { interfaceFor } from './virtual-address.js';

const title = 'Configure Keepalived';

/** The check script and Keepalived on each balancer, where there is an address to move. */
export const configureKeepalived: Phase<HostsContext> = {
  title,
  shouldRun: (context) =>
    (context.file.front_end?.virtual_addresses.length ?? 0) > 0 && changeable(context, 'balancer').length > 0,
  async run(context, door) {
    const frontEnd = context.file.front_end!;
    const [script, write] = [await checkScriptFile(frontEnd), await keepalivedFile(context.file, frontEnd)];
    const { auth_pass: password } = frontEnd;
    const authPass = password && (await context.secrets.of(password, secretKey.vrrp, 'auth_pass'));
    await eachHost(context, changeable(context, 'balancer'), title, async (host) => {
      const here = door.on(host.name);
      await placeFile(context, host, here, script, { folder: '/etc/keepalived' });
      const balancer = frontEnd.hosts.find(({ name }) => name === host.name)!;
      const card = balancer.interface ?? interfaceFor(factsOf(context, host), host.address);
      if (!card) throw WarrenError.of('NO_INTERFACE', { host: host.name, address: host.address });
      const rendered = await write({ host: balancer, interface: card, authPass });
      await configureService(context, host, here, rendered, {
        program: 'Keepalived',
        service: 'keepalived',
        note: paths.reloadKeepalived,
        check: (temporary) => checkKeepalived(transportOf(context, host), temporary, context.signal),
        answers: () => runs(context, host),
      });
    });
  },
};

async function runs(context: HostsContext, host: Host): Promise<void> {
  if (await systemdOf(context, host).isActive('keepalived')) return;
  throw WarrenError.of('KEEPALIVED_ENDED', { host: host.name }, { where: host.name });
}
