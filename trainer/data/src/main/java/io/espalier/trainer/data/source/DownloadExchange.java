package io.espalier.trainer.data.source;

import io.espalier.trainer.data.source.DataHome.DataListener;
import io.espalier.trainer.data.source.Downloads.DownloadRetries;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request for a file's missing part; the server must send enough in each time window. */
final class DownloadExchange {
  private static final long TICK_MS = 100;

  private final HttpClient client;
  private final PartialDownload part;
  private final long limit;
  private final DownloadRetries retries;
  private final DataListener listener;
  private volatile Optional<ResponseBody> body = Optional.empty();
  private volatile OptionalLong total = OptionalLong.empty();
  private boolean ended;

  DownloadExchange(
      HttpClient client,
      PartialDownload part,
      long limit,
      DownloadRetries retries,
      DataListener listener) {
    this.client = client;
    this.part = part;
    this.limit = limit;
    this.retries = retries;
    this.listener = listener;
  }

  /** Returns whether the body was written; on failure received bytes stay in the part. */
  HttpResponse<Boolean> get(URI address) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).header("Accept-Encoding", "identity");
    Optional<String> validator = part.validator();
    if (validator.isPresent()) {
      request.header("Range", "bytes=" + part.length() + "-").header("If-Range", validator.get());
    }
    CompletableFuture<HttpResponse<Boolean>> exchange =
        client.sendAsync(request.build(), this::receive);
    try {
      return await(exchange, address);
    } finally {
      end();
      exchange.cancel(true);
    }
  }

  /** After the end nothing may touch the part: the next exchange may be writing it. */
  private synchronized ResponseBody receive(ResponseInfo info) {
    try {
      ResponseBody chosen =
          ended ? ResponseBody.refused() : body(info.statusCode(), info.headers());
      body = Optional.of(chosen);
      return chosen;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void end() {
    ended = true;
    body.ifPresent(ResponseBody::close);
  }

  private ResponseBody body(int status, HttpHeaders headers) throws IOException {
    long length = length(headers).orElse(0);
    if (status == 200 && length <= limit) {
      total = length(headers);
      return ResponseBody.to(part.restart(validator(headers)), 0, limit);
    }
    long present = part.length();
    if (status == 206
        && length <= limit - present
        && ContentRange.of(headers).start().equals(OptionalLong.of(present))) {
      total = ContentRange.of(headers).total();
      return ResponseBody.to(part.append(), present, limit);
    }
    return ResponseBody.refused();
  }

  static OptionalLong length(HttpHeaders headers) {
    return headers.firstValueAsLong("Content-Length");
  }

  private static Optional<String> validator(HttpHeaders headers) {
    return headers
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> headers.firstValue("Last-Modified"));
  }

  private HttpResponse<Boolean> await(
      CompletableFuture<HttpResponse<Boolean>> exchange, URI address) throws IOException {
    long windowStart = System.nanoTime();
    long atStart = part.length();
    while (true) {
      try {
        return exchange.get(TICK_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long bytes = body.map(ResponseBody::bytes).orElse(atStart);
        listener.progressed(part.name(), bytes, total);
        if (System.nanoTime() - windowStart >= retries.window().toNanos()) {
          requireProgress(Math.max(0, bytes - atStart));
          windowStart = System.nanoTime();
          atStart = bytes;
        }
      } catch (ExecutionException e) {
        throw failure(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while fetching " + address);
      }
    }
  }

  private void requireProgress(long gained) throws IOException {
    if (gained < retries.bytesPerWindow()) {
      throw new IOException(
          "the server stalled: it sent %d bytes in %s ms, less than %d"
              .formatted(gained, retries.window().toMillis(), retries.bytesPerWindow()));
    }
  }

  private static IOException failure(ExecutionException e) {
    for (Optional<Throwable> each = cause(e); each.isPresent(); each = cause(each.get())) {
      if (each.get() instanceof ResponseBody.TooLongException tooLong) {
        return tooLong;
      }
    }
    Throwable cause = e.getCause();
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  private static Optional<Throwable> cause(Throwable of) {
    return Optional.ofNullable(of.getCause());
  }

  /** The range of a file that a response carries (RFC 9110, 14.4). */
  record ContentRange(OptionalLong start, OptionalLong total) {
    private static final Pattern HEADER =
        Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(?:(\\d{1,18})|\\*)");

    static ContentRange of(HttpHeaders headers) {
      Matcher matcher = HEADER.matcher(headers.firstValue("Content-Range").orElse(""));
      return matcher.matches()
          ? new ContentRange(number(matcher, 1), number(matcher, 2))
          : new ContentRange(OptionalLong.empty(), OptionalLong.empty());
    }

    private static OptionalLong number(Matcher matcher, int group) {
      return Optional.ofNullable(matcher.group(group)).stream()
          .mapToLong(Long::parseLong)
          .findFirst();
    }
  }
}
