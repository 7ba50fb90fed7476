package io.espalier.cli.serve;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.TextTable;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.http.Role;
import io.espalier.service.http.Tokens;
import io.espalier.service.http.Tokens.Token;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    description = {
      "Creates, lists and revokes the tokens of this home's service, whether it runs or not.",
      "",
      "A token of role 'read' sees runs, logs and events; one of role 'operate' submits, pauses"
          + " and stops them too; one of role 'manage' uploads and deletes data sets as well, and"
          + " backs the service up. Only a digest of it is kept."
    },
    subcommands = {
      TokensCommand.Create.class,
      TokensCommand.ListAll.class,
      TokensCommand.Revoke.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class TokensCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  static Tokens open() throws IOException {
    return Tokens.open(ServeSettings.directoryIn(CommandHome.create()), InstantSource.system());
  }

  @Command(
      name = "create",
      description = {
        "Prints a new token of this home's service; it is shown once.",
        "",
        "Whoever has it can call: carry it as you would a password. The one who gets it puts it"
            + " into a file for --token-file, or into ESPALIER_TOKEN."
      },
      sortOptions = false)
  static final class Create implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "NAME",
        description = "Who it is for: 1 to 64 letters, digits, . _ and -.")
    private String name;

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        defaultValue = "read",
        description =
            "read; operate to submit and stop runs too; manage to upload data and to back up as"
                + " well (default: ${DEFAULT-VALUE}).")
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

  @Command(
      name = "list",
      description = "Lists the tokens of this home's service, not their secrets.")
  static final class ListAll implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
      List<Token> tokens = TokensCommand.open().list();
      if (json) {
        spec.commandLine()
            .getOut()
            .println(JsonOutput.text(tokens.stream().map(ListAll::facts).toList()));
      } else if (tokens.isEmpty()) {
        spec.commandLine()
            .getErr()
            .println(
                "no token yet; the first 'espalier serve' makes one, as does 'serve token create'");
      } else {
        TextTable table = TextTable.withHeader(List.of("name", "role", "created"));
        tokens.forEach(
            each ->
                table.row(List.of(each.name(), each.role().spelling(), each.created().toString())));
        spec.commandLine().getOut().println(table.text());
      }
      return ExitCode.OK;
    }

    private static Map<String, Object> facts(Token token) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("name", token.name());
      facts.put("role", token.role().spelling());
      facts.put("created", token.created().toString());
      return facts;
    }
  }

  @Command(
      name = "revoke",
      description = "Ends a token; a running service refuses it within a second.")
  static final class Revoke implements Callable<Integer> {
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
}
