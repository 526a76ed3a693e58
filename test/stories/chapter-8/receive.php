<?php

require_once "/usr/share/php/PhpAmqpLib/autoload.php";
use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

$connection = new AMQPStreamConnection("127.0.0.1", getenv("AMQP_PORT"), "guest", "guest");
$channel = $connection->channel();

$channel->exchange_declare('delay_exchange', 'direct', false, true, false);
$channel->exchange_declare('cache_exchange', 'direct', false, true, false);
$channel->queue_declare('delay_queue', false, true, false, false, false);
$channel->queue_bind('delay_queue', 'delay_exchange', 'delay_exchange');

echo ' [*] Waiting for message. To exit press CTRL+C ' . PHP_EOL;

$callback = function ($msg) {
    echo date('Y-m-d H:i:s') . " [x] Received", $msg->body, PHP_EOL;
    $death = $msg->get('application_headers')->getNativeData()['x-death'][0];
    echo "  died in {$death['queue']} because {$death['reason']}, times {$death['count']}", PHP_EOL;
    $msg->delivery_info['channel']->basic_ack($msg->delivery_info['delivery_tag']);
};
$channel->basic_qos(null, 1, null);
$channel->basic_consume('delay_queue', '', false, false, false, false, $callback);

while (count($channel->callbacks)) {
    $channel->wait();
}