package io.espalier.cli.serve;

import io.espalier.service.dashboard.Dashboard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The service of a home, if it runs. */
final class LocalService {
  private static final int LONGEST_MILLIS = 300;

  private LocalService() {}

  static Optional<String> page(Path home) throws IOException {
    return PublishedAddress.known(ServeSettings.directoryIn(home))
        .flatMap(LocalService::uri)
        .filter(LocalService::listens)
        .map(address -> address.resolve(Dashboard.PATH).toString());
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text)).filter(uri -> uri.getHost() != null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A service that was killed leaves its address, too. */
  private static boolean listens(URI address) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), LONGEST_MILLIS);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
