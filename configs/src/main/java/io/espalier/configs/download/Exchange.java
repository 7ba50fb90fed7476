package io.espalier.configs.download;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request and its answer; the server must send enough in each time window. */
final class Exchange implements AutoCloseable {
  private static final long TICK_MS = 100;
  private static final int TEXT_BYTES = 1 << 16;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(?:(\\d{1,18})|\\*)");

  private final HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer;
  private final DownloadLimits limits;
  private boolean taken;

  /** Sends a request and awaits the head of its answer. */
  Exchange(HttpClient client, HttpRequest request, DownloadLimits limits)
      throws IOException, InterruptedException {
    this.limits = limits;
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> coming =
        client.sendAsync(request, BodyHandlers.ofPublisher());
    try {
      answer = await(coming, limits, () -> 0, bytes -> {});
    } finally {
      coming.cancel(true);
    }
  }

  HttpResponse<?> answer() {
    return answer;
  }

  /** Returns where in the file the body begins (RFC 9110, 14.4); -1 if that is unknown. */
  long start() {
    return answer.statusCode() == 200 ? 0 : range(1).orElse(-1);
  }

  /** Returns the bytes of the whole file, as announced. */
  OptionalLong total() {
    return answer.statusCode() == 200
        ? answer.headers().firstValueAsLong("Content-Length")
        : range(2);
  }

  private OptionalLong range(int group) {
    Matcher range = CONTENT_RANGE.matcher(answer.headers().firstValue("Content-Range").orElse(""));
    return range.matches() && range.group(group) != null
        ? OptionalLong.of(Long.parseLong(range.group(group)))
        : OptionalLong.empty();
  }

  /** Returns the beginning of the body, or what arrives of it. */
  String text() throws InterruptedException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      write(new BodyWriter(Channels.newChannel(text), "text", 0, TEXT_BYTES), bytes -> {});
    } catch (IOException e) {
      // Without the rest the status still counts.
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /** Writes the body; on failure received bytes stay. */
  void write(BodyWriter writer, LongConsumer progress) throws IOException, InterruptedException {
    taken = true;
    try (writer) {
      answer.body().subscribe(writer);
      await(writer.end(), limits, writer::bytes, progress);
    }
  }

  private static <T> T await(
      CompletableFuture<T> end, DownloadLimits limits, LongSupplier arrived, LongConsumer progress)
      throws IOException, InterruptedException {
    long windowStart = System.nanoTime();
    long atStart = arrived.getAsLong();
    while (true) {
      try {
        return end.get(TICK_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long bytes = arrived.getAsLong();
        progress.accept(bytes);
        if (System.nanoTime() - windowStart >= limits.window().toNanos()) {
          limits.requireProgress(bytes - atStart);
          windowStart = System.nanoTime();
          atStart = bytes;
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      }
    }
  }

  /** Ends the connection if nothing read its body. */
  @Override
  public void close() {
    if (!taken) {
      BodyWriter none =
          new BodyWriter(Channels.newChannel(OutputStream.nullOutputStream()), "none", 0, 0);
      none.close();
      answer.body().subscribe(none);
    }
  }
}
