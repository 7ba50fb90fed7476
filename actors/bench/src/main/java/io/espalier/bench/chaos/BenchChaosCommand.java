package io.espalier.bench.chaos;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.ChildProcesses;
import io.espalier.bench.harness.CleanupStack;
import io.espalier.bench.harness.ResultOutput;
import io.espalier.cli.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code espalier bench chaos}: whether killed runs end in the same bits and events. */
@Command(
    name = "chaos",
    description = {
      "Kill training processes (SIGKILL) at random moments, resume them, and compare what they"
          + " leave with what an uninterrupted run leaves: hard, soft and annealed masks,"
          + " LeNet-300-100 and a ResNet-8 with batch norms, SGD and Adam, two trainers, bundled"
          + " digits.",
      "",
      "The same must be: model and masks byte for byte, the summary without times, and the events"
          + " that hold in the end; sequences must be without gaps, and Kafka hold every event,"
          + " though its broker is killed with the runs. Every difference is told, and the"
          + " directories of all runs are kept beside the results then.",
      "",
      "The seed decides the recipes and at which share of a run's time kills fall; the very moments"
          + " do not repeat. 60 kills take 8 to 12 minutes on two cores. Linux only."
    })
public final class BenchChaosCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Kills that hit, dealt in turn over the 12 combinations (default: ${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of recipes and kills (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Override a key of every recipe, such as -D train.epochs=50.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--json", description = "Print the rows as JSON, and progress to stderr.")
  private boolean json;

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/chaos).")
  private Path out = Path.of("bench", "chaos");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (kills < 1) {
      throw new ParameterException(spec.commandLine(), "--kills must be 1 or more: kills=" + kills);
    }
    ResultOutput output = new ResultOutput(spec, json, out);
    try (CleanupStack cleanup = CleanupStack.start()) {
      BenchDirectory scratch = BenchDirectory.in(out);
      cleanup.add(scratch::remove);
      ChildProcesses children =
          new ChildProcesses(spec.root().userObject().getClass().getName(), scratch);
      cleanup.add(children::stop);
      ChaosReport report = new ChaosReport(output, scratch.root());
      output.say("%,d kills, seed %d, in %s", kills, seed, scratch.root());
      List<ChaosRow> rows = rows(children, scratch, report, cleanup);
      report.finish(rows, seed);
      if (rows.stream().allMatch(row -> row.all(ComparedRun::isSame))) {
        return ExitCode.OK;
      }
      scratch.keep();
      output.say("all runs are kept in %s", scratch.root());
      return ExitCode.SOFTWARE;
    }
  }

  /** What cannot even be compared is evidence too. */
  private List<ChaosRow> rows(
      ChildProcesses children, BenchDirectory scratch, ChaosReport report, CleanupStack cleanup)
      throws IOException, InterruptedException {
    try {
      return delivered(killed(children, scratch, report), scratch, report, cleanup);
    } catch (CommandRefusedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      scratch.keep();
      throw new IOException(
          "what killed runs left must be readable: seed=%d, runs are kept in %s, cause=%s"
              .formatted(seed, scratch.root(), e),
          e);
    }
  }

  private List<ChaosRow> killed(ChildProcesses children, BenchDirectory scratch, ChaosReport report)
      throws IOException, InterruptedException {
    List<Combination> combinations = Combination.all();
    List<ChaosRow> rows = new ArrayList<>();
    for (int i = 0; i < combinations.size(); i++) {
      int share = KillDraws.dealt(kills, combinations.size(), i);
      if (share > 0) {
        Campaign campaign = Campaign.of(combinations.get(i), seed, overrides, children, scratch);
        ChaosRow row = campaign.run(share, new KillDraws(seed, i));
        report.compared(row);
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<ChaosRow> delivered(
      List<ChaosRow> rows, BenchDirectory scratch, ChaosReport report, CleanupStack cleanup)
      throws IOException {
    BrokerContents projection = BrokerContents.open(scratch);
    cleanup.add(projection::close);
    List<ChaosRow> checked = new ArrayList<>();
    for (ChaosRow row : rows) {
      List<ComparedRun> runs = new ArrayList<>();
      for (ComparedRun run : row.runs()) {
        runs.add(run.with(projection.of(run.name())));
        report.delivered(row, runs.get(runs.size() - 1));
      }
      checked.add(new ChaosRow(row.combination(), row.wholeSeconds(), runs));
    }
    return checked;
  }
}
