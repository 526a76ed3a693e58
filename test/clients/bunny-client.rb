# Confirms, a topic exchange, a consumer with manual acknowledgements, dead-lettering, a refused declaration.
require 'bunny'

connection = Bunny.new(host: '127.0.0.1', port: ARGV[0].to_i).start
channel = connection.create_channel
channel.confirm_select
channel.prefetch(1)
exchange = channel.topic('clients-bunny', durable: true)
dead = channel.queue('clients-bunny-dead', durable: true)
queue = channel.queue('clients-bunny', durable: true, arguments: {
  'x-dead-letter-exchange' => '', 'x-dead-letter-routing-key' => dead.name
}).bind(exchange, routing_key: 'hare.#')
%w[one two three].each { |body| exchange.publish(body, routing_key: "hare.#{body}", persistent: true, headers: { body: body }) }
puts "confirmed #{channel.wait_for_confirms}"
done = Queue.new
consumer = queue.subscribe(manual_ack: true) do |info, properties, body|
  puts "received #{body} #{info.routing_key} #{properties.headers['body']}"
  body == 'two' ? channel.nack(info.delivery_tag, false, false) : channel.ack(info.delivery_tag)
  done << body
end
3.times { done.pop }
consumer.cancel
_, properties, body = dead.pop
puts "dead #{body} #{properties.headers['x-death'].first['reason']}"
begin
  connection.create_channel.queue('clients-bunny', durable: false)
rescue Bunny::PreconditionFailed => error
  puts error.message
end
puts "left #{queue.delete[:message_count] rescue queue.delete.message_count}"
dead.delete
exchange.delete
connection.close
