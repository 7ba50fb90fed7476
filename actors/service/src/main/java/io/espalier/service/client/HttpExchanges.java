package io.espalier.service.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.download.Download;
import io.espalier.configs.download.DownloadLimits;
import io.espalier.configs.fault.Backoff;
import io.espalier.configs.file.Json;
import io.espalier.service.client.ServiceException.Reason;
import io.espalier.service.http.TrustedCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends requests and reads answers; repeatable requests are sent again after a lost answer. */
final class HttpExchanges {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final String CUT =
      "nothing of an upload that was cut is kept; see 'espalier data list'";
  private static final int TRIES = 5;
  private static final int MOST_BYTES = 64 << 20;

  /** Statuses after which a stream of events is tried again: none yet, too many, not now. */
  private static final Set<Integer> PASSING = Set.of(404, 429, 500, 502, 503, 504);

  static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

  private final ServiceAccess access;
  private final HttpClient http;
  private final Supplier<Backoff> backoffs;

  /** A request; {@code path} includes the query. */
  record Request(
      String method,
      String path,
      Optional<JsonNode> body,
      Map<String, String> headers,
      boolean repeatable) {
    static Request get(String path) {
      return new Request("GET", path, Optional.empty(), Map.of(), true);
    }

    static Request change(String method, String path) {
      return new Request(method, path, Optional.empty(), Map.of(), false);
    }
  }

  HttpExchanges(ServiceAccess access, Supplier<Backoff> backoffs) throws IOException {
    this.access = access;
    this.backoffs = backoffs;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if (access.authority().isPresent()) {
      builder.sslContext(trusting(access.authority().get()));
    }
    http = builder.build();
  }

  /** The JSON of the answer; an empty object if there is none. */
  JsonNode json(Request request) throws InterruptedException {
    Backoff backoff = backoffs.get();
    for (int attempt = 1; ; attempt++) {
      try {
        return once(request);
      } catch (ServiceException e) {
        boolean again =
            e.reason() == Reason.UNAVAILABLE || (request.repeatable() && isLost(e.getCause()));
        if (!again || attempt == TRIES) {
          throw e;
        }
        Thread.sleep(backoff.next().toMillis());
      }
    }
  }

  /**
   * Sends a body of any size, for as long as its bytes move; returns the JSON of the answer. A
   * connection that is lost before the first byte of the body is worth another try.
   */
  JsonNode upload(String path, String mediaType, CountedBody body) throws InterruptedException {
    Backoff backoff = backoffs.get();
    for (int attempt = 1; ; attempt++) {
      try {
        return uploadOnce(path, mediaType, body);
      } catch (ServiceException e) {
        if (body.bytes() > 0 || !isLost(e.getCause()) || attempt == TRIES) {
          throw e;
        }
        Thread.sleep(backoff.next().toMillis());
      }
    }
  }

  private JsonNode uploadOnce(String path, String mediaType, CountedBody body)
      throws InterruptedException {
    HttpRequest request =
        builder(path)
            .header("Content-Type", mediaType)
            // A refusal comes before the body is sent.
            .expectContinue(true)
            .PUT(BodyPublishers.ofInputStream(body::open))
            .build();
    var answer = http.sendAsync(request, BodyHandlers.ofInputStream());
    long moved = -1;
    try {
      while (true) {
        try {
          HttpResponse<InputStream> response = answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
          try (InputStream in = response.body()) {
            return answer(response.statusCode(), text(in));
          }
        } catch (TimeoutException e) {
          if (body.bytes() == moved) {
            throw new IOException("no byte was taken for " + ANSWER.toSeconds() + " s", e);
          }
          moved = body.bytes();
        }
      }
    } catch (ExecutionException e) {
      throw unreachable(
          e.getCause() instanceof IOException io ? io : new IOException(e.getCause()), CUT);
    } catch (IOException e) {
      throw unreachable(e, CUT);
    } finally {
      answer.cancel(true);
    }
  }

  /** Opens the body of an event stream. Only an {@link IOException} is worth a retry. */
  InputStream stream(String path, long lastEvent) throws IOException, InterruptedException {
    return open(
        builder(path)
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", String.valueOf(lastEvent)),
        PASSING);
  }

  /** Opens the body of a file. Only an {@link IOException} is worth a retry. */
  InputStream file(String path) throws IOException, InterruptedException {
    return open(builder(path), BUSY);
  }

  private InputStream open(HttpRequest.Builder request, Set<Integer> passing)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(request.timeout(ANSWER).GET().build(), BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      throw refused(response.statusCode(), text(body), passing);
    }
  }

  Download download(
      String path, Path target, Download.Source source, DownloadLimits limits, Backoff backoff) {
    HttpRequest request = builder(path).header("Want-Repr-Digest", "sha-256=1").build();
    return new Download(http, request, target, source, limits, backoff);
  }

  /** Returns the failure that an answer means; throws one that is worth a retry. */
  RuntimeException refused(int status, String text, Set<Integer> passing) throws IOException {
    RuntimeException problem = ProblemReader.of(status, text, access);
    if (passing.contains(status)) {
      throw new IOException(problem);
    }
    return problem;
  }

  private JsonNode once(Request request) throws InterruptedException {
    HttpRequest.Builder builder = builder(request.path()).timeout(ANSWER);
    request.headers().forEach(builder::header);
    request.body().ifPresent(body -> builder.header("Content-Type", "application/json"));
    builder.method(
        request.method(),
        request
            .body()
            .map(body -> BodyPublishers.ofString(body.toString()))
            .orElseGet(BodyPublishers::noBody));
    try {
      HttpResponse<InputStream> response = http.send(builder.build(), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return answer(response.statusCode(), text(body));
      }
    } catch (IOException e) {
      throw unreachable(e, "look with 'espalier runs' whether it was done");
    }
  }

  private ServiceException unreachable(IOException e, String wayOut) {
    if (e instanceof ConnectException) {
      return new ServiceException(
          Reason.UNREACHABLE,
          "no service at %s; start one with 'espalier serve', or name another with --server"
              .formatted(access),
          e);
    }
    return e instanceof SSLException
        ? new ServiceException(
            Reason.UNREACHABLE,
            "the service must be one that is trusted: server=%s, cause=%s; name the certificate that signed its own with --ca"
                .formatted(access, e.getMessage()),
            e)
        : new ServiceException(
            Reason.UNREACHABLE,
            "the service must answer: server=%s, cause=%s; try again, and %s"
                .formatted(access, e.getMessage(), wayOut),
            e);
  }

  private JsonNode answer(int status, String body) throws IOException {
    if (status < 200 || status > 299) {
      throw ProblemReader.of(status, body, access);
    }
    try {
      return body.isEmpty() ? Json.LENIENT.createObjectNode() : Json.LENIENT.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IOException("the answer is no whole JSON: " + e.getOriginalMessage(), e);
    }
  }

  private HttpRequest.Builder builder(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(access.server() + path));
    access.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    return builder;
  }

  private static String text(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("an answer must have at most %d bytes".formatted(MOST_BYTES));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static SSLContext trusting(Path file) throws IOException {
    try {
      return TrustedCertificates.context(file);
    } catch (TrustedCertificates.NoneException e) {
      throw new ServiceException(Reason.REFUSED, String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether the answer was lost: the request may have been carried out. */
  private static boolean isLost(@Nullable Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof ConnectException || cause instanceof SSLException);
  }
}
