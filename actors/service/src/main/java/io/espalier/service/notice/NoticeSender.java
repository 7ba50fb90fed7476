package io.espalier.service.notice;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.espalier.service.ServiceMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the notices that it gets, one at a time to each destination, again and again with
 * exponential back-off. It holds no state that outlives it: its parent persists what is owed.
 */
public final class NoticeSender extends AbstractBehavior<NoticeSender.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeSender.class);

  public sealed interface Command extends ServiceMessage {}

  public record Deliver(Notice notice, String destination) implements Command {}

  private record Attempted(String destination, Notice notice, Optional<String> failure)
      implements Command {}

  private record GoOn(String destination) implements Command {}

  private final TimerScheduler<Command> timers;
  private final NoticeParts parts;
  private final BiConsumer<String, String> settled;
  private final Map<String, NoticeQueue> queues = new HashMap<>();

  /**
   * Returns a sender without notices.
   *
   * @param settled receives the id of a notice and a destination, once it was delivered there or
   *     dropped
   */
  public static Behavior<Command> create(NoticeParts parts, BiConsumer<String, String> settled) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new NoticeSender(context, timers, parts, settled)));
  }

  private NoticeSender(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NoticeParts parts,
      BiConsumer<String, String> settled) {
    super(context);
    this.timers = timers;
    this.parts = parts;
    this.settled = settled;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Deliver.class, this::deliver)
        .onMessage(Attempted.class, this::attempted)
        .onMessage(GoOn.class, this::goOn)
        .onSignal(PostStop.class, this::stopped)
        .build();
  }

  private Behavior<Command> deliver(Deliver message) {
    String destination = message.destination();
    if (parts.transport(destination).isEmpty()) {
      LOG.warn(
          "a notice is dropped, as its destination is not configured any more: destination={}, notice={}",
          destination,
          message.notice().id());
      settled.accept(message.notice().id(), destination);
      return this;
    }
    queue(destination).add(message.notice());
    sendNext(destination);
    return this;
  }

  private NoticeQueue queue(String destination) {
    return queues.computeIfAbsent(destination, name -> new NoticeQueue(parts.settings().retry()));
  }

  private void sendNext(String destination) {
    NoticeQueue queue = queue(destination);
    parts.meters().owed(destination, queue.size());
    queue.next().ifPresent(notice -> send(destination, notice));
  }

  private void send(String destination, Notice notice) {
    NoticeTransport transport = parts.transport(destination).orElseThrow();
    getContext()
        .pipeToSelf(
            transport.send(notice),
            (done, failure) ->
                new Attempted(
                    destination,
                    notice,
                    Optional.ofNullable(failure).map(DeliveryException::text)));
  }

  private Behavior<Command> attempted(Attempted attempted) {
    String destination = attempted.destination();
    if (attempted.failure().isPresent()) {
      failed(destination, attempted.notice(), attempted.failure().get());
      return this;
    }
    boolean recovered = queue(destination).delivered(attempted.notice().id());
    parts.meters().delivered(destination);
    settled.accept(attempted.notice().id(), destination);
    if (recovered) {
      LOG.info("a destination takes notices again: destination={}", destination);
    }
    sendNext(destination);
    return this;
  }

  private void failed(String destination, Notice notice, String cause) {
    NoticeQueue queue = queue(destination);
    NoticeQueue.Failure failure = queue.failed(notice.id(), parts.clock().instant());
    parts.meters().failed(destination);
    if (failure.first()) {
      LOG.warn(
          "a destination must take notices: destination={}, cause={}; it is tried again, look with 'espalier serve notify test {}'",
          destination,
          cause,
          destination);
    }
    if (failure.dropped()) {
      LOG.warn(
          "a notice is dropped after its last attempt: destination={}, notice={}, cause={}",
          destination,
          notice.id(),
          cause);
      parts.meters().dropped(destination);
      settled.accept(notice.id(), destination);
    }
    parts.meters().owed(destination, queue.size());
    timers.startSingleTimer(destination, new GoOn(destination), failure.delay());
  }

  private Behavior<Command> goOn(GoOn message) {
    queue(message.destination()).goOn();
    sendNext(message.destination());
    return this;
  }

  /** Another node sends now, or the next incarnation. */
  private Behavior<Command> stopped(PostStop signal) {
    queues.keySet().forEach(destination -> parts.meters().owed(destination, 0));
    return this;
  }
}
