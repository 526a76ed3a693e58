import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { WarrenError } from '../errors/warren-error.js';
import type { Warning } from './cluster-file.js';
import { syntaxProblem } from './syntax.js';

type InvalidFile = 'CLUSTER_FILE_INVALID' | 'RULES_FILE_INVALID';

export type Path = readonly (string | number)[];

/** Something that is wrong, or unwise, about the value (or the key) at a path of the file. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly suggestion?: string | undefined;
  /** Whether the key itself is meant rather than its value. */
  readonly key?: boolean;
}

/** A finding with its place in the text. */
export interface Problem {
  readonly message: string;
  readonly offset: number;
  readonly suggestion?: string | undefined;
}

/** The text of a file in YAML, with the way back from a value to its line and column. */
export class Text {
  private constructor(
    private readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
    private readonly code: InvalidFile,
  ) {}

  /** `code` is the error that is raised by whatever is wrong with it. */
  static parse(text: string, file: string, code: InvalidFile = 'CLUSTER_FILE_INVALID'): Text {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const source = new Text(file, document, lines, code);
    const [first] = document.errors;
    if (first) throw source.invalid([syntaxProblem(first, text)]);
    source.refuseUnknownAliases();
    return source;
  }

  get value(): unknown {
    return this.document.toJS() ?? {};
  }

  /** The value at a path. */
  at(path: Path): unknown {
    let here = this.value as Record<string | number, unknown> | null | undefined;
    for (const step of path) here = here?.[step] as typeof here;
    return here;
  }

  problem({ path, message, suggestion, key }: Finding): Problem {
    return { message, suggestion, offset: key ? this.keyOffset(path) : this.valueOffset(path) };
  }

  warning(finding: Finding): Warning {
    const { message, suggestion, offset } = this.problem(finding);
    return { message, where: this.where(offset), suggestion: suggestion ?? '' };
  }

  /** In the order of the text, so that the first is the one a reader meets first; the others are counted. */
  invalid(problems: readonly Problem[]): WarrenError {
    const sorted = [...problems].sort((left, right) => left.offset - right.offset);
    const { message, suggestion, offset } = sorted[0]!;
    const others = sorted.slice(1).map((one) => `${this.where(one.offset)}: ${one.message}`);
    return WarrenError.of(
      this.code,
      { problem: message, ...(suggestion ? { suggestion } : {}) },
      { where: this.where(offset), ...(others.length > 0 ? { why: `also ${others.join('; ')}` } : {}) },
    );
  }

  private where(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }

  private refuseUnknownAliases(): void {
    visit(this.document, {
      Alias: (_, alias) => {
        if (alias.resolve(this.document)) return;
        const message = `there is no anchor &${alias.source} above`;
        const suggestion = `write &${alias.source} before the value that is meant, or the value itself here`;
        throw this.invalid([{ message, suggestion, offset: alias.range?.[0] ?? 0 }]);
      },
    });
  }

  /** Of a value that is not written, the place of what it should stand in. */
  private valueOffset(path: Path): number {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = this.nodeAt(path.slice(0, depth));
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  }

  private keyOffset(path: Path): number {
    const map = this.resolved(this.nodeAt(path.slice(0, -1)));
    const key = path.at(-1);
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      : undefined;
    return (isScalar(pair?.key) && pair.key.range?.[0]) || this.valueOffset(path.slice(0, -1));
  }

  /** Aliases are followed on the way, but what a path ends at is where it is written. */
  private nodeAt(path: Path): unknown {
    let here: unknown = this.document.contents;
    for (const step of path) {
      const node = this.resolved(here) as { get?: (key: unknown, keep: boolean) => unknown } | undefined;
      here = node?.get?.(step, true);
    }
    return here;
  }

  private resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.document) : node;
  }
}
