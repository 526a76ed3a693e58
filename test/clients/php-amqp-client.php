<?php
/** The php-amqp extension (on librabbitmq): confirms, consuming with acknowledgements, a return. */
$connection = new AMQPConnection(["host" => "127.0.0.1", "port" => (int) $argv[1], "read_timeout" => 10]);
$connection->connect();
$channel = new AMQPChannel($connection);
$queue = new AMQPQueue($channel);
$queue->setName("clients-php-amqp");
$queue->setFlags(AMQP_DURABLE);
$queue->declareQueue();
$exchange = new AMQPExchange($channel);
$confirmed = 0;
$channel->confirmSelect();
$channel->setConfirmCallback(function (int $tag, bool $multiple) use (&$confirmed) {
    $confirmed = $tag;
    return $confirmed < 3;
}, null);
foreach (["one", "two", "three"] as $body) {
    $exchange->publish($body, "clients-php-amqp", AMQP_NOPARAM, ["delivery_mode" => 2, "headers" => ["body" => $body]]);
}
$channel->waitForConfirm(10);
echo "confirmed ", $confirmed, "\n";
$channel->setReturnCallback(function (int $code, string $text) {
    echo "returned ", $code, " ", $text, "\n";
    return false;
});
$exchange->publish("lost", "nosuch", AMQP_MANDATORY);
$channel->waitForBasicReturn(10);
$received = 0;
$queue->consume(function (AMQPEnvelope $message, AMQPQueue $queue) use (&$received) {
    echo "received ", $message->getBody(), " ", $message->getHeader("body"), "\n";
    $queue->ack($message->getDeliveryTag());
    $received += 1;
    return $received < 3;
});
$queue->cancel();
echo "left ", $queue->delete(), "\n";
$connection->disconnect();
