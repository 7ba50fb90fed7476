package io.espalier.bench.accuracy;

import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.bench.harness.SeedOption;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "recipes",
    description = {
      "Compares the shipped recipes on Fashion-MNIST: LeNet-300-100, one trainer, several seeds.",
      "With --initial and --networks each recipe is run with each of them.",
      "",
      "Each finished run is kept in DIR/results.jsonl and not run again: a bench that was stopped"
          + " goes on where it was. The table is DIR/table.md."
    })
final class BenchRecipesCommand implements Callable<Integer> {
  @Mixin private SeedOption seeds = new SeedOption(3);

  @Option(names = "--epochs", description = "Length of each run (default: as in the recipes).")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--sparsity",
      split = ",",
      defaultValue = "0.9,0.95,0.98",
      description = "Shares to prune (default: 0.9,0.95,0.98); 0 trains dense.")
  private List<Double> sparsities = new ArrayList<>();

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROW",
      converter = RowConverter.class,
      defaultValue = "dense,small-dense,random,set,rigl,one-shot,gradual,taylor,soft,annealed",
      description =
          "Lines of the table: small-dense and shipped recipes (default:" + " ${DEFAULT-VALUE}).")
  private List<RecipeRow> rows = new ArrayList<>();

  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "MODEL",
      description = "Values of model.kind, such as lenet-5 (default: as in the recipes).")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--initial",
      split = ",",
      paramLabel = "INITIAL",
      description = "Values of model.initial, such as he,orthogonal (default: as in the recipes).")
  private List<String> initials = new ArrayList<>();

  @Mixin private RecipeOverrides overrides;

  @Option(names = "--jobs", description = "Runs side by side (default: one per processor).")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(jobs > 0, "--jobs must be 1 or more: jobs=%d", jobs);
    DataHome home = output.data();
    List<Trial> trials =
        new Trials(overrides.values(), epochs, home)
            .of(
                new Trials.Grid(
                    rows.stream().distinct().toList(),
                    networks.stream().distinct().toList(),
                    initials.stream().distinct().toList(),
                    sparsities.stream().distinct().toList(),
                    seeds.values()));
    try (ResultStore<TrialResult> store = ResultStore.open(output.directory(), TrialResult.class)) {
      TrialPool.Progress progress =
          new TrialPool.Progress(output.console(), trials.size(), System::nanoTime);
      int failed = new TrialPool(store, progress, jobs, home).run(trials);
      List<TrialResult> results =
          trials.stream().flatMap(trial -> store.find(trial.key()).stream()).toList();
      output.finish(ResultTable.of(results), results);
      return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  static final class RowConverter implements ITypeConverter<RecipeRow> {
    @Override
    public RecipeRow convert(String label) {
      try {
        return RecipeRow.of(label);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
