package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.download.Download;
import io.espalier.configs.download.DownloadLimits;
import io.espalier.configs.download.PartFile;
import io.espalier.configs.fault.Backoff;
import io.espalier.configs.file.LockFile;
import io.espalier.trainer.data.source.DataHome.DataListener;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Downloads and unpacks the files of a data set. A file appears under its name only with the
 * expected digest, and is then not fetched again. Thread-safe, also across processes.
 */
final class Downloads {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final DownloadLimits limits;
  private final Duration pause;
  private final DataListener listener;

  /** Downloads files of at most {@code bytes}, packed and unpacked. */
  Downloads(long bytes, DataListener listener) {
    this(
        new DownloadLimits(bytes, Duration.ofSeconds(30), 15_000, 4),
        Duration.ofSeconds(1),
        listener);
  }

  /** The {@code pause} is before the second attempt, and doubled before each further one. */
  Downloads(DownloadLimits limits, Duration pause, DataListener listener) {
    this.limits = limits;
    this.pause = pause;
    this.listener = listener;
  }

  void fetch(MirrorConfig mirror, Map<String, String> sha256, Path directory) {
    try {
      if (missing(sha256, directory).isEmpty()) {
        return;
      }
      listener.fetching(mirror.url());
      LockFile lock = lock(directory);
      try {
        HttpClient client = client();
        for (Map.Entry<String, String> file : missing(sha256, directory).entrySet()) {
          fetch(client, mirror, file.getKey(), file.getValue(), directory);
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
        .connectTimeout(limits.window())
        .build();
  }

  private static Map<String, String> missing(Map<String, String> sha256, Path directory)
      throws IOException {
    Map<String, String> missing = new TreeMap<>();
    for (Map.Entry<String, String> file : sha256.entrySet()) {
      Path path = directory.resolve(file.getKey());
      if (!Files.isRegularFile(path) || !Sha256.ofFile(path).equals(file.getValue())) {
        missing.put(file.getKey(), file.getValue());
      }
    }
    return missing;
  }

  private void fetch(
      HttpClient client, MirrorConfig mirror, String name, String digest, Path directory)
      throws IOException {
    for (String remote : List.of(name + ".gz", name)) {
      RemoteFile file = new RemoteFile(mirror, remote, listener);
      Optional<PartFile> part = fetch(client, file, directory.resolve(remote));
      if (part.isPresent()) {
        unpack(part.get(), new Unpacking(file, limits.bytes()), directory.resolve(name), digest);
        return;
      }
    }
    throw RemoteFile.problem(
        mirror.url(), "must have %s.gz or %s: neither is there".formatted(name, name));
  }

  private Optional<PartFile> fetch(HttpClient client, RemoteFile file, Path target)
      throws IOException {
    HttpRequest request = HttpRequest.newBuilder(file.address()).build();
    Backoff backoff = Backoff.exponential(pause, LONGEST_PAUSE);
    try {
      return new Download(client, request, target, file, limits, backoff).fetch();
    } catch (Download.TooLongException e) {
      throw file.problem(
          "must be at most %d bytes: the server announces or sends more".formatted(limits.bytes()));
    } catch (Download.IncompleteException e) {
      throw file.problem(
          "must send the whole file: %s; run again to go on from there".formatted(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while fetching " + file.address());
    }
  }

  private static void unpack(PartFile part, Unpacking unpacking, Path target, String digest)
      throws IOException {
    try {
      unpacking.unpack(part.path(), target, digest);
    } catch (InvalidConfigException e) {
      part.discard();
      throw e;
    }
    part.discard();
  }
}
