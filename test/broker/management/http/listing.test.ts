import { describe, expect, it } from 'vitest';
import { augmented } from '../../../../src/broker/management/http/augmented.js';
import { list, listOrPage } from '../../../../src/broker/management/http/listing.js';
import { Refusal } from '../../../../src/broker/management/http/refusal.js';
import { asked } from './asked.js';

const things = [
  { vhost: 'b', name: 'one', size: 3, part: { deep: 1, other: 2 } },
  { vhost: 'a', name: 'two', size: 1, part: { deep: 2, other: 2 } },
  { vhost: 'a', name: 'One', size: 2 },
];
const names = (items: unknown) => (items as { name: string }[]).map((item) => item.name);

async function refusal(perform: () => unknown): Promise<unknown> {
  try {
    await perform();
  } catch (error) {
    if (error instanceof Refusal) return [error.status, error.body];
    throw error;
  }
  throw new Error('was not refused');
}

describe('list', () => {
  it('orders by virtual host and name, or as asked, either way round', () => {
    expect(names(list(asked(''), things))).toEqual(['One', 'two', 'one']);
    expect(names(list(asked('sort=size'), things))).toEqual(['two', 'One', 'one']);
    expect(names(list(asked('sort=size&sort_reverse=true'), things))).toEqual(['one', 'One', 'two']);
  });

  it('takes what is absent for the smallest', () => {
    expect(names(list(asked('sort=part.deep'), things))).toEqual(['One', 'one', 'two']);
  });

  it('picks columns, also inside, and leaves out what an item does not have', () => {
    expect(list(asked('columns=part.deep,nosuch'), things)).toEqual([
      [],
      { part: { deep: 2 } },
      { part: { deep: 1 } },
    ]);
    expect(list(asked('columns=part.deep,part.other,size'), things)).toContainEqual({
      part: { deep: 1, other: 2 },
      size: 3,
    });
  });
});

describe('pages', () => {
  it('of a pattern that would take for ever are refused, and the node goes on', async () => {
    const named = [{ name: `${'a'.repeat(200)}!` }, { name: 'b' }];
    const pattern = encodeURIComponent('^(a+)+$');
    expect(await refusal(() => listOrPage(asked(`page=1&use_regex=true&name=${pattern}`), named))).toEqual([
      400,
      { error: 'bad_request', reason: 'The pattern ^(a+)+$ takes too long: write a simpler one' },
    ]);
    expect(listOrPage(asked('page=1&use_regex=true&name=%5EB'), named)).toMatchObject({
      items: [{ name: 'b' }],
    });
  });

  it('say how much there is, what the filter left and which part this is', () => {
    expect(listOrPage(asked('page=2&page_size=1&name=one&columns=name'), things)).toEqual({
      filtered_count: 2,
      item_count: 1,
      items: [{ name: 'one' }],
      page: 2,
      page_count: 2,
      page_size: 1,
      total_count: 3,
    });
  });

  it('filter by regular expression without regard to case', () => {
    expect(listOrPage(asked('page=1&name=^O&use_regex=true'), things)).toMatchObject({ filtered_count: 2 });
    expect(listOrPage(asked('page=1&name=^O'), things)).toMatchObject({ filtered_count: 0 });
  });

  it.each([
    ['page=0', 'invalid_pagination_parameters'],
    ['page=1&page_size=501', 'invalid_pagination_parameters'],
    ['page=1&page_size=0', 'invalid_pagination_parameters'],
    ['page=x', 'bad_request'],
    ['page=1&page_size=x', 'bad_request'],
    ['page=1&name=[&use_regex=true', 'bad_request'],
    ['page=3&page_size=2', 'page_out_of_range'],
  ])('%s is refused', async (query, error) => {
    const answer = await refusal(() => listOrPage(asked(query), things));
    expect(answer).toMatchObject([400, { error }]);
  });

  it('an empty first page is no error', () => {
    expect(listOrPage(asked('page=1&name=nothing'), things)).toMatchObject({ items: [], page_count: 0 });
  });
});

describe('augmented lists', () => {
  const rows = Array.from({ length: 50 }, (_, index) => ({
    vhost: '/',
    name: `q${index + 10}`,
    rank: index,
  }));
  const basic = ['name', 'vhost'];
  const weightOf = (name: string) => 110 - Number(name.slice(1));

  async function detailsAskedFor(query: string): Promise<{ asked: string[]; answer: unknown }> {
    const asking: string[] = [];
    const answer = await augmented(asked(query), {
      rows,
      basic,
      item: ({ vhost, name }) => ({ vhost, name }),
      details: async (some) => {
        asking.push(...some.map((row) => String(row.name)));
        return some.map((row) => ({ ...row, weight: weightOf(String(row.name)) }));
      },
      rank: async (key) =>
        key === 'quick' ? new Map([['/', new Map(rows.map((row) => [row.name, -row.rank]))]]) : null,
    });
    return { asked: asking, answer };
  }

  it('asks for the details of one page alone', async () => {
    const { asked: names, answer } = await detailsAskedFor('page=2&page_size=3');
    expect(names).toEqual(['q13', 'q14', 'q15']);
    expect(answer).toMatchObject({ items: [{ name: 'q13', weight: 97 }, { weight: 96 }, { weight: 95 }] });
  });

  it('asks for nothing when the columns are basic', async () => {
    const { asked: names, answer } = await detailsAskedFor('page=1&page_size=2&columns=name');
    expect(names).toEqual([]);
    expect(answer).toMatchObject({ items: [{ name: 'q10' }, { name: 'q11' }] });
  });

  it('asks for the details of one page when the nodes can rank', async () => {
    const { asked: names, answer } = await detailsAskedFor('page=1&page_size=2&sort=quick');
    expect(names).toEqual(['q59', 'q58']);
    expect(answer).toMatchObject({ total_count: 50, items: [{ name: 'q59', weight: 51 }, { weight: 52 }] });
  });

  it('asks for all when the order needs it', async () => {
    const { asked: names, answer } = await detailsAskedFor('page=1&page_size=2&sort=weight&columns=name');
    expect(names).toHaveLength(50);
    expect(answer).toMatchObject({ total_count: 50, items: [{ name: 'q59' }, { name: 'q58' }] });
  });
});
