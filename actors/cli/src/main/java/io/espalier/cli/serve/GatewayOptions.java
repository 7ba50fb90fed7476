package io.espalier.cli.serve;

import io.espalier.cli.console.ListenAddress;
import io.espalier.cli.federation.AuthorityOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for federations: the addresses for clients, and the authority that admits them. */
final class GatewayOptions {
  @Option(
      names = "--gateway",
      paramLabel = "HOST:PORT",
      description =
          "Where clients of a federation connect to; one federation at a time for each, so repeat"
              + " it for more. Without any, federations are refused.")
  private List<String> gateways = new ArrayList<>();

  @Option(
      names = "--gateway-plaintext",
      description = "Gateways without TLS and certificates, on this machine's loopback only.")
  private boolean plaintext;

  @Mixin private AuthorityOption authority;

  List<String> gateways() {
    for (String gateway : gateways) {
      InetSocketAddress address = ListenAddress.parse("--gateway", gateway);
      if (plaintext) {
        ListenAddress.requireLoopback(
            address, "leave --gateway-plaintext away, after 'espalier federate init'");
      }
      ListenAddress.requireFree("--gateway", address);
    }
    return List.copyOf(gateways);
  }

  Optional<Path> authority() throws IOException {
    if (plaintext || gateways.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(authority.open().directory());
  }
}
