package io.espalier.bench.step;

import io.espalier.bench.harness.FigureReport;
import io.espalier.cli.console.EspalierHome;
import io.espalier.trainer.data.source.DataHome;
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

/** {@code espalier bench step}: what masks, syncs and mask updates cost in time. */
@Command(
    name = "step",
    description = {
      "Measure steps under each mask kind against dense ones, two trainers against two independent"
          + " loops, and mask updates against training; Fashion-MNIST, batches of 128, 90 %% pruned.",
      "",
      "Every figure is a ratio within this run: contenders take turns, and the median of the rounds"
          + " stands with its quartiles. Leave the machine alone meanwhile. The table is"
          + " DIR/table.md, the same figures DIR/results.json."
    })
public final class BenchStepCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "lenet-300-100,lenet-5,resnet-20",
      description = "Networks to measure, as recipes name them (default: ${DEFAULT-VALUE}).")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--rounds",
      defaultValue = "15",
      description = "Rounds per figure (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "Length of a run of two trainers (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the recipe, such as -D data.batch-size=64.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--json", description = "Print the figures as JSON, and progress to stderr.")
  private boolean json;

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/step).")
  private Path out = Path.of("bench", "step");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1 || !(seconds > 0)) {
      throw new ParameterException(
          spec.commandLine(),
          "--rounds must be 1 or more, --seconds above 0: rounds=%d, seconds=%s"
              .formatted(rounds, seconds));
    }
    FigureReport report = new FigureReport(spec, json, out);
    for (String network : networks) {
      BenchRecipe recipe = new BenchRecipe(network, overrides, DataHome.of(EspalierHome.path()));
      report.say("%s: steps …", network);
      report.add(MaskCost.measure(recipe, rounds));
      report.say("%s: mask updates …", network);
      report.add(UpdateCost.measure(recipe, rounds));
      report.say("%s: two trainers …", network);
      int syncEvery = network.equals("lenet-300-100") ? 64 : 16;
      report.add(TrainerScaling.measure(recipe, syncEvery, seconds, (rounds + 2) / 3));
    }
    report.finish();
    return ExitCode.OK;
  }
}
