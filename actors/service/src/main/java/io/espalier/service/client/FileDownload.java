package io.espalier.service.client;

import io.espalier.configs.download.Download;
import io.espalier.configs.download.DownloadLimits;
import io.espalier.configs.download.PartFile;
import io.espalier.configs.fault.Backoff;
import io.espalier.service.client.ServiceException.Reason;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of the service, checked against the digest that the service sends (RFC 9530). */
final class FileDownload implements Download.Source {
  private static final DownloadLimits LIMITS =
      new DownloadLimits(Long.MAX_VALUE, Duration.ofSeconds(60), 1, 5);
  private static final Pattern DIGEST = Pattern.compile("sha-256=:([A-Za-z0-9+/=]{1,64}):");

  private final HttpExchanges exchanges;
  private final Path target;
  private final boolean replace;

  FileDownload(HttpExchanges exchanges, Path target, boolean replace) {
    this.exchanges = exchanges;
    this.target = target;
    this.replace = replace;
  }

  /** Returns false if the target was the same file already. */
  boolean fetch(String path, Backoff backoff) throws IOException, InterruptedException {
    try {
      Optional<PartFile> part = exchanges.download(path, target, this, LIMITS, backoff).fetch();
      if (part.isPresent()) {
        part.get().keep();
      }
      return part.isPresent();
    } catch (Download.IncompleteException e) {
      throw new ServiceException(
          Reason.UNREACHABLE,
          "the service must send the whole file: file=%s, %s; fetch it again to go on from there"
              .formatted(target, e.getMessage()),
          e);
    }
  }

  @Override
  public boolean isWanted(HttpHeaders headers) throws IOException {
    if (digest(headers).isEmpty()) {
      throw new ServiceException(
          Reason.FAILED,
          "the service must send the digest of a file: Repr-Digest=missing; use the client of the same version as the service");
    }
    if (!Files.exists(target)) {
      return true;
    }
    boolean isSame = isIntact(target, headers);
    if (!isSame && !replace) {
      throw new ServiceException(
          Reason.REFUSED,
          "a fetched file must not replace another: file=%s; name another directory with --out, or replace it with --force"
              .formatted(target));
    }
    return !isSame;
  }

  @Override
  public boolean isIntact(Path file, HttpHeaders headers) throws IOException {
    return digest(headers).equals(Optional.of(Sha256.ofFile(file)));
  }

  @Override
  public Optional<URI> elsewhere(HttpResponse<?> answer, String text, int redirects)
      throws IOException {
    throw exchanges.refused(answer.statusCode(), text, HttpExchanges.BUSY);
  }

  private static Optional<String> digest(HttpHeaders headers) {
    Matcher digest = DIGEST.matcher(headers.firstValue("Repr-Digest").orElse(""));
    return digest.find()
        ? Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(digest.group(1))))
        : Optional.empty();
  }
}
