import { existsSync } from 'node:fs';
import path from 'node:path';

/** An engine is a folder of executables with RabbitMQ's names. */
export interface Engine {
  readonly name: 'rabbitmq' | 'bundled';
  readonly folder: string;
}

export const rabbitmq: Engine = { name: 'rabbitmq', folder: '/usr/lib/rabbitmq/bin' };

export const bundled: Engine = {
  name: 'bundled',
  folder: process.env.WARREN_TEST_ENGINE ?? path.resolve(import.meta.dirname, '../../bin/runtime'),
};

/** What this machine has of the programs that some tests need (test/packages.js installs them). */
export const installed = {
  rabbitmq: existsSync(path.join(rabbitmq.folder, 'rabbitmqctl')),
  php: existsSync('/usr/bin/php') && existsSync('/usr/share/php/PhpAmqpLib/autoload.php'),
  pika: existsSync('/usr/lib/python3/dist-packages/pika'),
  amqpTools: existsSync('/usr/bin/amqp-publish'),
  bunny:
    existsSync('/usr/share/rubygems-integration/all/specifications') &&
    existsSync('/usr/share/doc/ruby-bunny'),
  celery: existsSync('/usr/lib/python3/dist-packages/celery'),
  phpAmqp: existsSync('/etc/php') && existsSync('/usr/share/doc/php-amqp'),
  java: existsSync('/usr/share/java/amqp-client.jar') && existsSync('/usr/bin/javac'),
  prometheus: existsSync('/usr/bin/prometheus') && existsSync('/usr/bin/promtool'),
  go: existsSync('/usr/bin/go') && existsSync('/usr/share/gocode/src/github.com/rabbitmq/amqp091-go'),
};

/** The engines that can run here; every contract is run on each. */
export const engines = [bundled, ...(installed.rabbitmq ? [rabbitmq] : [])];
