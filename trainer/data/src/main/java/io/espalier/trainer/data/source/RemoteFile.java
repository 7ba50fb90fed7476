package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.fault.Backoff;
import io.espalier.trainer.data.source.DataHome.DataListener;
import io.espalier.trainer.data.source.DownloadExchange.ContentRange;
import io.espalier.trainer.data.source.Downloads.DownloadRetries;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One file of a mirror, fetched in several attempts by ranges (RFC 9110, 14). */
final class RemoteFile {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final HttpClient client;
  private final MirrorConfig mirror;
  private final URI address;
  private final long limit;
  private final DownloadRetries retries;
  private final DataListener listener;

  RemoteFile(
      HttpClient client,
      MirrorConfig mirror,
      URI address,
      long limit,
      DownloadRetries retries,
      DataListener listener) {
    this.client = client;
    this.mirror = mirror;
    this.address = address;
    this.limit = limit;
    this.retries = retries;
    this.listener = listener;
  }

  /** Fetches the missing part; false if the server does not have the file. */
  boolean fetch(PartialDownload part) throws IOException {
    long most = part.length();
    Backoff backoff = Backoff.exponential(retries.pause(), LONGEST_PAUSE);
    for (int fruitless = 0; ; ) {
      IOException failure;
      try {
        return attempt(part);
      } catch (ResponseBody.TooLongException e) {
        part.discard();
        throw tooLong();
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        failure = e;
      }
      fruitless = part.length() > most ? 0 : fruitless + 1;
      most = Math.max(most, part.length());
      if (fruitless == retries.attempts()) {
        throw problem(
            "must send the whole file: bytes=%d, attempts that brought nothing=%d, last failure: %s; run again to go on from there"
                .formatted(part.length(), fruitless, reason(failure)));
      }
      if (fruitless == 0) {
        backoff.reset();
      } else {
        sleep(backoff.next(), "interrupted while fetching " + address);
      }
    }
  }

  private boolean attempt(PartialDownload part) throws IOException {
    URI target = address;
    for (int redirects = 0; redirects <= retries.redirects(); redirects++) {
      HttpResponse<Boolean> response =
          new DownloadExchange(client, part, limit, retries, listener).get(target);
      int status = response.statusCode();
      if (status < 300 || status >= 400) {
        return judge(response, part);
      }
      target = redirected(target, response);
    }
    throw problem("must not redirect more than %d times".formatted(retries.redirects()));
  }

  private boolean judge(HttpResponse<Boolean> response, PartialDownload part) throws IOException {
    int status = response.statusCode();
    if (status == 200 || status == 206) {
      if (DownloadExchange.length(response.headers()).orElse(0) > limit) {
        throw tooLong();
      }
      if (!response.body()) {
        part.discard();
        throw new IOException("a range other than the one asked for");
      }
      return true;
    }
    if (status == 404 || status == 410) {
      return false;
    }
    if (status == 416) {
      boolean isWhole =
          ContentRange.of(response.headers()).total().equals(OptionalLong.of(part.length()));
      if (!isWhole) {
        part.discard();
        throw new IOException("status 416 for the rest of the file");
      }
      return true;
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw new IOException("status " + status);
    }
    throw problem("must answer with the file: status=" + status);
  }

  private URI redirected(URI from, HttpResponse<Boolean> response) {
    String location = response.headers().firstValue("Location").orElse("");
    try {
      URI target = from.resolve(location);
      if (mirror.allows(target)) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      throw problem(
          "must redirect to an address: status=%d, location=%s"
              .formatted(response.statusCode(), location));
    }
    throw problem(
        "must redirect to https, or http to this machine: status=%d, location=%s; data.allow-http = true permits plain http"
            .formatted(response.statusCode(), location));
  }

  private InvalidConfigException tooLong() {
    return problem("must be at most %d bytes: the server announces or sends more".formatted(limit));
  }

  private InvalidConfigException problem(String rule) {
    return problem(address, rule);
  }

  static InvalidConfigException problem(URI address, String rule) {
    return new InvalidConfigException(
        List.of(new Problem(Optional.of(address.toString()), "data.url", rule)));
  }

  private static String reason(Throwable failure) {
    String cause =
        Optional.ofNullable(failure.getCause())
            .map(each -> " (" + each.getClass().getSimpleName() + ")")
            .orElse("");
    return Optional.ofNullable(failure.getMessage())
        .orElseGet(() -> failure.getClass().getSimpleName() + cause);
  }

  static void sleep(Duration time, String interrupted) throws IOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(interrupted);
    }
  }
}
