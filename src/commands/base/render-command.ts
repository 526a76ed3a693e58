import * as Flags from '@oclif/core/flags';
import { type RenderKind, type RenderResult, render } from '../../operations/render.js';
import { writeRendered } from '../../operations/write-rendered.js';
import { renderedText } from '../../view/rendered.js';
import { HostsCommand } from './hosts-command.js';

interface RenderFlags {
  readonly file: string;
  readonly out?: string | undefined;
  readonly host?: string | undefined;
  readonly secrets: boolean;
}

/** What the commands that show a host's files have in common. */
export abstract class RenderCommand extends HostsCommand {
  static override flags = {
    file: Flags.string({
      char: 'f',
      description: 'the cluster file',
      helpValue: 'FILE',
      default: 'warren.yaml',
    }),
    out: Flags.string({
      char: 'o',
      description: 'write into this folder, one sub-folder a host',
      helpValue: 'FOLDER',
    }),
    host: Flags.string({ description: 'for this host only', helpValue: 'HOST' }),
    secrets: Flags.boolean({ description: 'put passwords in, instead of stars', default: false }),
  };

  protected async render(what: RenderKind, flags: RenderFlags): Promise<RenderResult> {
    const file = await this.clusterFile(flags.file);
    const { host, secrets, out } = flags;
    const result = await render({ what, file, host, secrets, env: process.env });
    for (const note of result.notes) this.note(`note: ${note}`);
    if (out === undefined) this.log(renderedText(result.files));
    else for (const path of await writeRendered(out, result)) this.log(path);
    return result;
  }
}
