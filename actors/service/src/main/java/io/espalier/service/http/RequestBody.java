package io.espalier.service.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.MediaTypes;
import akka.http.scaladsl.model.EntityStreamSizeException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/** Reads bodies into memory: small ones, a few at a time, and only while they keep coming. */
public final class RequestBody {
  /** Largest body, in bytes. */
  public static final long MOST_BYTES = 1 << 20;

  private static final int MOST_AT_ONCE = 64;

  private final ActorSystem<?> system;
  private final Duration longest;
  private final Semaphore free = new Semaphore(MOST_AT_ONCE);

  /**
   * @param longest time from the end of a request's head to the end of its body
   */
  public RequestBody(ActorSystem<?> system, Duration longest) {
    this.system = system;
    this.longest = longest;
  }

  /** The JSON of a request; the stage fails with a {@link ProblemException}. */
  public CompletionStage<byte[]> json(HttpRequest request) {
    requireJson(request);
    requireSize(request.entity().getContentLengthOption());
    if (!free.tryAcquire()) {
      throw new ProblemException(
          ProblemKind.FULL,
          "bodies may arrive at most %d at a time; try again".formatted(MOST_AT_ONCE));
    }
    return request
        .entity()
        .toStrict(longest.toMillis(), MOST_BYTES, system)
        .handle(
            (strict, failure) -> {
              free.release();
              return failure == null
                  ? CompletableFuture.completedFuture(strict.getData().toArray())
                  : CompletableFuture.<byte[]>failedFuture(refused(failure));
            })
        .thenCompose(future -> future);
  }

  /** Whether so much of a body is to come that it is not worth waiting for. */
  public static boolean isTooLarge(HttpRequest request) {
    return request.entity().getContentLengthOption().orElse(0) > MOST_BYTES;
  }

  private static void requireJson(HttpRequest request) {
    var type = request.entity().getContentType();
    if (!type.mediaType().equals(MediaTypes.APPLICATION_JSON)) {
      throw new ProblemException(
          ProblemKind.UNSUPPORTED_MEDIA_TYPE,
          "the body must be application/json: contentType=" + type);
    }
  }

  private static void requireSize(OptionalLong bytes) {
    if (bytes.orElse(0) > MOST_BYTES) {
      throw tooLarge("bytes=" + bytes.orElse(0));
    }
  }

  private Throwable refused(Throwable failure) {
    Throwable cause = ProblemMapper.cause(failure);
    if (cause instanceof EntityStreamSizeException) {
      return tooLarge("it goes on");
    }
    return cause instanceof TimeoutException
        ? new ProblemException(
            ProblemKind.TOO_SLOW, "a body must be here within %s".formatted(longest))
        : new ProblemException(ProblemKind.INVALID_REQUEST, "the body must be whole");
  }

  private static ProblemException tooLarge(String found) {
    return new ProblemException(
        ProblemKind.TOO_LARGE,
        "a body must have at most %d bytes: %s".formatted(MOST_BYTES, found));
  }
}
