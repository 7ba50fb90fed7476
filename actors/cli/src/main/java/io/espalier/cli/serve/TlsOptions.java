package io.espalier.cli.serve;

import io.espalier.cli.console.ListenAddress;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.http.HttpSettings.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that give an HTTP server its certificate; for commands that mix them in. */
final class TlsOptions {
  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description =
          "Certificate of the server in PEM, then those that vouch for it; needed where others"
              + " than this machine connect. Files are read again when they change.")
  private Optional<Path> certificate = Optional.empty();

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its key in PEM (PKCS #8, not encrypted).")
  private Optional<Path> key = Optional.empty();

  /**
   * The files for a server; none for plaintext on the loopback. Throws {@link
   * CommandRefusedException} if one is missing, or both where TLS is required.
   */
  public Optional<TlsFiles> files(InetSocketAddress address) {
    if (certificate.isPresent() != key.isPresent()) {
      throw new CommandRefusedException(
          "--tls-certificate and --tls-key must come together: %s is missing"
              .formatted(key.isPresent() ? "--tls-certificate" : "--tls-key"));
    }
    if (certificate.isEmpty()) {
      ListenAddress.requireLoopback(
          address,
          "give --tls-certificate and --tls-key, both PEM files; docs/service.md describes how to"
              + " make them");
    }
    return certificate.map(file -> new TlsFiles(file, key.orElseThrow()));
  }
}
