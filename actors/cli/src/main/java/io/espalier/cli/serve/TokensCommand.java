package io.espalier.cli.serve;

import io.espalier.cli.console.EspalierHome;
import io.espalier.service.http.Tokens;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code espalier serve token}: who may call the service of this home. */
@Command(
    name = "token",
    description = {
      "Make, list and revoke the tokens of this home's service, whether it runs or not.",
      "",
      "A token of role 'read' sees runs, logs and events; one of role 'operate' submits, pauses"
          + " and stops them too. Only a digest of it is kept."
    },
    subcommands = {TokenCreateCommand.class, TokenListCommand.class, TokenRevokeCommand.class},
    synopsisSubcommandLabel = "COMMAND")
final class TokensCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** The tokens of this home's service. */
  static Tokens open() throws IOException {
    return Tokens.open(ServeSettings.directoryIn(EspalierHome.create()), InstantSource.system());
  }
}
