package io.espalier.service.client;

import io.espalier.configs.fault.Backoff;
import io.espalier.configs.file.AtomicFile;
import io.espalier.service.client.ServiceException.Reason;
import io.espalier.trainer.file.Sha256;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Downloads one file in several attempts. What has arrived lies beside the target under a name that
 * has the entity tag of its version, so that a later attempt requests the rest of that version only
 * (RFC 9110, 13.1.5). The whole is checked against the digest of the service (RFC 9530). Not
 * thread-safe.
 */
final class FileDownload {
  private static final int FRUITLESS_TRIES = 5;
  private static final Pattern TAG = Pattern.compile("\"([A-Za-z0-9-]{1,64})\"");
  private static final Pattern DIGEST = Pattern.compile("sha-256=:([A-Za-z0-9+/=]{1,64}):");

  private final HttpExchanges exchanges;
  private final String path;
  private final Backoff backoff;

  private record Part(Path file, String tag) {
    long bytes() throws IOException {
      return Files.size(file);
    }
  }

  FileDownload(HttpExchanges exchanges, String path, Backoff backoff) {
    this.exchanges = exchanges;
    this.path = path;
    this.backoff = backoff;
  }

  /** Returns false if {@code target} was the same file already. */
  boolean into(Path target, boolean replace) throws IOException, InterruptedException {
    int fruitless = 0;
    while (true) {
      long before = arrived(target);
      try {
        return attempt(target, replace);
      } catch (FileSystemException e) {
        throw e;
      } catch (IOException e) {
        fruitless = arrived(target) > before ? 0 : fruitless + 1;
        if (fruitless == FRUITLESS_TRIES) {
          throw new ServiceException(
              Reason.UNREACHABLE,
              "the service must send the whole file: file=%s, bytes=%d, cause=%s; fetch it again to go on from there"
                  .formatted(target, arrived(target), e.getMessage()),
              e);
        }
        Thread.sleep(backoff.next().toMillis());
      }
    }
  }

  private boolean attempt(Path target, boolean replace) throws IOException, InterruptedException {
    Optional<Part> before = part(target);
    HttpResponse<InputStream> response = exchanges.file(path, headers(before));
    try (InputStream body = response.body()) {
      if (response.statusCode() == 416) {
        discard(before);
        throw new IOException("the rest of another version of the file");
      }
      String digest = digest(response);
      if (Files.exists(target)) {
        if (digest.equals(Sha256.ofFile(target))) {
          discard(before);
          return false;
        }
        requireReplaced(target, replace);
      }
      boolean isRest = response.statusCode() == 206;
      if (!isRest) {
        discard(before);
      }
      complete(target, partOf(target, response), isRest, body, digest);
      return true;
    }
  }

  private static void complete(
      Path target, Path part, boolean append, InputStream body, String digest) throws IOException {
    try (FileOutputStream out = new FileOutputStream(part.toFile(), append)) {
      body.transferTo(out);
      out.getFD().sync();
    }
    String arrived = Sha256.ofFile(part);
    if (!arrived.equals(digest)) {
      Files.delete(part);
      throw new IOException(
          "a file must arrive as it was sent: file=%s, sha256=%s, sent=%s"
              .formatted(target, arrived, digest));
    }
    AtomicFile.move(part, target);
  }

  private static Map<String, String> headers(Optional<Part> before) throws IOException {
    Map<String, String> headers = new HashMap<>(Map.of("Want-Repr-Digest", "sha-256=1"));
    if (before.isPresent()) {
      headers.put("Range", "bytes=%d-".formatted(before.get().bytes()));
      headers.put("If-Range", "\"%s\"".formatted(before.get().tag()));
    }
    return headers;
  }

  private static String digest(HttpResponse<?> response) {
    Matcher digest = DIGEST.matcher(response.headers().firstValue("Repr-Digest").orElse(""));
    if (!digest.find()) {
      throw new ServiceException(
          Reason.FAILED,
          "the service must send the digest of a file: Repr-Digest=missing; use the client of the same version as the service");
    }
    return HexFormat.of().formatHex(Base64.getDecoder().decode(digest.group(1)));
  }

  private static Path partOf(Path target, HttpResponse<?> response) {
    Matcher tag = TAG.matcher(response.headers().firstValue("ETag").orElse(""));
    return target.resolveSibling(
        AtomicFile.partOf(target.getFileName() + "." + (tag.matches() ? tag.group(1) : "0")));
  }

  /** What arrived of the file before, with at least one byte. */
  private static Optional<Part> part(Path target) throws IOException {
    String name = target.getFileName().toString();
    Pattern parts = Pattern.compile(Pattern.quote(name) + "\\.([A-Za-z0-9-]{1,64})\\.part");
    Path directory = target.toAbsolutePath().resolveSibling(".");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher found = parts.matcher(file.getFileName().toString());
        if (found.matches() && Files.isRegularFile(file) && Files.size(file) > 0) {
          return Optional.of(new Part(target.resolveSibling(file.getFileName()), found.group(1)));
        }
      }
    }
    return Optional.empty();
  }

  private static long arrived(Path target) throws IOException {
    Optional<Part> part = part(target);
    return part.isPresent() ? part.get().bytes() : 0;
  }

  private static void discard(Optional<Part> part) throws IOException {
    if (part.isPresent()) {
      Files.deleteIfExists(part.get().file());
    }
  }

  private static void requireReplaced(Path target, boolean replace) {
    if (!replace) {
      throw new ServiceException(
          Reason.REFUSED,
          "a fetched file must not replace another: file=%s; name another directory with --out, or replace it with --force"
              .formatted(target));
    }
  }
}
