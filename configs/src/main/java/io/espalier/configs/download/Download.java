package io.espalier.configs.download;

import io.espalier.configs.fault.Backoff;
import io.espalier.configs.fault.FailureText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches one file over HTTP in several attempts. What has arrived lies beside the target with the
 * validator of its version, so that another attempt, or another process, requests the rest of that
 * version only (RFC 9110, 13.1.5 and 14). For one thread of one process at a time.
 */
public final class Download {
  private final HttpClient client;
  private final HttpRequest request;
  private final Source source;
  private final DownloadLimits limits;
  private final Backoff backoff;
  private final PartFile part;

  /** What the answers of a server mean. */
  public interface Source {
    /** Whether the file behind these headers is needed; what it throws ends the download. */
    default boolean isWanted(HttpHeaders headers) throws IOException {
      return true;
    }

    /** Whether the whole file is as it was sent; one that is not is fetched anew. */
    default boolean isIntact(Path file, HttpHeaders headers) throws IOException {
      return true;
    }

    /**
     * Decides on an answer without the file.
     *
     * @param text beginning of its body
     * @param redirects number of redirects before this answer
     * @return the address to ask next; empty if the server does not have the file
     * @throws IOException if another attempt may succeed
     */
    Optional<URI> elsewhere(HttpResponse<?> answer, String text, int redirects) throws IOException;

    default void progressed(long bytes, OptionalLong total) {}
  }

  /** The server announces or sends more than the limit; nothing of it is kept. */
  public static final class TooLongException extends IOException {
    TooLongException(long limit) {
      super("more than %d bytes".formatted(limit));
    }
  }

  /** Several attempts in turn brought nothing; what arrived is kept. */
  public static final class IncompleteException extends IOException {
    IncompleteException(long bytes, int attempts, IOException last) {
      super(
          "bytes=%d, attempts that brought nothing=%d, last failure: %s"
              .formatted(bytes, attempts, FailureText.of(last)),
          last);
    }
  }

  /**
   * Prepares a download of the address of {@code request}, whose headers each attempt sends, also
   * to an address that the source redirects to.
   */
  public Download(
      HttpClient client,
      HttpRequest request,
      Path target,
      Source source,
      DownloadLimits limits,
      Backoff backoff) {
    this.client = client;
    this.request = request;
    this.source = source;
    this.limits = limits;
    this.backoff = backoff;
    this.part = new PartFile(target, request.uri());
  }

  /**
   * Fetches the missing part; empty if the server does not have the file, or it is not wanted.
   *
   * @throws TooLongException if the file is longer than the limit
   * @throws IncompleteException if attempts are used up
   * @throws FileSystemException if the file cannot be written
   */
  public Optional<PartFile> fetch() throws IOException, InterruptedException {
    long most = part.length();
    for (int fruitless = 0; ; ) {
      IOException failure;
      try {
        return attempt() ? Optional.of(part) : Optional.empty();
      } catch (TooLongException e) {
        part.discard();
        throw e;
      } catch (FileSystemException e) {
        throw e;
      } catch (IOException e) {
        failure = e;
      }
      fruitless = part.length() > most ? 0 : fruitless + 1;
      most = Math.max(most, part.length());
      if (fruitless == limits.attempts()) {
        throw new IncompleteException(part.length(), fruitless, failure);
      }
      if (fruitless == 0) {
        backoff.reset();
      } else {
        Thread.sleep(backoff.next().toMillis());
      }
    }
  }

  private boolean attempt() throws IOException, InterruptedException {
    URI next = request.uri();
    for (int redirects = 0; ; redirects++) {
      try (Exchange exchange = new Exchange(client, request(next), limits)) {
        int status = exchange.answer().statusCode();
        if (status == 200 || status == 206) {
          return take(exchange, status == 200 ? 0 : part.length());
        }
        if (status == 416) {
          boolean isWhole = exchange.total().equals(OptionalLong.of(part.length()));
          return requireUsable(
              isWhole && source.isIntact(part.path(), exchange.answer().headers()),
              "status 416 for the rest of the file");
        }
        Optional<URI> elsewhere = source.elsewhere(exchange.answer(), exchange.text(), redirects);
        if (elsewhere.isEmpty()) {
          part.discard();
          return false;
        }
        next = elsewhere.get();
      }
    }
  }

  private HttpRequest request(URI to) throws IOException {
    HttpRequest.Builder next =
        HttpRequest.newBuilder(request, (name, value) -> true)
            .uri(to)
            .setHeader("Accept-Encoding", "identity");
    Optional<String> validator = part.validator();
    if (validator.isPresent()) {
      next.setHeader("Range", "bytes=" + part.length() + "-")
          .setHeader("If-Range", validator.get());
    }
    return next.build();
  }

  private boolean take(Exchange exchange, long present) throws IOException, InterruptedException {
    HttpHeaders headers = exchange.answer().headers();
    if (!source.isWanted(headers)) {
      part.discard();
      return false;
    }
    OptionalLong total = exchange.total();
    if (total.orElse(0) > limits.bytes()) {
      throw new TooLongException(limits.bytes());
    }
    requireUsable(exchange.start() == present, "a range other than the one asked for");
    try (FileChannel channel = present == 0 ? part.restart(headers) : part.append()) {
      exchange.write(
          new BodyWriter(channel, part.path().toString(), present, limits.bytes()),
          bytes -> source.progressed(bytes, total));
    }
    if (part.length() < total.orElse(0)) {
      throw new IOException("a part of the range asked for");
    }
    return requireUsable(
        source.isIntact(part.path(), headers), "a file other than its digest says");
  }

  private boolean requireUsable(boolean usable, String otherwise) throws IOException {
    if (!usable) {
      part.discard();
      throw new IOException(otherwise);
    }
    return true;
  }
}
