"""Sends tasks to a worker and waits for their results; also what kombu's simple queues do on their own."""
import os

from celery import chain
from celery_app import add, stubborn
from kombu import Connection

print("sum", add.delay(2, 3).get(timeout=30))
print("retries", stubborn.delay(2).get(timeout=30))
print("chain", chain(add.s(1, 2), add.s(10), add.s(100))().get(timeout=30))
print("group", sorted(add.delay(number, number).get(timeout=30) for number in range(5)))

with Connection(os.environ["BROKER"]) as connection:
    with connection.SimpleQueue("clients-kombu") as queue:
        queue.put({"body": "one"}, serializer="json", compression="zlib")
        message = queue.get(timeout=10)
        print("kombu", message.payload["body"], message.headers.get("compression"))
        message.ack()
        print("left", queue.qsize())
    connection.default_channel.queue_delete("clients-kombu")
