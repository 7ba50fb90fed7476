package io.espalier.cli.serve;

import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.service.dashboard.Dashboard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file by which commands of the same home find the service, while it runs. */
record PublishedAddress(URI address, Path file) implements AutoCloseable {
  static PublishedAddress in(Path directory, URI address) throws IOException {
    Path file = PrivateDirectory.own(directory).resolve("address");
    AtomicFile.write(file, out -> out.write((address + "\n").getBytes(StandardCharsets.UTF_8)));
    return new PublishedAddress(address, file);
  }

  /** The address that the directory's current service, or a killed one, published. */
  public static Optional<String> known(Path directory) throws IOException {
    Path file = directory.resolve("address");
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  static final class LocalService {
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
}
