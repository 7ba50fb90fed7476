package io.espalier.configs.download;

import java.io.IOException;
import java.time.Duration;

/**
 * Bounds of a download.
 *
 * @param bytes most bytes of the file
 * @param window time in which the server must send {@code bytesPerWindow}
 * @param attempts consecutive attempts without new bytes
 */
public record DownloadLimits(long bytes, Duration window, long bytesPerWindow, int attempts) {
  public DownloadLimits {
    if (window.isNegative() || window.isZero() || attempts < 1) {
      throw new IllegalArgumentException(
          "window and attempts must be above 0: window=%s, attempts=%d"
              .formatted(window, attempts));
    }
  }

  void requireProgress(long gained) throws IOException {
    if (gained < bytesPerWindow) {
      throw new IOException(
          "the server stalled: it sent %d bytes in %s ms, less than %d"
              .formatted(gained, window.toMillis(), bytesPerWindow));
    }
  }
}
