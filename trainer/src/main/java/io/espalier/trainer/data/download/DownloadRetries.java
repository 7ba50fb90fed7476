package io.espalier.trainer.data.download;

import java.time.Duration;

/**
 * Time limits and attempts of a download.
 *
 * @param window time in which the server must send {@code bytesPerWindow}
 * @param attempts consecutive attempts that may bring nothing new
 * @param pause before the second attempt; doubled before each further one
 * @param redirects that are followed
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
