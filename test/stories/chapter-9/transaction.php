<?php

require_once "/usr/share/php/PhpAmqpLib/autoload.php";
use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

$connection = new AMQPStreamConnection("127.0.0.1", getenv("AMQP_PORT"), "guest", "guest");
$channel = $connection->channel();

list(, $before) = $channel->queue_declare('task_transacted', false, true, false, false);
$channel->tx_select();
$channel->basic_publish(new AMQPMessage('rolled back'), '', 'task_transacted');
$channel->tx_rollback();
$channel->basic_publish(new AMQPMessage('committed'), '', 'task_transacted');
list(, $uncommitted) = $channel->queue_declare('task_transacted', true);
$channel->tx_commit();
list(, $after) = $channel->queue_declare('task_transacted', true);
echo "before $before, uncommitted $uncommitted, after $after", PHP_EOL;
$msg = $channel->basic_get('task_transacted', true);
echo "got ", $msg->body, PHP_EOL;
$channel->tx_commit();

$channel->close();
$connection->close();