"""Publishes with confirms, meets a return, consumes with acknowledgements."""
import sys

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
channel.queue_declare("clients-pika", durable=True)
channel.confirm_delivery()
for body in ("one", "two", "three"):
    channel.basic_publish(
        "", "clients-pika", body, pika.BasicProperties(delivery_mode=2, headers={"body": body}), mandatory=True
    )
    print("confirmed", body)
try:
    channel.basic_publish("", "nosuch", "lost", mandatory=True)
except pika.exceptions.UnroutableError as error:
    print("returned", error.messages[0].method.reply_text)

channel.basic_qos(prefetch_count=1)
for method, properties, body in channel.consume("clients-pika", inactivity_timeout=10):
    print("received", body.decode(), properties.headers["body"])
    channel.basic_ack(method.delivery_tag)
    if body == b"three":
        break
channel.cancel()
print("left", channel.queue_delete("clients-pika").method.message_count)
try:
    channel.queue_declare("clients-pika", passive=True)
except pika.exceptions.ChannelClosedByBroker as error:
    print(error.reply_code, error.reply_text)
connection.close()
