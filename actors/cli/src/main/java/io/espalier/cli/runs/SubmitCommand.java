package io.espalier.cli.runs;

import io.espalier.cli.console.Candidates;
import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.console.CommandRefusedException;
import io.espalier.console.ProgramName;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceClient.Response;
import io.espalier.service.client.SubmissionRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "submit",
    description = {
      "Submits a run, or a federation, to a service, and prints its id.",
      "",
      "RECIPE is a file of this machine, or else the name of a recipe that ships with the service"
          + " (see 'espalier recipes'). A file is sent whole, with what it includes; files that it"
          + " names, such as data or weights, are the service's: names of uploaded data"
          + " sets (see 'espalier data'), or paths below a directory that 'espalier serve --data'"
          + " gave it."
    },
    sortOptions = false)
final class SubmitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RECIPE",
      completionCandidates = Candidates.RecipeNames.class,
      description = "Recipe file or shipped name.")
  private String recipe = "";

  @Mixin private RecipeOverrides overrides;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "Larger goes first, -100 to 100 (default: 0).")
  private Optional<Integer> priority = Optional.empty();

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description =
          "Memory of each trainer: reserved in the queue, and a part of the limit of the run's"
              + " process (default: 512, or the estimate for the recipe if that is more).")
  private Optional<Integer> memoryMb = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "Submissions of the same key are one run, so that a script may submit again (default:"
              + " a new one each time).")
  private Optional<String> key = Optional.empty();

  @Option(names = "--watch", description = "Watch the run until it ends, as 'espalier watch' does.")
  private boolean watch;

  @Mixin private ServerOptions server;

  @Option(
      names = "--json",
      description = "Print the run as JSON; with --watch, its events after it, one a line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PackagedRecipe sent = PackagedRecipe.of(recipe, overrides.values());
    sent.read().ifPresent(read -> RecipeOverrides.notice(read, spec.commandLine().getErr()));
    ServiceClient client = server.client();
    Response<RunStatus> answer = submit(client, sent);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(watch ? JsonOutput.line(answer.json()) : JsonOutput.text(answer.json()));
    } else {
      out.println(watch ? "run       " + answer.value().run() : answer.value().run());
    }
    out.flush();
    if (watch) {
      return RunWatcher.on(spec, client, answer.value(), json);
    }
    tellNext(answer.value());
    return ExitCode.OK;
  }

  private Response<RunStatus> submit(ServiceClient client, PackagedRecipe sent)
      throws InterruptedException {
    try {
      return client.submit(
          new SubmissionRequest(
              sent.recipe(),
              sent.origin(),
              sent.overrides(),
              optional(priority),
              optional(memoryMb),
              key.orElseGet(() -> UUID.randomUUID().toString())));
    } catch (BrokenRulesException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    } catch (InvalidConfigException e) {
      throw PackagedRecipe.located(e, recipe, overrides.values());
    }
  }

  private void tellNext(RunStatus run) {
    String note = RunTexts.note(run).map(text -> "; " + text).orElse("");
    spec.commandLine()
        .getErr()
        .println(
            ProgramName.inHints("%s%s; watch it with 'espalier watch %s'")
                .formatted(RunTexts.spelling(run.state()), note, run.run()));
  }

  private static OptionalInt optional(Optional<Integer> number) {
    return number.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }
}
