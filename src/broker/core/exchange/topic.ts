/**
 * Topic routing (AMQP 0-9-1, 3.1.3.3): `*` stands for one word, `#` for any number of words, none included.
 *
 * Binding keys stand in a trie, a level a word. Routing walks it along the words of the message's key: at each
 * node it follows the child of that word, the child `*`, and the child `#` with every remainder of the key; so
 * what it costs depends on the key and on what matches, not on how many bindings do not. A node is visited at
 * most once for each remainder (patterns such as `#.a.#.#` would otherwise multiply). The answers for keys seen
 * lately are kept until a binding changes.
 *
 * Words are what RabbitMQ takes for words: the empty key has none, every other key has one more than it has
 * dots, and a word may be empty.
 */
import type { Message } from '../message.js';
import type { BindingRow } from '../metadata/rows.js';
import type { BindingIndex } from './binding-index.js';
import { BindingSet } from './binding-set.js';

/** Routing keys whose answer is kept; when there are more, all are forgotten and learned anew. */
const cachedKeys = 4096;

export class TopicIndex<D> implements BindingIndex<D> {
  readonly #root = new Node<D>();
  readonly #answers = new Map<string, readonly D[]>();
  size = 0;

  add(binding: BindingRow, destination: D): void {
    let node = this.#root;
    for (const word of words(binding.routingKey)) node = node.child(word);
    node.bindings ??= new BindingSet();
    if (node.bindings.add(binding, destination)) this.size++;
    this.#answers.clear();
  }

  remove(binding: BindingRow): void {
    const path = [this.#root];
    const pattern = words(binding.routingKey);
    for (const word of pattern) {
      const next = path.at(-1)!.children.get(word);
      if (next === undefined) return;
      path.push(next);
    }
    if (!path.at(-1)!.bindings?.remove(binding)) return;
    this.size--;
    this.#answers.clear();
    for (let depth = pattern.length; depth > 0 && path[depth]!.empty; depth--) {
      path[depth - 1]!.children.delete(pattern[depth - 1]!);
    }
  }

  collect(_message: Message, routingKey: string, into: D[]): void {
    let answer = this.#answers.get(routingKey);
    if (answer === undefined) {
      answer = this.#match(routingKey);
      if (this.#answers.size >= cachedKeys) this.#answers.clear();
      this.#answers.set(routingKey, answer);
    }
    for (let index = 0; index < answer.length; index++) into.push(answer[index]!);
  }

  #match(routingKey: string): D[] {
    const found: D[] = [];
    walk(this.#root, words(routingKey), 0, new Map(), found);
    return [...new Set(found)];
  }
}

class Node<D> {
  readonly children = new Map<string, Node<D>>();
  bindings: BindingSet<D> | null = null;

  get empty(): boolean {
    return this.children.size === 0 && (this.bindings === null || this.bindings.size === 0);
  }

  child(word: string): Node<D> {
    let node = this.children.get(word);
    if (node === undefined) {
      node = new Node();
      this.children.set(word, node);
    }
    return node;
  }
}

/** Nodes below a `#`, and the earliest word from which their remainders have been followed already. */
type Followed<D> = Map<Node<D>, number>;

function walk<D>(node: Node<D>, key: string[], at: number, followed: Followed<D>, found: D[]): void {
  if (at === key.length) node.bindings?.collect(found);
  const hash = node.children.get('#');
  if (hash !== undefined) follow(hash, key, at, followed, found);
  if (at === key.length) return;
  const word = key[at]!;
  // A message's key may hold * and # as words; they reach the same nodes as the wildcards do.
  if (word !== '*' && word !== '#') {
    const same = node.children.get(word);
    if (same !== undefined) walk(same, key, at + 1, followed, found);
  }
  const star = node.children.get('*');
  if (star !== undefined) walk(star, key, at + 1, followed, found);
}

/** A `#` takes 0, 1, 2 … words. */
function follow<D>(hash: Node<D>, key: string[], from: number, followed: Followed<D>, found: D[]): void {
  const until = followed.get(hash) ?? key.length + 1;
  if (until <= from) return;
  followed.set(hash, from);
  for (let at = from; at < until; at++) walk(hash, key, at, followed, found);
}

function words(key: string): string[] {
  return key === '' ? [] : key.split('.');
}
