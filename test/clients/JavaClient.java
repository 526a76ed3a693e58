import com.rabbitmq.client.*;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.*;

/** Java's own client: confirms, a consumer with acknowledgements, remote procedure calls by direct reply-to. */
public class JavaClient {
    public static void main(String[] args) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(Integer.parseInt(args[0]));
        factory.setAutomaticRecoveryEnabled(true);
        try (Connection connection = factory.newConnection("JavaClient")) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("clients-java", true, false, false, null);
            channel.confirmSelect();
            for (String body : new String[] {"one", "two", "three"}) {
                AMQP.BasicProperties properties = MessageProperties.PERSISTENT_TEXT_PLAIN.builder()
                    .headers(Map.of("body", body, "long", 1L << 40, "list", java.util.List.of(1, "two")))
                    .build();
                channel.basicPublish("", "clients-java", properties, body.getBytes(StandardCharsets.UTF_8));
            }
            channel.waitForConfirmsOrDie(10_000);
            System.out.println("confirmed");
            channel.basicQos(1);
            CountDownLatch done = new CountDownLatch(3);
            String tag = channel.basicConsume("clients-java", false, (consumerTag, delivery) -> {
                Map<String, Object> headers = delivery.getProperties().getHeaders();
                System.out.println("received " + new String(delivery.getBody()) + " " + headers.get("body") + " "
                    + headers.get("long") + " " + headers.get("list"));
                channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                done.countDown();
            }, consumerTag -> { });
            done.await(10, TimeUnit.SECONDS);
            channel.basicCancel(tag);
            call(connection);
            System.out.println("left " + channel.queueDelete("clients-java").getMessageCount());
            try {
                connection.createChannel().queueDeclarePassive("clients-java");
            } catch (java.io.IOException refused) {
                System.out.println(((ShutdownSignalException) refused.getCause()).getReason() instanceof AMQP.Channel.Close
                    ? "gone" : "odd");
            }
        }
    }

    private static void call(Connection connection) throws Exception {
        Channel server = connection.createChannel();
        server.queueDeclare("clients-java-rpc", false, true, false, null);
        RpcServer answering = new RpcServer(server, "clients-java-rpc") {
            @Override
            public byte[] handleCall(byte[] question, AMQP.BasicProperties properties) {
                return new StringBuilder(new String(question)).reverse().toString().getBytes();
            }
        };
        new Thread(() -> {
            try {
                answering.mainloop();
            } catch (Exception ended) {
                System.out.println(ended);
            }
        }).start();
        RpcClient client = new RpcClient(connection.createChannel(), "", "clients-java-rpc", 10_000);
        System.out.println("answer " + client.stringCall("hare"));
        client.close();
        answering.terminateMainloop();
    }
}
