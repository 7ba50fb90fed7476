package io.espalier.service.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.MediaTypes;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.stream.javadsl.StreamConverters;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.configs.recipe.NameSuggestion;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/**
 * Reads the JSON objects that clients send: at most {@value #MOST_BYTES} bytes each, at most
 * {@value #MOST_AT_ONCE} at a time, each within a time limit, and at most {@value #MOST_DEPTH}
 * levels deep. Nothing follows an object, no key comes twice, none is unknown. Thread-safe.
 */
final class RequestBody {
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_AT_ONCE = 64;
  private static final int MOST_DEPTH = 20;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_NUMBER = 32;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_DEPTH)
                          .maxStringLength((int) MOST_BYTES)
                          .maxNameLength(LONGEST_NAME)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final ActorSystem<?> system;
  private final Duration longest;
  private final Semaphore free = new Semaphore(MOST_AT_ONCE);

  /** Limits the time from the end of a request's head to the end of its body. */
  RequestBody(ActorSystem<?> system, Duration longest) {
    this.system = system;
    this.longest = longest;
  }

  /**
   * Reads an object with {@code known} field names; fails with a {@link ProblemException}
   * otherwise.
   */
  CompletionStage<JsonNode> object(HttpRequest request, List<String> known) {
    var type = request.entity().getContentType();
    if (!type.mediaType().equals(MediaTypes.APPLICATION_JSON)) {
      throw new ProblemException(
          ProblemKind.UNSUPPORTED_MEDIA_TYPE,
          "the body must be application/json: contentType=" + type);
    }
    if (isTooLarge(request)) {
      throw tooLarge("bytes=" + request.entity().getContentLengthOption().orElse(0));
    }
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
                  ? CompletableFuture.completedFuture(object(strict.getData().toArray(), known))
                  : CompletableFuture.<JsonNode>failedFuture(refused(failure));
            })
        .thenCompose(future -> future);
  }

  /** The bytes of a body of any size; reading fails if none come for as long as the time limit. */
  InputStream stream(HttpRequest request) {
    return request
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .runWith(StreamConverters.asInputStream(longest), system);
  }

  /** Whether the rest of a body is too large to wait for. */
  static boolean isTooLarge(HttpRequest request) {
    return request.entity().getContentLengthOption().orElse(0) > MOST_BYTES;
  }

  private Throwable refused(Throwable failure) {
    Throwable cause = Problem.cause(failure);
    if (cause instanceof EntityStreamSizeException) {
      return tooLarge("it goes on");
    }
    return cause instanceof TimeoutException
        ? new ProblemException(
            ProblemKind.TOO_SLOW, "a body must be here within %s".formatted(longest))
        : ProblemException.invalid("the body must be whole");
  }

  private static ProblemException tooLarge(String found) {
    return new ProblemException(
        ProblemKind.TOO_LARGE,
        "a body must have at most %d bytes: %s".formatted(MOST_BYTES, found));
  }

  private static JsonNode object(byte[] body, List<String> known) {
    JsonNode node = parse(body);
    if (!node.isObject()) {
      throw ProblemException.invalid(
          "the body must be a JSON object: found="
              + (node.isMissingNode()
                  ? "nothing"
                  : node.getNodeType().name().toLowerCase(Locale.ROOT)));
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw ProblemException.invalid(
                    "a field must be one of %s: field=%s%s"
                        .formatted(known, name, NameSuggestion.suggestion(name, known)));
              }
            });
    return node;
  }

  private static JsonNode parse(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (StreamConstraintsException e) {
      throw ProblemException.invalid(
          "the body must be at most %d levels deep, with names of at most %d characters and numbers of at most %d"
              .formatted(MOST_DEPTH, LONGEST_NAME, LONGEST_NUMBER));
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? ""
              : ", line=%d, column=%d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw ProblemException.invalid(
          "the body must be valid JSON: cause=%s%s".formatted(e.getOriginalMessage(), place));
    } catch (IOException e) {
      throw ProblemException.invalid("the body must be JSON in UTF-8");
    }
  }
}
