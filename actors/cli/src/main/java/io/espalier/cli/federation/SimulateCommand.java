package io.espalier.cli.federation;

import io.espalier.cli.console.Counted;
import io.espalier.cli.console.KafkaOptions;
import io.espalier.cli.console.RunOptions;
import io.espalier.cli.console.WrappedLine;
import io.espalier.configs.RoundsConfig;
import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.file.ShellWord;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.console.CommandHome;
import io.espalier.console.Interrupts;
import io.espalier.console.ProgramName;
import io.espalier.federation.server.DeviceTier;
import io.espalier.federation.server.FederationSession;
import io.espalier.federation.simulation.Population;
import io.espalier.federation.simulation.Simulation;
import io.espalier.federation.simulation.SimulationFiles;
import io.espalier.federation.simulation.SimulationPlan;
import io.espalier.federation.simulation.VirtualClient;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "simulate",
    description = {
      "Simulates a federation with clients that take turns in this process, in virtual time.",
      "",
      "Rounds, merging and files are those of 'espalier federate'; the result is a function of"
          + " recipe and options.",
      "Each round is a line: its kind, results of those invited, late ones, loss, accuracy,"
          + " density, bytes up and down with their share of what dense models cost, virtual time,"
          + " and rounds per minute of real time.",
      "RECIPE is a file, or the name of a shipped recipe such as fed-digits (see 'espalier"
          + " recipes').",
      "Ctrl-C ends after the current round, with a checkpoint; a second one aborts."
    },
    sortOptions = false)
final class SimulateCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Mixin private RunOptions options;
  @Mixin private PopulationOptions population;
  @Mixin private KafkaOptions kafka;

  private record Prepared(PreparedFederation federation, Population clients) {}

  @Override
  public Integer call() throws IOException {
    if (options.resumed().isPresent() && population.areGiven()) {
      throw population.refused(
          "--resume takes recipe, clients and place from its directory: leave all other options but"
              + " --kafka away");
    }
    options.check("");
    Optional<SimulationPlan> plan =
        options.resumed().isPresent() ? Optional.empty() : Optional.of(population.plan());
    return options.run(
        config -> {
          PreparedFederation federation = PreparedFederation.of(config, dataHome());
          return new Prepared(federation, populate(federation, plan.orElseThrow()));
        },
        config -> {
          SimulationFiles files = SimulationFiles.open(options.resumed().orElseThrow());
          PreparedFederation federation = PreparedFederation.toResume(config, dataHome());
          return new Prepared(federation, Population.of(federation, files.plan(), files.folder()));
        },
        (prepared, resolved, directory) ->
            simulate(
                prepared,
                plan.isPresent()
                    ? SimulationFiles.create(directory.path(), plan.get())
                    : SimulationFiles.open(directory.path()),
                resolved,
                directory));
  }

  private Population populate(PreparedFederation federation, SimulationPlan plan)
      throws IOException {
    if (plan.clients() < federation.rounds().fewest()) {
      throw population.refused(
          "there must be as many clients as a round needs: clients=%d, quorum=%d; raise --clients, or lower federation.cohort"
              .formatted(plan.clients(), federation.rounds().fewest()));
    }
    try {
      return Population.of(federation, plan, Path.of(""));
    } catch (BrokenRulesException e) {
      throw population.refused(String.valueOf(e.getMessage()));
    }
  }

  private DataHome dataHome() {
    return CommandHome.data(CommandHome.create(), spec.commandLine().getErr());
  }

  private int simulate(
      Prepared prepared, SimulationFiles files, ResolvedRecipe resolved, RunDirectory directory)
      throws IOException {
    PreparedFederation federation = prepared.federation();
    Population clients = prepared.clients();
    PrintWriter console = spec.commandLine().getOut();
    Summary.describe(console, federation, clients, directory.path());
    RoundLines lines =
        new RoundLines(
            console,
            Boolean.getBoolean("espalier.terminal"),
            federation.rounds().rounds(),
            System::nanoTime);
    AtomicBoolean stop = new AtomicBoolean();
    RunSession.Request request =
        new RunSession.Request(
            federation.values(),
            resolved.text(),
            directory,
            EspalierHome.path(),
            kafka.access(),
            lines,
            place -> lines.println("events    " + place),
            this::warn);
    Interrupts interrupts = Interrupts.onFirst(signal -> stop.set(true));
    try (FederationSession session = FederationSession.start(federation, request)) {
      lines.begins(1 - session.course().model().masks().masks().sparsity());
      RunResult result =
          Simulation.of(federation, clients, files, session).run(stop::get, lines::played);
      return report(result, session, directory);
    } finally {
      interrupts.restore();
    }
  }

  private void warn(String warning) {
    spec.commandLine().getErr().println("warning: " + warning);
  }

  private int report(RunResult result, FederationSession session, RunDirectory directory)
      throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    PrintWriter errors = spec.commandLine().getErr();
    if (result instanceof RunResult.Finished finished) {
      Summary.result(console, finished.run());
      session
          .recorder()
          .brokerAddress()
          .filter(address -> finished.leftToShip().isEmpty())
          .ifPresent(address -> console.println("events    all shipped to Kafka at " + address));
      finished.leftToShip().ifPresent(this::warn);
      console.println("report    " + directory.report());
      return ExitCode.OK;
    }
    if (result instanceof RunResult.Paused stopped) {
      console.println("paused after round " + stopped.step() + " with a checkpoint; go on with:");
      console.println(
          ProgramName.inHints("  espalier simulate --resume ") + ShellWord.of(directory.path()));
      return INTERRUPTED;
    }
    if (result instanceof RunResult.Fenced fenced) {
      errors.println(
          fenced.message(directory.path(), ProgramName.inHints("espalier simulate --resume")));
      errors.flush();
      return ExitCode.SOFTWARE;
    }
    RunResult.Failed failed = (RunResult.Failed) result;
    errors.println("run failed after round " + failed.step() + ": " + failed.cause());
    errors.println("once its cause is mended, go on from the newest checkpoint with:");
    errors.println(
        ProgramName.inHints("  espalier simulate --resume ") + ShellWord.of(directory.path()));
    return ExitCode.SOFTWARE;
  }

  static final class Summary {
    private Summary() {}

    static void describe(
        PrintWriter out, PreparedFederation federation, Population population, Path directory) {
      IntSummaryStatistics examples =
          population.clients().stream().mapToInt(VirtualClient::examples).summaryStatistics();
      RoundsConfig rounds = federation.rounds();
      WrappedLine.print(out, "run       %s (every setting is in its recipe.conf)", directory);
      WrappedLine.print(
          out,
          "data      %s: %,d training examples with clients, %,d with the server, %,d test"
              + " examples",
          federation.run().dataset().name(),
          examples.getSum(),
          rounds.server().examples(),
          federation.run().dataset().test().count());
      out.printf(
          Locale.ROOT,
          "network   %s: %,d prunable weights%n",
          federation.run().config().model().architecture().kind(),
          federation.run().plan().prunable());
      WrappedLine.print(
          out,
          "clients   %,d with %,d to %,d examples each; density cap: %s",
          population.clients().size(),
          examples.getMin(),
          examples.getMax(),
          population.tiers().entrySet().stream()
              .map(tier -> held(tier.getKey()) + " of " + tier.getValue())
              .collect(Collectors.joining(", ")));
      WrappedLine.print(
          out,
          "plan      %s of %s, %s",
          Counted.of(rounds.rounds(), "round"),
          Counted.of(rounds.cohort().size(), "client"),
          Counted.of(rounds.client().localEpochs(), "local epoch"));
      out.flush();
    }

    private static String held(DeviceTier tier) {
      return tier.width() < 1
          ? "%s in width %s".formatted(tier.cap(), tier.width())
          : "" + tier.cap();
    }

    static void result(PrintWriter out, FinishedRun run) {
      MaskSet masks = run.committed().masks().masks();
      WrappedLine.print(
          out,
          "result    %s on the test set at %.2f%% sparsity (%,d of %,d weights kept)",
          run.committed().run().dataset().metric().text(run.test().accuracy(), run.test().loss()),
          100 * masks.sparsity(),
          masks.kept(),
          masks.total());
    }
  }
}
