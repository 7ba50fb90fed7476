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
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.service.FullQuota;
import java.time.Duration;
import java.time.Instant;

public final class HttpResponses {
  private static final ContentType PROBLEM =
      ContentTypes.create(
          MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));
  private static final String RETRY_SECONDS = "5";

  /** One year (Hodges, Jackson and Barth, RFC 6797, 2012). */
  static final HttpHeader STRICT_TRANSPORT =
      header("Strict-Transport-Security", "max-age=31536000");

  /** Has a browser ask for a name, which may be any, and a password, which is a token. */
  static final HttpHeader PASSWORD =
      header("WWW-Authenticate", "Basic realm=\"espalier: any name, a token as password\"");

  private HttpResponses() {}

  public static HttpResponse json(int status, JsonNode node) {
    return of(ContentTypes.APPLICATION_JSON, bytes(node)).withStatus(status);
  }

  public static HttpResponse of(ContentType type, byte[] bytes) {
    return HttpResponse.create().withEntity(HttpEntities.create(type, bytes));
  }

  public static HttpResponse empty(int status) {
    return HttpResponse.create().withStatus(status);
  }

  public static HttpHeader header(String name, String value) {
    return RawHeader.create(name, value);
  }

  static HttpResponse problem(Problem problem) {
    HttpResponse response = problem(problem, problem.kind().status());
    return switch (problem.kind()) {
      case UNAUTHORIZED ->
          response.addHeader(header("WWW-Authenticate", "Bearer realm=\"espalier\""));
      case TOKEN_EXPIRED ->
          response.addHeader(
              header(
                  "WWW-Authenticate",
                  "Bearer realm=\"espalier\", error=\"invalid_token\", error_description=\"The token has expired\""));
      case QUOTA_FULL ->
          problem
              .quota()
              .flatMap(FullQuota::resets)
              .map(time -> response.addHeader(header("Retry-After", secondsUntil(time))))
              .orElse(response);
      case FULL, TOO_MANY_STREAMS, UNAVAILABLE ->
          response.addHeader(header("Retry-After", RETRY_SECONDS));
      case TOO_SLOW, TOO_LARGE -> last(response);
      default -> response;
    };
  }

  /** At least one, rounded up, so that a retry after them is not early. */
  private static String secondsUntil(Instant time) {
    long millis = Duration.between(Instant.now(), time).toMillis();
    return Long.toString(Math.max(1, Math.floorDiv(millis, 1000L) + 1));
  }

  /** With the status that the server's parser chose. */
  static HttpResponse problem(Problem problem, int status) {
    return of(PROBLEM, bytes(problem.json(status))).withStatus(status);
  }

  /** Closes its connection. */
  static HttpResponse last(HttpResponse response) {
    return response.removeHeader("Connection").addHeader(Connection.create("close"));
  }

  /** With the headers of every answer. */
  static HttpResponse finished(HttpResponse response) {
    HttpResponse safe = response.addHeader(header("X-Content-Type-Options", "nosniff"));
    return response.getHeader("Cache-Control").isPresent()
        ? safe
        : safe.addHeader(header("Cache-Control", "no-store"));
  }

  /** UTF-8. */
  static byte[] bytes(JsonNode node) {
    try {
      return Json.LENIENT.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree must have a JSON form", e);
    }
  }
}
