package io.espalier.bench.scores;

import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.bench.harness.SeedOption;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "scores",
    description = {
      "Compares scores: a network trained by a recipe, on Fashion-MNIST unless another is given, is"
          + " pruned at once by each of them, with and without a refit, and fine-tuned or not."
          + " Random is among them. Of a recipe for text the table has bits per character.",
      "",
      "Combinations that a rule refuses are left out, unless nothing is left of a name. Each"
          + " finished trial is kept in DIR/results.jsonl and not run again, trained networks in"
          + " DIR: a bench that was stopped goes on where it was. The table is DIR/table.md."
    })
public final class BenchScoresCommand implements Callable<Integer> {
  /** Commas, but not those of a block. */
  private static final String OUTSIDE_BRACES = ",(?![^{]*\\})";

  @Mixin private SeedOption seeds = new SeedOption(3);

  @Option(
      names = "--recipe",
      paramLabel = "RECIPE",
      defaultValue = "dense",
      description =
          "The dense recipe that trains the networks, such as char-lm-dense with"
              + " --networks=char-lm (default: ${DEFAULT-VALUE}).")
  private String recipe = "";

  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "lenet-300-100,resnet-20",
      description = "Networks, as recipes name them (default: ${DEFAULT-VALUE}).")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--scores",
      split = OUTSIDE_BRACES,
      splitSynopsisLabel = ",",
      paramLabel = "SCORE",
      description =
          "Values of prune.score, as magnitude or {kind=fluctuation,standardise=true} (default: all"
              + " built-in ones).")
  private List<String> scores = new ArrayList<>();

  @Option(
      names = "--rankings",
      split = ",",
      paramLabel = "RANKING",
      defaultValue = "uniform,global",
      description =
          "What is compared with what: all weights (global), those of a parameter (uniform), of a"
              + " row (per-row); all channels (channels), those of a group (channels-uniform), fewer"
              + " with depth (channels-rising) or where a block turns its residual less"
              + " (channels-cfsp), each for a share of the parameters (default: ${DEFAULT-VALUE}).")
  private List<String> rankings = new ArrayList<>();

  @Option(
      names = "--refits",
      split = ",",
      paramLabel = "REFIT",
      defaultValue = "none,least-squares",
      description = "Values of prune.refit (default: ${DEFAULT-VALUE}).")
  private List<String> refits = new ArrayList<>();

  @Option(
      names = "--cells",
      split = OUTSIDE_BRACES,
      splitSynopsisLabel = ",",
      paramLabel = "SCORE/RANKING/REFIT",
      description =
          "These combinations, such as magnitude/uniform/none, instead of all of --scores, --rankings"
              + " and --refits. A cell that a rule refuses is an error.")
  private List<String> cells = new ArrayList<>();

  @Option(
      names = "--sparsity",
      split = ",",
      defaultValue = "0.5,0.8,0.9,0.95",
      description = "Shares to prune (default: ${DEFAULT-VALUE}).")
  private List<Double> sparsities = new ArrayList<>();

  @Option(
      names = "--epochs",
      split = ",",
      defaultValue = "0",
      description = "Epochs of fine-tuning; several make several tables (default: 0).")
  private List<Integer> epochs = new ArrayList<>();

  @Option(
      names = "--train-epochs",
      defaultValue = "10",
      description = "Epochs of the networks that are pruned (default: ${DEFAULT-VALUE}).")
  private int trainEpochs;

  @Option(
      names = "--test-examples",
      paramLabel = "N",
      description =
          "Test only the first N examples of the test set, where evaluations take most of the"
              + " time (default: all).")
  private Optional<Integer> testExamples = Optional.empty();

  @Option(
      names = "--norm-batches",
      paramLabel = "N",
      description =
          "Batches over which batch norms of pruned networks are computed anew, where that takes"
              + " most of the time (default: train.norm-batches of the recipe).")
  private Optional<Integer> normBatches = Optional.empty();

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException {
    output.require(
        trainEpochs > 0, "--train-epochs must be 1 or more: train-epochs=%d", trainEpochs);
    output.require(
        RankedUnit.names().containsAll(rankings),
        "--rankings must be of %s: rankings=%s",
        RankedUnit.names(),
        rankings);
    output.require(
        epochs.stream().allMatch(each -> each >= 0),
        "--epochs must be 0 or more: epochs=%s",
        epochs);
    output.require(
        testExamples.orElse(1) > 0,
        "--test-examples must be 1 or more: test-examples=%d",
        testExamples.orElse(1));
    output.require(
        normBatches.orElse(1) > 0,
        "--norm-batches must be 1 or more: norm-batches=%d",
        normBatches.orElse(1));
    ScoreTrial.Base base = new ScoreTrial.Base(recipe, overrides.values(), normBatches);
    List<ScoreTrial> trials =
        new ScoreGrid(
                networks,
                parsedCells(),
                scores,
                rankings,
                refits,
                sparsities,
                epochs,
                seeds.values())
            .trials(base);
    Path directory = output.directory();
    BenchData data = new BenchData(output.data(), testExamples);
    TrainedNetworks trained =
        new TrainedNetworks(directory, base, trainEpochs, data, each -> output.say("%s", each));
    try (ResultStore<ScoreResult> store = ResultStore.open(directory, ScoreResult.class)) {
      ScoreTrials bench =
          new ScoreTrials(
              base, trainEpochs, data, new ScoreRuns(base, data), trained, store, output);
      int failed = bench.run(trials);
      List<ScoreResult> results = bench.results(trials);
      output.finish(ScoreTable.of(results), results);
      return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private List<ScoreGrid.Cell> parsedCells() {
    try {
      return cells.stream().map(ScoreGrid.Cell::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException("--cells: " + e.getMessage());
    }
  }
}
