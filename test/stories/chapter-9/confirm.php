<?php

require_once "/usr/share/php/PhpAmqpLib/autoload.php";
use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

$connection = new AMQPStreamConnection("127.0.0.1", getenv("AMQP_PORT"), "guest", "guest");
$channel = $connection->channel();

$channel->queue_declare('hello_confirmed', false, true, false, false);
$channel->set_ack_handler(
    function (AMQPMessage $message) {
        echo "Message acked with content " . $message->body . PHP_EOL;
    }
);
$channel->set_nack_handler(
    function (AMQPMessage $message) {
        echo "Message nacked with content " . $message->body . PHP_EOL;
    }
);
$channel->set_return_listener(
    function ($code, $text, $exchange, $routing_key, AMQPMessage $message) {
        echo "Message returned with content " . $message->body . ": $code $text" . PHP_EOL;
    }
);
$channel->confirm_select();
$msg = new AMQPMessage('kingblanc!', array('delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT));
$channel->basic_publish($msg, '', 'hello_confirmed');

echo " [x] Sent 'Hello World!'\n";
$channel->wait_for_pending_acks_returns();

$msg = new AMQPMessage('nowhere!', array('delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT));
$channel->basic_publish($msg, '', 'nosuch', true);
$channel->wait_for_pending_acks_returns();

$full = new AMQPTable(array('x-max-length' => 0, 'x-overflow' => 'reject-publish'));
$channel->queue_declare('hello_full', false, true, false, false, false, $full);
$msg = new AMQPMessage('refused!', array('delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT));
$channel->basic_publish($msg, '', 'hello_full');
$channel->wait_for_pending_acks_returns();

$channel->close();
$connection->close();