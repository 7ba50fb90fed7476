package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.file.LockFile;
import io.espalier.trainer.data.source.DataHome.DataListener;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Downloads and unpacks the files of a data set. A file appears under its name only with the
 * expected digest, and is then not fetched again. Thread-safe, also across processes.
 */
final class Downloads {
  private final DownloadRetries retries;
  private final DataListener listener;

  public record Request(MirrorConfig mirror, Map<String, String> sha256, long limit) {
    public Request {
      sha256 = Map.copyOf(sha256);
    }
  }

  public Downloads(DownloadRetries retries, DataListener listener) {
    this.retries = retries;
    this.listener = listener;
  }

  public void fetch(Request request, Path directory) {
    try {
      if (missing(request, directory).isEmpty()) {
        return;
      }
      listener.fetching(request.mirror().url());
      LockFile lock = lock(directory);
      try {
        HttpClient client = client();
        for (Map.Entry<String, String> file : missing(request, directory).entrySet()) {
          fetch(client, request, file.getKey(), file.getValue(), directory);
        }
      } finally {
        lock.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a data set must be storable: directory=" + directory, e);
    }
  }

  private LockFile lock(Path directory) throws IOException {
    Files.createDirectories(directory);
    return DirectoryLock.await(directory.resolve(".lock"), () -> listener.waiting(directory));
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(retries.window())
        .build();
  }

  private static Map<String, String> missing(Request request, Path directory) throws IOException {
    Map<String, String> missing = new TreeMap<>();
    for (Map.Entry<String, String> file : request.sha256().entrySet()) {
      Path path = directory.resolve(file.getKey());
      if (!Files.isRegularFile(path) || !Sha256.ofFile(path).equals(file.getValue())) {
        missing.put(file.getKey(), file.getValue());
      }
    }
    return missing;
  }

  private void fetch(HttpClient client, Request request, String name, String digest, Path directory)
      throws IOException {
    for (String remote : List.of(name + ".gz", name)) {
      URI address = request.mirror().url().resolve(remote);
      PartialDownload part = new PartialDownload(directory, address);
      RemoteFile file =
          new RemoteFile(client, request.mirror(), address, request.limit(), retries, listener);
      if (file.fetch(part)) {
        unpack(part, new Unpacking(address, request.limit()), directory.resolve(name), digest);
        return;
      }
    }
    throw RemoteFile.problem(
        request.mirror().url(), "must have %s.gz or %s: neither is there".formatted(name, name));
  }

  private static void unpack(PartialDownload part, Unpacking unpacking, Path target, String digest)
      throws IOException {
    try {
      unpacking.unpack(part.path(), target, digest);
    } catch (InvalidConfigException e) {
      part.discard();
      throw e;
    }
    part.discard();
  }

  /**
   * Time limits and attempts of a download.
   *
   * @param window time in which the server must send {@code bytesPerWindow}
   * @param attempts consecutive attempts without new bytes
   * @param pause before the second attempt; doubled before each further one
   */
  record DownloadRetries(
      Duration window, long bytesPerWindow, int attempts, Duration pause, int redirects) {
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
}
