package io.espalier.bench.recipes;

import io.espalier.bench.harness.ResultStore;
import io.espalier.cli.console.DownloadProgress;
import io.espalier.cli.console.EspalierHome;
import io.espalier.configs.file.AtomicFile;
import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code espalier bench recipes}: what each way of pruning costs in accuracy. */
@Command(
    name = "recipes",
    description = {
      "Compare the shipped recipes on Fashion-MNIST: LeNet-300-100, one trainer, several seeds.",
      "",
      "Each finished run is kept in DIR/results.jsonl and not run again: a bench that was stopped"
          + " goes on where it was. The table is DIR/table.md."
    })
public final class BenchRecipesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--seeds", defaultValue = "3", description = "Runs per line (default: 3).")
  private int seeds;

  @Option(names = "--epochs", description = "Length of each run (default: as in the recipes).")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--sparsity",
      split = ",",
      defaultValue = "0.9,0.95,0.98",
      description = "Shares to prune (default: 0.9,0.95,0.98).")
  private List<Double> sparsities = new ArrayList<>();

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROW",
      converter = RowConverter.class,
      defaultValue = "dense,small-dense,random,set,rigl,one-shot,gradual,taylor,soft,annealed",
      description = "Lines of the table (default: all: ${DEFAULT-VALUE}).")
  private List<RecipeRow> rows = new ArrayList<>();

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Override a key of every recipe, such as -D train.learning-rate.initial=0.1.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--out", paramLabel = "DIR", description = "Results (default: bench/recipes).")
  private Path out = Path.of("bench", "recipes");

  @Option(names = "--jobs", description = "Runs side by side (default: one per processor).")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seeds < 1 || jobs < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--seeds and --jobs must be 1 or more: seeds=%d, jobs=%d".formatted(seeds, jobs));
    }
    DataHome home =
        DataHome.of(EspalierHome.path())
            .reportingTo(new DownloadProgress(spec.commandLine().getErr(), System::nanoTime));
    List<Trial> trials =
        Trials.of(
            rows.stream().distinct().toList(),
            sparsities.stream().distinct().toList(),
            seeds,
            epochs,
            overrides,
            home);
    try (ResultStore<TrialResult> store = ResultStore.open(out, TrialResult.class)) {
      PrintWriter console = spec.commandLine().getOut();
      BenchProgress progress = new BenchProgress(console, trials.size(), System::nanoTime);
      int failed = new TrialPool(store, progress, jobs, home).run(trials);
      writeTable(console, trials, store.results());
      return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private void writeTable(PrintWriter console, List<Trial> trials, Map<String, TrialResult> results)
      throws IOException {
    Map<String, TrialResult> wanted = new LinkedHashMap<>();
    for (Trial trial : trials) {
      if (results.containsKey(trial.key())) {
        wanted.put(trial.key(), Objects.requireNonNull(results.get(trial.key())));
      }
    }
    String table = ResultTable.of(wanted.values());
    AtomicFile.write(
        out.resolve("table.md"), stream -> stream.write(table.getBytes(StandardCharsets.UTF_8)));
    console.println();
    console.print(table);
    console.println("\n" + out.resolve("table.md"));
  }

  /** Reads a row by its label. */
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
