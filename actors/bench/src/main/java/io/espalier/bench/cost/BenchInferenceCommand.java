package io.espalier.bench.cost;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.cli.console.RecipeOverrides;
import io.espalier.configs.file.EspalierHome;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.replica.Inference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "inference",
    description = {
      "Measures logits of sparse files by kept weights against the dense network on the engine and"
          + " in ONNX Runtime; Fashion-MNIST, weights pruned by magnitude over the whole network.",
      "",
      "Every figure is a ratio within this run: contenders take turns in one thread, timed in its"
          + " processor time, and the median of the rounds stands with its quartiles. Kept weights"
          + " and engine normalise their inputs, ONNX Runtime gets them normalised. A bench that"
          + " was stopped goes on where it was. The table is DIR/table.md, the same figures"
          + " DIR/results.json."
    })
final class BenchInferenceCommand implements Callable<Integer> {
  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "lenet-300-100,lenet-5,resnet-20",
      description = "Kinds of networks to measure (default: ${DEFAULT-VALUE}).")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--sparsities",
      split = ",",
      paramLabel = "SHARE",
      defaultValue = "90%,95%,98%",
      description = "Shares of pruned weights (default: ${DEFAULT-VALUE}).")
  private List<String> sparsities = new ArrayList<>();

  @Option(
      names = "--batches",
      split = ",",
      paramLabel = "EXAMPLES",
      defaultValue = "1,128",
      description = "Examples at a time (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches = new ArrayList<>();

  @Mixin private RoundOption roundOption = new RoundOption(15);

  @Mixin private RecipeOverrides overrides;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException {
    int rounds = roundOption.count();
    output.require(
        batches.stream().allMatch(batch -> batch >= 1 && batch <= Inference.BATCH),
        "--batches must be from 1 to %d: batches=%s",
        Inference.BATCH,
        batches);
    Path directory = output.directory();
    List<InferenceResult> results = new ArrayList<>();
    try (ResultStore<InferenceResult> store = ResultStore.open(directory, InferenceResult.class)) {
      for (String network : networks) {
        for (String sparsity : sparsities) {
          measure(network, sparsity, rounds, directory, store);
          batches.forEach(
              batch ->
                  results.add(store.find(key(network, sparsity, batch, rounds)).orElseThrow()));
        }
      }
    }
    output.finish(InferenceResult.table(results), results);
    return ExitCode.OK;
  }

  private void measure(
      String network,
      String sparsity,
      int rounds,
      Path directory,
      ResultStore<InferenceResult> store)
      throws IOException {
    List<Integer> missing =
        batches.stream()
            .filter(batch -> store.find(key(network, sparsity, batch, rounds)).isEmpty())
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    try (BenchDirectory scratch = BenchDirectory.in(directory)) {
      BenchRecipe recipe =
          new BenchRecipe(
              "{ kind = %s, initial = he }".formatted(network),
              overrides.values(),
              DataHome.of(EspalierHome.path()));
      InferenceCost cost = new InferenceCost(network, sparsity, recipe, scratch.root());
      for (int batch : missing) {
        output.say("%s, %s, batch %d …", network, sparsity, batch);
        double goal =
            network.equals("lenet-300-100") && sparsity.equals("95%") && batch == 1 ? 2 : 0;
        store.append(cost.measure(key(network, sparsity, batch, rounds), batch, rounds, goal));
      }
    }
  }

  private String key(String network, String sparsity, int batch, int rounds) {
    return "%s, %s, batch %d, %d rounds, %s"
        .formatted(network, sparsity, batch, rounds, overrides.values());
  }
}
