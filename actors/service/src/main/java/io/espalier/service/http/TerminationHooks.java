package io.espalier.service.http;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is sent, and somebody wants to know when that is over. */
public final class TerminationHooks {
  private static final Duration UNUSED = Duration.ofSeconds(30);

  private TerminationHooks() {}

  /**
   * The same answer.
   *
   * @param sent runs once its last byte is handed over, or nobody takes any more
   */
  static HttpResponse response(HttpResponse response, Runnable sent) {
    HttpEntity entity = response.entity();
    Source<ByteString, ?> bytes =
        entity
            .getDataBytes()
            .watchTermination(
                (made, done) -> {
                  done.whenComplete((end, failure) -> sent.run());
                  return made;
                });
    return entity.getContentLengthOption().isPresent()
        ? response.withEntity(
            HttpEntities.create(
                entity.getContentType(), entity.getContentLengthOption().getAsLong(), bytes))
        : response.withEntity(HttpEntities.create(entity.getContentType(), bytes));
  }

  /**
   * The same source, to be used once.
   *
   * @param over runs once: when it ends, or soon if nobody begins to read it, as a client does that
   *     is gone before its answer is sent
   */
  public static <T> Source<T, NotUsed> source(
      ActorSystem<?> system, Source<T, NotUsed> source, Runnable over) {
    var begun = new AtomicBoolean();
    system
        .scheduler()
        .scheduleOnce(
            UNUSED,
            () -> {
              if (begun.compareAndSet(false, true)) {
                over.run();
              }
            },
            system.executionContext());
    return source.watchTermination(
        (unused, done) -> {
          if (begun.compareAndSet(false, true)) {
            done.whenComplete((end, failure) -> over.run());
          }
          return unused;
        });
  }
}
