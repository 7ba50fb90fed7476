package io.espalier.cli.serve;

import io.espalier.console.CommandRefusedException;
import io.espalier.service.http.AccessTokens;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands that change a token. */
final class TokenChanges {
  private TokenChanges() {}

  @Command(
      name = "renew",
      description = "Changes when a token ends, also of one that has expired; its secret stays.",
      sortOptions = false)
  static final class Renew implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the token.")
    private String name;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        required = true,
        converter = TokenExpiry.Converter.class,
        description =
            "When it ends: after 30d, with the day 2027-01-31 (UTC), at 2027-01-31T12:00:00Z, or"
                + " never.")
    private TokenExpiry expires = TokenExpiry.NEVER;

    @Override
    public Integer call() throws IOException {
      AccessTokens tokens = TokensCommand.open();
      try {
        if (!tokens.renew(name, expires.time())) {
          throw TokensCommand.unknown(tokens, name, "renewed");
        }
      } catch (IllegalArgumentException e) {
        throw new CommandRefusedException(String.valueOf(e.getMessage()));
      }
      spec.commandLine()
          .getOut()
          .println(
              "renewed %s, which ends: %s"
                  .formatted(name, TokenExpiry.text(expires.time(), Instant.now())));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "rotate",
      description = {
        "Prints a new secret of a token, once; a running service refuses the one before within a"
            + " second.",
        "",
        "Role, scope, owner, project, limits and end stay."
      })
  static final class Rotate implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the token.")
    private String name;

    @Override
    public Integer call() throws IOException {
      AccessTokens tokens = TokensCommand.open();
      Optional<String> secret = tokens.rotate(name);
      if (secret.isEmpty()) {
        throw TokensCommand.unknown(tokens, name, "rotated");
      }
      spec.commandLine().getOut().println(secret.get());
      return ExitCode.OK;
    }
  }
}
