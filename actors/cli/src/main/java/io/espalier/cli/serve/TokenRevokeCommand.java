package io.espalier.cli.serve;

import io.espalier.cli.console.CommandRefusedException;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.service.http.Tokens;
import io.espalier.service.http.Tokens.Token;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code espalier serve token revoke}: shuts somebody out. */
@Command(
    name = "revoke",
    description = "End a token; a service that runs refuses it within a second.")
final class TokenRevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "Name of the token, as 'serve token list' shows it.")
  private String name;

  @Override
  public Integer call() throws IOException {
    Tokens tokens = TokensCommand.open();
    if (!tokens.revoke(name)) {
      List<String> known = tokens.list().stream().map(Token::name).toList();
      throw new CommandRefusedException(
          "a token must be there to be revoked: name=%s; tokens: %s%s"
              .formatted(
                  name,
                  known.isEmpty() ? "none" : String.join(", ", known),
                  NameSuggestion.suggestion(name, known)));
    }
    spec.commandLine().getOut().println("revoked " + name);
    return ExitCode.OK;
  }
}
