package io.espalier.cli.federation;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.TextTable;
import io.espalier.federation.trust.ClientRegister;
import io.espalier.federation.trust.RegisteredClient;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "clients",
    description = "Lists the devices that have enrolled, and whether they may take part.",
    sortOptions = false)
final class ClientsCommand implements Callable<Integer> {
  private static final int HEX = 16;

  @Spec private CommandSpec spec;

  @Mixin private AuthorityOption authority;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    InstantSource clock = InstantSource.system();
    List<RegisteredClient> clients =
        ClientRegister.open(authority.open().directory(), clock).clients();
    if (json) {
      spec.commandLine()
          .getOut()
          .println(
              JsonOutput.text(
                  clients.stream().map(each -> described(each, clock.instant())).toList()));
    } else if (clients.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "no device has enrolled yet: espalier federate token --name DEVICE"
                  + authority.repeated());
    } else {
      spec.commandLine().getOut().println(table(clients, clock.instant()));
    }
    return ExitCode.OK;
  }

  private static String table(List<RegisteredClient> clients, Instant now) {
    TextTable table = TextTable.withHeader(List.of("client", "state", "certificate expires"));
    clients.forEach(
        each -> table.row(List.of(each.name(), state(each, now), expires(each).orElse("-"))));
    return table.text();
  }

  private static Map<String, Object> described(RegisteredClient client, Instant now) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", client.name());
    described.put("state", state(client, now));
    expires(client).ifPresent(time -> described.put("expires", time));
    client.revoked().ifPresent(time -> described.put("revoked", time.toString()));
    described.put(
        "serials",
        client.certificates().stream().map(each -> each.serial().toString(HEX)).toList());
    return described;
  }

  private static Optional<String> expires(RegisteredClient client) {
    return client.expires().map(Instant::toString);
  }

  private static String state(RegisteredClient client, Instant now) {
    return client.state(now).name().toLowerCase(Locale.ROOT);
  }
}
