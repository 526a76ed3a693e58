<?php

require_once "/usr/share/php/PhpAmqpLib/autoload.php";
use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

$connection = new AMQPStreamConnection("127.0.0.1", $argv[1], "guest", "guest");
$channel = $connection->channel();
$channel->queue_declare("clients-php", false, true, false, false);
$channel->set_ack_handler(function (AMQPMessage $message) {
    echo "confirmed ", $message->body, "\n";
});
$channel->confirm_select();
foreach (["one", "two", "three"] as $body) {
    $headers = new AMQPTable(["body" => $body]);
    $properties = ["delivery_mode" => AMQPMessage::DELIVERY_MODE_PERSISTENT, "application_headers" => $headers];
    $channel->basic_publish(new AMQPMessage($body, $properties), "", "clients-php");
    $channel->wait_for_pending_acks(10);
}
$channel->basic_qos(null, 1, null);
$received = 0;
$channel->basic_consume("clients-php", "", false, false, false, false, function ($message) use (&$received) {
    echo "received ", $message->body, " ", $message->get("application_headers")->getNativeData()["body"], "\n";
    $message->ack();
    $received += 1;
});
while ($received < 3) {
    $channel->wait(null, false, 10);
}
$channel->close();
$channel = $connection->channel();
echo "left ", $channel->queue_delete("clients-php"), "\n";
$connection->close();
