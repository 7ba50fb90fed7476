package io.espalier.service.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.Connection;
import akka.http.javadsl.model.headers.RawHeader;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes answers. */
public final class HttpResponses {
  private static final ContentType PROBLEM =
      ContentTypes.create(
          MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));
  private static final String RETRY_SECONDS = "5";

  private HttpResponses() {}

  public static HttpResponse json(int status, JsonNode node) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ApiJson.bytes(node)));
  }

  public static HttpResponse text(String text) {
    return HttpResponse.create()
        .withEntity(
            HttpEntities.create(
                ContentTypes.TEXT_PLAIN_UTF8, text.getBytes(StandardCharsets.UTF_8)));
  }

  public static HttpResponse empty(int status) {
    return HttpResponse.create().withStatus(status);
  }

  public static HttpResponse problem(Problem problem) {
    return withAdvice(problem, problem(problem, problem.kind().status()));
  }

  /** The same under a status that the server's parser chose. */
  public static HttpResponse problem(Problem problem, int status) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(PROBLEM, ApiJson.bytes(problem.json(status))));
  }

  /** At once, as a stage. */
  public static CompletionStage<HttpResponse> now(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  public static HttpHeader header(String name, String value) {
    return RawHeader.create(name, value);
  }

  /** As the last one of its connection. */
  static HttpResponse last(HttpResponse response) {
    return response.removeHeader("Connection").addHeader(Connection.create("close"));
  }

  private static HttpResponse withAdvice(Problem problem, HttpResponse response) {
    return switch (problem.kind()) {
      case UNAUTHORIZED ->
          response.addHeader(header("WWW-Authenticate", "Bearer realm=\"espalier\""));
      case FULL, TOO_MANY_STREAMS, UNAVAILABLE ->
          response.addHeader(header("Retry-After", RETRY_SECONDS));
      case TOO_SLOW, TOO_LARGE -> last(response);
      default -> response;
    };
  }
}
