// Go's own client: confirms (by a listener: one that is deferred is registered after the publish, and missed when the
// broker is quicker; confirms.go of 1.5.0), a consumer with a prefetch, returns, a cancelled consumer.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

func must(err error) {
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

func main() {
	connection, err := amqp.Dial("amqp://guest:guest@127.0.0.1:" + os.Args[1])
	must(err)
	channel, err := connection.Channel()
	must(err)
	must(channel.Confirm(false))
	_, err = channel.QueueDeclare("clients-go", true, false, false, false, amqp.Table{"x-max-length": int32(10)})
	must(err)
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	confirmations := channel.NotifyPublish(make(chan amqp.Confirmation, 3))
	for _, body := range []string{"one", "two", "three"} {
		err := channel.PublishWithContext(ctx, "", "clients-go", false, false, amqp.Publishing{
			DeliveryMode: amqp.Persistent, Body: []byte(body),
			Headers: amqp.Table{"body": body, "when": time.Unix(1, 0), "table": amqp.Table{"in": []interface{}{true, int64(5)}}},
		})
		must(err)
		fmt.Println("confirmed", body, (<-confirmations).Ack)
	}
	returns := channel.NotifyReturn(make(chan amqp.Return, 1))
	must(channel.PublishWithContext(ctx, "", "nosuch", true, false, amqp.Publishing{Body: []byte("lost")}))
	fmt.Println("returned", (<-returns).ReplyText)
	must(channel.Qos(1, 0, false))
	deliveries, err := channel.Consume("clients-go", "go", false, false, false, false, nil)
	must(err)
	for count := 0; count < 3; count++ {
		delivery := <-deliveries
		fmt.Println("received", string(delivery.Body), delivery.Headers["body"], delivery.Headers["table"])
		must(delivery.Ack(false))
	}
	cancelled := channel.NotifyCancel(make(chan string, 1))
	left, err := channel.QueueDelete("clients-go", false, false, false)
	must(err)
	fmt.Println("left", left)
	fmt.Println("cancelled", <-cancelled)
	closed := channel.NotifyClose(make(chan *amqp.Error, 1))
	_, err = channel.QueueDeclarePassive("clients-go", true, false, false, false, nil)
	fmt.Println(err)
	fmt.Println((<-closed).Code)
	must(connection.Close())
}
