package io.espalier.trainer.data.download;

import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param window time in which it must send {@code bytesPerWindow}
 * @param attempts tries in a row that may bring nothing new
 * @param pause time before the second of them; doubled before each further one
 * @param redirects addresses that may follow the first one
 */
public record DownloadRetries(
    Duration window, long bytesPerWindow, int attempts, Duration pause, int redirects) {
  /** Half a minute, half a kilobyte per second, four tries, five redirects. */
  public static final DownloadRetries DEFAULT =
      new DownloadRetries(Duration.ofSeconds(30), 15_000, 4, Duration.ofSeconds(1), 5);

  public DownloadRetries {
    if (window.isNegative() || window.isZero() || attempts < 1 || redirects < 0) {
      throw new IllegalArgumentException(
          "window and attempts must be above 0, redirects 0 or more: window=%s, attempts=%d, redirects=%d"
              .formatted(window, attempts, redirects));
    }
  }
}
