import { expect, it } from 'vitest';
import { Refusal } from '../../../../src/broker/management/http/refusal.js';
import { LoginThrottle } from '../../../../src/broker/management/http/throttle.js';
import { VirtualClock } from '../../core/virtual-clock.js';

const wrong = new Refusal(401, null);
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Tries a login that fails, or one that does not; `told` says what has been answered so far. */
function door() {
  const clock = new VirtualClock();
  const throttle = new LoginThrottle(clock);
  const told: (number | 'in')[] = [];
  const attempt = async (count: number, right = false, user = 'guest', peer = '127.0.0.1') => {
    for (let nth = 0; nth < count; nth++) {
      const login = () => {
        if (!right) throw wrong;
        return 'in' as const;
      };
      throttle.guard(user, peer, login).then(
        (answer) => told.push(answer),
        (error: Refusal) => told.push(error.status),
      );
    }
    await settled();
    return told.splice(0);
  };
  return { clock, attempt, told };
}

it('tells ten failures at once and the next a second late', async () => {
  const { clock, attempt, told } = door();
  expect(await attempt(10)).toEqual(new Array(10).fill(401));
  expect(await attempt(1)).toEqual([]);
  clock.advance(999);
  await settled();
  expect(told).toEqual([]);
  clock.advance(1);
  await settled();
  expect(told).toEqual([401]);
});

it('turns away what comes while twenty wait, right passwords of that name and address too, nobody else', async () => {
  const { clock, attempt } = door();
  await attempt(10 + 20);
  expect(await attempt(1)).toEqual([429]);
  expect(await attempt(1, true)).toEqual([429]);
  expect(await attempt(1, true, 'other')).toEqual(['in']);
  expect(await attempt(1, true, 'guest', '127.0.0.2')).toEqual(['in']);
  clock.advance(1_000);
  await settled();
  expect(await attempt(1, true)).toEqual([...new Array(20).fill(401), 'in']);
});

it('is never late with a right password, and forgives a failure a second', async () => {
  const { clock, attempt } = door();
  await attempt(11);
  expect(await attempt(1, true)).toEqual(['in']);
  clock.advance(5_000);
  expect(await attempt(4)).toEqual([401, 401, 401, 401, 401]);
  expect(await attempt(1)).toEqual([]);
});
