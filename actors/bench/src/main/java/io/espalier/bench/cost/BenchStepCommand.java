package io.espalier.bench.cost;

import io.espalier.bench.harness.BenchOutput;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.file.EspalierHome;
import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "step",
    description = {
      "Measures steps under each mask kind against dense ones, two trainers against two independent"
          + " loops, and mask updates against training; Fashion-MNIST, batches of 128, 90 %%"
          + " pruned.",
      "",
      "Every figure is a ratio within this run: contenders take turns, and the median of the rounds"
          + " stands with its quartiles. Leave the machine alone meanwhile. The table is"
          + " DIR/table.md, the same figures DIR/results.json."
    })
final class BenchStepCommand implements Callable<Integer> {
  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "lenet-300-100,lenet-5,resnet-20",
      description = "Networks to measure, as recipes name them (default: ${DEFAULT-VALUE}).")
  private List<String> networks = new ArrayList<>();

  @Mixin private RoundOption roundOption = new RoundOption(15);

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "Length of a run of two trainers (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int rounds = roundOption.count();
    output.require(seconds > 0, "--seconds must be above 0: seconds=%s", seconds);
    output.directory();
    for (String network : networks) {
      BenchRecipe recipe =
          new BenchRecipe(network, overrides.values(), DataHome.of(EspalierHome.path()));
      output.say("%s: steps …", network);
      output.add(MaskCost.measure(recipe, rounds));
      output.say("%s: mask updates …", network);
      output.add(UpdateCost.measure(recipe, rounds));
      output.say("%s: two trainers …", network);
      int syncEvery = network.equals("lenet-300-100") ? 64 : 16;
      output.add(TrainerScaling.measure(recipe, syncEvery, seconds, (rounds + 2) / 3));
    }
    output.finish();
    return ExitCode.OK;
  }
}
