package io.espalier.bench.chaos;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "chaos",
    description = {
      "Kills training processes (SIGKILL) at random moments, resumes them, and compares their"
          + " files with those of an uninterrupted run: hard, soft and annealed masks,"
          + " LeNet-300-100 and a ResNet-8 with batch norms, SGD and Adam, two trainers, bundled"
          + " digits.",
      "",
      "The same must be: model and masks byte for byte, the summary without times, and the events"
          + " that hold in the end; sequences must be without gaps, and Kafka hold every event,"
          + " though its broker is killed with the runs. Every difference is printed, and the"
          + " directories of all runs are kept beside the results then.",
      "",
      "The seed decides the recipes and at which share of a run's time kills fall; the very moments"
          + " do not repeat. 60 kills take 8 to 12 minutes on two cores. Linux only."
    })
public final class BenchChaosCommand implements Callable<Integer> {
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

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(kills > 0, "--kills must be 1 or more: kills=%d", kills);
    try (BenchDirectory scratch = BenchDirectory.in(output.directory())) {
      ChaosReport report = new ChaosReport(output, scratch.root());
      output.say("%,d kills, seed %d, in %s", kills, seed, scratch.root());
      List<ChaosRow> rows = rows(scratch, report);
      report.finish(rows, seed);
      if (rows.stream().allMatch(row -> row.all(ChaosRow.ComparedRun::isSame))) {
        return ExitCode.OK;
      }
      scratch.keep();
      output.say("all runs are kept in %s", scratch.root());
      return ExitCode.SOFTWARE;
    }
  }

  private List<ChaosRow> rows(BenchDirectory scratch, ChaosReport report)
      throws IOException, InterruptedException {
    try {
      return delivered(killed(scratch, report), scratch, report);
    } catch (CommandRefusedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      scratch.keep();
      throw new IOException(
          "the files of killed runs must be readable: seed=%d, runs are kept in %s, cause=%s"
              .formatted(seed, scratch.root(), e),
          e);
    }
  }

  private List<ChaosRow> killed(BenchDirectory scratch, ChaosReport report)
      throws IOException, InterruptedException {
    List<ChaosCase> combinations = ChaosCase.all();
    List<ChaosRow> rows = new ArrayList<>();
    for (int i = 0; i < combinations.size(); i++) {
      int share = KillDraws.dealt(kills, combinations.size(), i);
      if (share > 0) {
        Campaign campaign = Campaign.of(combinations.get(i), seed, overrides.values(), scratch);
        ChaosRow row = campaign.run(share, new KillDraws(seed, i));
        report.compared(row);
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<ChaosRow> delivered(
      List<ChaosRow> rows, BenchDirectory scratch, ChaosReport report) throws IOException {
    List<ChaosRow> checked = new ArrayList<>();
    try (DeliveryCheck.BrokerContents contents = DeliveryCheck.BrokerContents.open(scratch)) {
      for (ChaosRow row : rows) {
        List<ChaosRow.ComparedRun> runs = new ArrayList<>();
        for (ChaosRow.ComparedRun run : row.runs()) {
          runs.add(run.with(contents.of(run.name())));
          report.delivered(row, runs.get(runs.size() - 1));
        }
        checked.add(new ChaosRow(row.combination(), row.wholeSeconds(), runs));
      }
    }
    return checked;
  }
}
