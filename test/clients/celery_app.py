"""A Celery application: one task that is retried, one that is chained. AMQP carries tasks and answers."""
import os

from celery import Celery

app = Celery("hares", broker=os.environ["BROKER"], backend="rpc://")
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=False,
    task_default_queue="clients-celery",
)


@app.task(bind=True, max_retries=2)
def stubborn(self, left):
    if self.request.retries < left:
        raise self.retry(countdown=0)
    return self.request.retries


@app.task
def add(one, other):
    return one + other
