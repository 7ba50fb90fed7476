package io.espalier.cli.federation;

import io.espalier.console.CommandRefusedException;
import io.espalier.console.ProgramName;
import io.espalier.federation.trust.Authority;
import io.espalier.federation.trust.ClientIdentity;
import io.espalier.federation.trust.ClientRegister;
import io.espalier.federation.trust.RegisteredClient;
import io.espalier.federation.trust.TokenStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "revoke",
    description = {
      "Ends all certificates and tokens of a device; a running server applies this by itself.",
      "",
      "A token that is made later admits a device of that name again."
    },
    sortOptions = false)
final class RevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The device's name, as 'clients' lists it.")
  private String name;

  @Mixin private AuthorityOption authority;

  @Override
  public Integer call() throws IOException {
    InstantSource clock = InstantSource.system();
    ClientIdentity.requireName(name);
    Authority opened = authority.open();
    ClientRegister register = ClientRegister.open(opened.directory(), clock);
    int tokens = TokenStore.open(opened.directory(), clock).withdraw(name);
    List<String> known = register.clients().stream().map(RegisteredClient::name).toList();
    if (tokens == 0 && !known.contains(name)) {
      throw new CommandRefusedException(
          "a device to revoke must have enrolled, or have a token: name=%s; enrolled: %s"
              .formatted(name, known.isEmpty() ? "none" : String.join(", ", known)));
    }
    RegisteredClient revoked = register.revoke(name);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "revoked %s: certificates=%d, tokens=%d"
            .formatted(name, revoked.certificates().size(), tokens));
    out.println(
        ProgramName.inHints("to admit it again: espalier federate token --name ")
            + name
            + authority.repeated());
    return ExitCode.OK;
  }
}
