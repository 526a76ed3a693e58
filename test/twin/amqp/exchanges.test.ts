import { describe } from 'vitest';
import { twin } from '../twin.js';

describe('exchange.declare', () => {
  for (const type of ['direct', 'fanout', 'topic', 'headers'] as const) {
    twin(`of type ${type}, twice`, async (t) => {
      const ch = await t.channel();
      await ch.assertExchange('e', type);
      await ch.assertExchange('e', type);
      await ch.checkExchange('e');
    });

    twin(`finds amq.${type}`, async (t) => {
      const ch = await t.channel();
      await ch.checkExchange(`amq.${type}`);
      await ch.assertExchange(`amq.${type}`, type, { durable: true });
    });
  }

  for (const name of ['amq.match', 'amq.rabbitmq.trace']) {
    twin(`finds ${name}`, async (t) => {
      const ch = await t.channel();
      await ch.checkExchange(name);
    });
  }

  for (const [what, first, second] of [
    ['type', ['direct', {}], ['fanout', {}]],
    ['durable', ['direct', { durable: true }], ['direct', { durable: false }]],
    ['auto_delete', ['direct', { autoDelete: false }], ['direct', { autoDelete: true }]],
    ['internal', ['direct', { internal: false }], ['direct', { internal: true }]],
    ['alternate-exchange', ['direct', {}], ['direct', { alternateExchange: 'amq.fanout' }]],
    [
      'alternate-exchange from one to another',
      ['direct', { alternateExchange: 'a' }],
      ['direct', { alternateExchange: 'b' }],
    ],
  ] as const) {
    twin(`again with ${what} differing is refused`, async (t) => {
      const ch = await t.channel();
      await ch.assertExchange('e', first[0], first[1]);
      await ch.assertExchange('e', second[0], second[1]);
    });
  }

  twin('of an unknown type closes the connection', async (t) => {
    const ch = await t.channel();
    // RabbitMQ has other words for a name that it has met anywhere, an argument of a tool included.
    await ch.assertExchange('e', 'type-unheard-of');
  });

  twin('of a reserved name is refused', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('amq.mine', 'direct');
  });

  twin('of the default exchange is refused', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('', 'direct');
  });

  twin('passive of an exchange that is not there is refused', async (t) => {
    const ch = await t.channel();
    await ch.checkExchange('nosuch');
  });

  twin('passive of the default exchange', async (t) => {
    const ch = await t.channel();
    await ch.checkExchange('');
  });

  twin('with an alternate exchange that is not a text is refused', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('e', 'direct', { arguments: { 'alternate-exchange': 5 } });
  });

  twin('with line breaks in the name strips them', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('a\r\nb', 'direct');
    await ch.checkExchange('ab');
  });
});

describe('exchange.delete', () => {
  twin('of nothing succeeds', async (t) => {
    const ch = await t.channel();
    await ch.deleteExchange('nosuch');
  });

  for (const name of ['', 'amq.direct', 'amq.rabbitmq.trace']) {
    twin(`of "${name}" is refused`, async (t) => {
      const ch = await t.channel();
      await ch.deleteExchange(name);
    });
  }

  twin('if-unused of a bound exchange is refused', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('e', 'fanout');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'e', '');
    await ch.deleteExchange('e', { ifUnused: true });
  });

  twin('removes its bindings', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('e', 'fanout');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'e', '');
    await ch.deleteExchange('e');
    await ch.assertExchange('e', 'fanout');
    ch.publish('e', '', 'lost');
    await ch.events();
    await ch.get('q');
  });
});

describe('bindings', () => {
  twin('of what is not there are refused', async (t) => {
    const one = await t.channel();
    await one.bindQueue('nosuch', 'amq.direct', 'k');
    const two = await t.channel();
    await two.assertQueue('q');
    await two.bindQueue('q', 'nosuch', 'k');
    const three = await t.channel();
    await three.bindExchange('nosuch', 'amq.direct', 'k');
    const four = await t.channel();
    await four.bindExchange('amq.direct', 'nosuch', 'k');
  });

  twin('with the default exchange are refused', async (t) => {
    const one = await t.channel();
    await one.assertQueue('q');
    await one.bindQueue('q', '', 'k');
    const two = await t.channel();
    await two.unbindQueue('q', '', 'q');
    const three = await t.channel();
    await three.bindExchange('amq.direct', '', 'k');
    const four = await t.channel();
    await four.bindExchange('', 'amq.direct', 'k');
  });

  twin('unbinding what is not bound', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.unbindQueue('q', 'amq.direct', 'k');
  });

  twin('unbinding from an exchange that is not there', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.unbindQueue('q', 'nosuch', 'k');
  });

  twin('bound twice, delivered once, unbound once', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'amq.direct', 'k');
    await ch.bindQueue('q', 'amq.direct', 'k');
    ch.publish('amq.direct', 'k', 'once');
    await ch.events();
    await ch.checkQueue('q');
    await ch.unbindQueue('q', 'amq.direct', 'k');
    ch.publish('amq.direct', 'k', 'gone', { mandatory: true });
    await ch.events();
    await ch.checkQueue('q');
  });

  twin('with other arguments are other bindings', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'amq.direct', 'k', { a: 1 });
    await ch.bindQueue('q', 'amq.direct', 'k', { a: 2 });
    await ch.unbindQueue('q', 'amq.direct', 'k', { a: 1 });
    ch.publish('amq.direct', 'k', 'still bound', { mandatory: true });
    await ch.events();
    await ch.checkQueue('q');
  });
});

describe('an internal exchange', () => {
  twin('refuses publishers', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('inner', 'fanout', { internal: true });
    ch.publish('inner', '', 'no');
    await ch.events();
  });

  twin('passes on what another exchange gives it', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('inner', 'fanout', { internal: true });
    await ch.assertExchange('outer', 'direct');
    await ch.bindExchange('inner', 'outer', 'k');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'inner', '');
    ch.publish('outer', 'k', 'through');
    await ch.events();
    await ch.get('q');
  });
});

describe('an auto-delete exchange', () => {
  twin('goes with its last binding', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('e', 'direct', { autoDelete: true });
    await ch.checkExchange('e');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'e', 'one');
    await ch.bindQueue('q', 'e', 'two');
    await ch.unbindQueue('q', 'e', 'one');
    await ch.checkExchange('e');
    await ch.unbindQueue('q', 'e', 'two');
    await ch.checkExchange('e');
  });

  twin('goes when its last queue is deleted, and takes a bound one along', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('above', 'fanout', { autoDelete: true });
    await ch.assertExchange('below', 'fanout', { autoDelete: true });
    await ch.bindExchange('below', 'above', '');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'below', '');
    await ch.deleteQueue('q');
    const one = await t.channel();
    await one.checkExchange('below');
    const two = await t.channel();
    await two.checkExchange('above');
  });
});

describe('exchange to exchange', () => {
  twin('a message reaches a queue once by two ways', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('a', 'fanout');
    await ch.assertExchange('b', 'fanout');
    await ch.bindExchange('b', 'a', '');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'a', '');
    await ch.bindQueue('q', 'b', '');
    ch.publish('a', 'k', 'once');
    await ch.events();
    await ch.checkQueue('q');
  });

  twin('a circle ends', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('a', 'fanout');
    await ch.assertExchange('b', 'fanout');
    await ch.bindExchange('b', 'a', '');
    await ch.bindExchange('a', 'b', '');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'b', '');
    ch.publish('a', 'k', 'round');
    await ch.events();
    await ch.checkQueue('q');
  });

  twin('unbound exchanges pass nothing on', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('a', 'topic');
    await ch.assertExchange('b', 'fanout');
    await ch.bindExchange('b', 'a', 'x.#');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'b', '');
    ch.publish('a', 'x.y', 'passes');
    ch.publish('a', 'y.x', 'does not', { mandatory: true });
    await ch.unbindExchange('b', 'a', 'x.#');
    ch.publish('a', 'x.y', 'no longer', { mandatory: true });
    await ch.events();
    await ch.get('q');
    await ch.get('q');
  });
});

describe('an alternate exchange', () => {
  twin('takes what cannot be routed', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('spare', 'fanout');
    await ch.assertExchange('e', 'direct', { alternateExchange: 'spare' });
    await ch.assertQueue('right');
    await ch.assertQueue('rest');
    await ch.bindQueue('right', 'e', 'k');
    await ch.bindQueue('rest', 'spare', '');
    ch.publish('e', 'k', 'routed');
    ch.publish('e', 'other', 'spared', { mandatory: true });
    await ch.events();
    await ch.get('right');
    await ch.get('rest');
  });

  twin('that is not there, or leads nowhere, returns a mandatory message', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('e', 'direct', { alternateExchange: 'nosuch' });
    ch.publish('e', 'k', 'back', { mandatory: true });
    await ch.assertExchange('f', 'direct', { alternateExchange: 'amq.fanout' });
    ch.publish('f', 'k', 'back too', { mandatory: true });
    await ch.events();
  });

  twin('in a circle ends', async (t) => {
    const ch = await t.channel();
    await ch.assertExchange('a', 'direct', { alternateExchange: 'b' });
    await ch.assertExchange('b', 'direct', { alternateExchange: 'a' });
    ch.publish('a', 'k', 'round', { mandatory: true });
    await ch.events();
  });

  twin('given by a policy', async (t) => {
    await t.api('PUT', 'policies/VHOST/spare', {
      pattern: '^e$',
      definition: { 'alternate-exchange': 'amq.fanout' },
      'apply-to': 'exchanges',
    });
    const ch = await t.channel();
    await ch.assertExchange('e', 'direct');
    await ch.assertQueue('q');
    await ch.bindQueue('q', 'amq.fanout', '');
    ch.publish('e', 'k', 'spared by the policy');
    await ch.events();
    await ch.get('q');
  });
});
