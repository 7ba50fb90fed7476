package io.espalier.cli.serve;

import io.espalier.cli.console.CommandRefusedException;
import io.espalier.service.http.Role;
import io.espalier.service.http.Tokens;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code espalier serve token create}: lets somebody in. */
@Command(
    name = "create",
    description = {
      "Print a new token of this home's service; it is shown once.",
      "",
      "Whoever has it can call: carry it as you would a password. The one who gets it puts it into"
          + " a file for --token-file, or into ESPALIER_TOKEN."
    },
    sortOptions = false)
final class TokenCreateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "Who it is for: 1 to 64 letters, digits, . _ and -.")
  private String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "read",
      description = "read, or operate to submit and stop runs too (default: ${DEFAULT-VALUE}).")
  private Role role = Role.READ;

  @Override
  public Integer call() throws IOException {
    Tokens tokens = TokensCommand.open();
    tokens.prepareFirst();
    try {
      spec.commandLine().getOut().println(tokens.create(name, role));
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
    spec.commandLine()
        .getErr()
        .println(
            "lets %s %s; end it with 'espalier serve token revoke %s'"
                .formatted(name, role.spelling(), name));
    return ExitCode.OK;
  }
}
