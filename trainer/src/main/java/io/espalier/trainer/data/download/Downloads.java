package io.espalier.trainer.data.download;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.trainer.data.source.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fetches the files of a data set from a mirror and unpacks them. A file appears under its name only once its content has the expected digest; one that already has it is not fetched.
 *
 * <p>Thread-safe, also across processes: the second one waits and then finds the files.
 */
public final class Downloads {
  private final DownloadRetries patience;
  private final DownloadListener listener;

  /**
   * The files of one data set.
   *
   * @param sha256 digest of each unpacked file, by its name without {@code .gz}
   * @param limit bytes of a file, packed or unpacked
   */
  public record Request(MirrorConfig mirror, Map<String, String> sha256, long limit) {
    public Request {
      sha256 = Map.copyOf(sha256);
    }
  }

  public Downloads(DownloadRetries patience, DownloadListener listener) {
    this.patience = patience;
    this.listener = listener;
  }

  /**
   * Fills a directory with the unpacked files of a request.
   *
   * @throws InvalidConfigException if a file cannot be fetched, or has another digest
   */
  public void fetch(Request request, Path directory) {
    try {
      if (missing(request, directory).isEmpty()) {
        return;
      }
      DirectoryLock lock = DirectoryLock.acquire(directory, listener);
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

  private HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(patience.window())
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
          new RemoteFile(client, request.mirror(), address, request.limit(), patience, listener);
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
}
