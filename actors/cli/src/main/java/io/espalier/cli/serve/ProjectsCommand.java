package io.espalier.cli.serve;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.TextTable;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.Quota;
import io.espalier.service.http.AccessTokens;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "project",
    description = {
      "Limits what all tokens of a project together may have at this home's service.",
      "",
      "A project needs no entry: 'serve token create --project NAME' puts a token into it. Limits"
          + " hold within a second, whether the service runs or not."
    },
    subcommands = {
      ProjectsCommand.Limit.class,
      ProjectsCommand.ListAll.class,
      ProjectsCommand.Remove.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class ProjectsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  @Command(
      name = "limit",
      description = "Sets the limits of a project, in place of those that it had.",
      sortOptions = false)
  static final class Limit implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The project, as tokens name it.")
    private String name;

    @Mixin private QuotaOptions limits;

    @Override
    public Integer call() throws IOException {
      AccessTokens tokens = TokensCommand.open();
      Quota quota;
      try {
        quota = limits.quota();
        if (quota.equals(Quota.NONE)) {
          throw new CommandRefusedException(
              "a project must get a limit: name=%s; name one, such as --max-runs 20, or end its limits with 'espalier serve project remove %s'"
                  .formatted(name, name));
        }
        tokens.prepareFirst();
        tokens.limit(name, quota);
      } catch (IllegalArgumentException e) {
        throw new CommandRefusedException(String.valueOf(e.getMessage()));
      }
      spec.commandLine()
          .getOut()
          .println("limited project %s: %s".formatted(name, QuotaOptions.text(quota)));
      return ExitCode.OK;
    }
  }

  @Command(name = "list", description = "Lists the projects that have limits.")
  static final class ListAll implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
      Map<String, Quota> projects = new TreeMap<>(TokensCommand.open().projects());
      if (json) {
        Map<String, Object> facts = new TreeMap<>();
        projects.forEach((name, quota) -> facts.put(name, QuotaOptions.facts(quota)));
        spec.commandLine().getOut().println(JsonOutput.text(facts));
      } else if (projects.isEmpty()) {
        spec.commandLine()
            .getErr()
            .println("no project has a limit; 'espalier serve project limit' sets one");
      } else {
        TextTable table = TextTable.withHeader(List.of("project", "limits"));
        projects.forEach((name, quota) -> table.row(List.of(name, QuotaOptions.text(quota))));
        spec.commandLine().getOut().println(table.text());
      }
      return ExitCode.OK;
    }
  }

  @Command(name = "remove", description = "Ends the limits of a project; its runs stay.")
  static final class Remove implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The project.")
    private String name;

    @Override
    public Integer call() throws IOException {
      AccessTokens tokens = TokensCommand.open();
      Map<String, Quota> projects = new TreeMap<>(tokens.projects());
      if (!projects.containsKey(name)) {
        throw new CommandRefusedException(
            "a project must have limits to lose them: name=%s; projects: %s%s"
                .formatted(
                    name,
                    projects.isEmpty() ? "none" : String.join(", ", projects.keySet()),
                    NameSuggestion.suggestion(name, projects.keySet())));
      }
      tokens.limit(name, Quota.NONE);
      spec.commandLine().getOut().println("ended the limits of project " + name);
      return ExitCode.OK;
    }
  }
}
