package io.espalier.cli.runs;

import io.espalier.cli.console.EspalierHome;
import io.espalier.service.client.ServiceClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which service is meant; for commands that mix them in. */
final class ServerOptions {
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
          "Certificates (PEM) of who may have signed the service's (default: $"
              + ServiceLookup.AUTHORITY
              + ", else those that Java trusts).")
  private Optional<Path> authority = Optional.empty();

  /** A client of the service that is meant. */
  public ServiceClient client() throws IOException {
    ServiceLookup lookup =
        new ServiceLookup(System.getenv(), EspalierHome.path().resolve("service"));
    return ServiceClient.of(lookup.find(server, tokenFile, authority));
  }
}
