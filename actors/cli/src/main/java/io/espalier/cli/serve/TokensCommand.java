package io.espalier.cli.serve;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.TextTable;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.Ownership;
import io.espalier.service.Quota;
import io.espalier.service.Scope;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.Role;
import io.espalier.service.http.Token;
import io.espalier.service.http.TokenTerms;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    description = {
      "Creates, lists, renews and revokes the tokens of this home's service, whether it runs or"
          + " not.",
      "",
      "A token of role 'read' sees runs, logs and events; one of role 'operate' submits, pauses"
          + " and stops them too; one of role 'manage' uploads and deletes data sets as well, and"
          + " backs the service up. Only a digest of it is kept.",
      "",
      "What is submitted or uploaded with a token belongs to its owner and its project. The scope"
          + " 'own' shows it the runs and data sets of its owner alone, 'project' those of its"
          + " project; others do not exist for it."
    },
    subcommands = {
      TokensCommand.Create.class,
      TokensCommand.ListAll.class,
      TokenChanges.Renew.class,
      TokenChanges.Rotate.class,
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

  static AccessTokens open() throws IOException {
    return AccessTokens.open(
        ServeSettings.directoryIn(CommandHome.create()), InstantSource.system());
  }

  static CommandRefusedException unknown(AccessTokens tokens, String name, String deed)
      throws IOException {
    List<String> known = tokens.list().stream().map(Token::name).toList();
    return new CommandRefusedException(
        "a token must be there to be %s: name=%s; tokens: %s%s"
            .formatted(
                deed,
                name,
                known.isEmpty() ? "none" : String.join(", ", known),
                NameSuggestion.suggestion(name, known)));
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

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        defaultValue = "never",
        converter = TokenExpiry.Converter.class,
        description =
            "When it ends: after 30d, with the day 2027-01-31 (UTC), at 2027-01-31T12:00:00Z, or"
                + " never (default: ${DEFAULT-VALUE}).")
    private TokenExpiry expires = TokenExpiry.NEVER;

    @Option(
        names = "--owner",
        paramLabel = "OWNER",
        description = "Whose its runs and data sets are (default: its name).")
    private Optional<String> owner = Optional.empty();

    @Option(
        names = "--project",
        paramLabel = "PROJECT",
        defaultValue = Ownership.DEFAULT_PROJECT,
        description = "The project of its runs and data sets (default: ${DEFAULT-VALUE}).")
    private String project = Ownership.DEFAULT_PROJECT;

    @Option(
        names = "--scope",
        paramLabel = "SCOPE",
        defaultValue = "all",
        description =
            "The runs and data sets that it reaches: own, those of its owner; project, those of its"
                + " project; or all (default: ${DEFAULT-VALUE}).")
    private Scope scope = Scope.ALL;

    @Mixin private QuotaOptions limits;

    @Override
    public Integer call() throws IOException {
      AccessTokens tokens = TokensCommand.open();
      tokens.prepareFirst();
      try {
        TokenTerms terms =
            new TokenTerms(role, expires.time(), owner, project, scope, limits.quota());
        spec.commandLine().getOut().println(tokens.create(name, terms));
      } catch (IllegalArgumentException e) {
        throw new CommandRefusedException(String.valueOf(e.getMessage()));
      }
      spec.commandLine()
          .getErr()
          .println(
              "lets %s %s%s; end it with 'espalier serve token revoke %s'"
                  .formatted(
                      name,
                      role.spelling(),
                      expires.time().map(time -> " until " + time).orElse(""),
                      name));
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
        TextTable table =
            TextTable.withHeader(
                List.of(
                    "name", "role", "scope", "owner", "project", "expires", "limits", "created"));
        Instant now = Instant.now();
        tokens.forEach(each -> table.row(row(each, now)));
        spec.commandLine().getOut().println(table.text());
      }
      return ExitCode.OK;
    }

    private static List<String> row(Token token, Instant now) {
      return List.of(
          token.name(),
          token.role().spelling(),
          token.scope().orElse(Scope.ALL).spelling(),
          token.ownership().owner().orElse(""),
          token.ownership().project(),
          TokenExpiry.text(token.expires(), now),
          QuotaOptions.text(token.quota().orElse(Quota.NONE)),
          token.created().toString());
    }

    private static Map<String, Object> facts(Token token) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("name", token.name());
      facts.put("role", token.role().spelling());
      facts.put("scope", token.scope().orElse(Scope.ALL).spelling());
      facts.put("owner", token.ownership().owner().orElse(""));
      facts.put("project", token.ownership().project());
      token.expires().ifPresent(time -> facts.put("expires", time.toString()));
      facts.put("limits", QuotaOptions.facts(token.quota().orElse(Quota.NONE)));
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
      AccessTokens tokens = TokensCommand.open();
      if (!tokens.revoke(name)) {
        throw unknown(tokens, name, "revoked");
      }
      spec.commandLine().getOut().println("revoked " + name);
      return ExitCode.OK;
    }
  }
}
