package io.espalier.cli.runs;

import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.client.ServiceAccess;
import io.espalier.service.client.ServiceClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Names the service of a command. */
public final class ServerOptions {
  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "Where the service is, such as https://host:7070 (default: $"
              + ServiceLookup.SERVER
              + ", else the service of this Espalier home).")
  private Optional<String> server = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "File that holds the token (default: the token in $"
              + ServiceLookup.TOKEN
              + ", else that of this home for its own service).")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Certificates (PEM) of the authorities that may have signed the service's (default: $"
              + ServiceLookup.AUTHORITY
              + ", else those that Java trusts).")
  private Optional<Path> authority = Optional.empty();

  /** Whether an option says which service, or how to reach it. */
  boolean isNamed() {
    return server.isPresent() || tokenFile.isPresent() || authority.isPresent();
  }

  public ServiceClient client() throws IOException {
    ServiceLookup lookup =
        new ServiceLookup(System.getenv(), EspalierHome.path().resolve("service"));
    return ServiceClient.of(lookup.find(server, tokenFile, authority));
  }

  /** Finds the service of a command. The home's token goes to the home's service only. */
  record ServiceLookup(Map<String, String> environment, Path service) {
    static final String SERVER = "ESPALIER_SERVER";
    static final String TOKEN = "ESPALIER_TOKEN";
    static final String AUTHORITY = "ESPALIER_CA";
    private static final long MOST_BYTES = 4096;

    /** Takes options before the environment, and the environment before the home. */
    ServiceAccess find(Optional<String> server, Optional<Path> tokenFile, Optional<Path> authority)
        throws IOException {
      Optional<String> own = line(service.resolve("address"));
      String address = server.or(() -> variable(SERVER)).or(() -> own).orElseThrow(this::nowhere);
      Optional<String> token = tokenFile.isPresent() ? tokenIn(tokenFile.get()) : variable(TOKEN);
      if (token.isEmpty() && own.isPresent() && isSame(own.get(), address)) {
        token = line(service.resolve("token"));
      }
      try {
        return new ServiceAccess(
            URI.create(address), token, authority.or(() -> variable(AUTHORITY).map(Path::of)));
      } catch (BrokenRulesException e) {
        throw new CommandRefusedException(String.valueOf(e.getMessage()));
      } catch (IllegalArgumentException e) {
        throw new CommandRefusedException(
            "server must be http://HOST:PORT or https://HOST:PORT: server=" + address);
      }
    }

    private CommandRefusedException nowhere() {
      return new CommandRefusedException(
          "a service must run, or be named: none has left its address in %s; start one with 'espalier serve', or name one with --server"
              .formatted(service));
    }

    private Optional<String> variable(String name) {
      return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<String> tokenIn(Path file) throws IOException {
      Optional<String> token = line(file);
      if (token.isEmpty()) {
        throw new CommandRefusedException(
            "a token file must hold a token: file=%s".formatted(file));
      }
      return token;
    }

    /** The first line of a file; empty if there is no such file, or nothing in it. */
    private static Optional<String> line(Path file) throws IOException {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new CommandRefusedException(
            "an address or token must have at most %d bytes: file=%s".formatted(MOST_BYTES, file));
      }
      return Files.readString(file)
          .lines()
          .map(String::strip)
          .findFirst()
          .filter(s -> !s.isEmpty());
    }

    private static boolean isSame(String one, String other) {
      return one.replaceAll("/+$", "").equals(other.replaceAll("/+$", ""));
    }
  }
}
