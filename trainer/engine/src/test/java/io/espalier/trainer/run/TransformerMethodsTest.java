package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods for language models on a small one, with two trainers. */
class TransformerMethodsTest {
  @TempDir private Path directory;

  private PreparedRun prepared(String prune) throws IOException {
    Path text = directory.resolve("text");
    if (!Files.exists(text)) {
      Files.writeString(text, "the quick brown fox jumps over the lazy dog. ".repeat(12));
    }
    String recipe =
        """
        name = "methods"
        data { kind = text, path = "%s", context = 8, batch-size = 8, validation = 10%% }
        model { kind = char-lm, layers = 3, features = 8, heads = 2, hidden = 12 }
        train {
          epochs = 2, trainers = 2, sync-every = 2, clip-norm = 1, optimizer = adam
          learning-rate { kind = cosine, initial = 0.02 }
        }
        prune { schedule { kind = one-shot, begin = 50%% } }
        prune { %s }
        """
            .formatted(text, prune);
    return SampleRuns.prepare(new RecipeLoader().parse("m.conf", recipe, List.of()).config());
  }

  private record Sync(SyncOutcome outcome, Traffic traffic) {}

  private static FinishedRun run(PreparedRun run, List<Sync> syncs) {
    return TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void committed(SyncOutcome outcome, Traffic traffic) {
            syncs.add(new Sync(outcome, traffic));
          }
        });
  }

  private static List<String> nodes(Network network) {
    return network.nodes().stream().map(GraphNode::name).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sparsity = 50%, score = wanda, allocation = uniform, selection = per-row",
        "sparsity = 50%, score = wanda-regional, allocation = uniform, selection = per-row",
        "sparsity = 50%, score = gblm, allocation = owl",
        "sparsity = 50%, score = wanda, allocation = dlp",
        "sparsity = 50%, score = magnitude, allocation = adapt-pruner",
        "sparsity = 50%, score = kfac, refit = kfac",
        "sparsity = 50%, score = obs, refit = sparsegpt, exclude = [\"tokens.*\"]",
        "sparsity = 50%, score = magnitude, refit = least-squares-branches",
        "sparsity = 20%, score = taylor, granularity = channel, refit = least-squares-branches",
        "sparsity = 20%, score = fluctuation, granularity = channel, refit = mean-folding",
        "sparsity = 20%, score = variance, granularity = channel, refit = mean-folding",
        "sparsity = 10%, score { kind = fluctuation, standardise = true }, granularity = head",
        "sparsity = 30%, score { kind = slimgpt, at-once = 2 }, allocation = rising,"
            + " refit = least-squares, exclude = [\"tokens.*\"]",
        "sparsity = 10%, score = slimgpt, granularity = head, refit = least-squares",
        "sparsity = 20%, score = taylor, granularity = channel, allocation = adapt-pruner,"
            + " schedule = null, schedule { kind = cubic, updates = 3 }",
        "sparsity = 20%, score = attention-maps, granularity = channel, allocation = cfsp,"
            + " exclude = [\"tokens.*\"]",
        "sparsity = 20%, granularity = sublayer, score = magnitude",
        "sparsity = 20%, granularity { kind = sublayer, budget = parameters }, score = taylor,"
            + " mask = soft",
        "sparsity = 20%, granularity = transformer-block, score = random",
        "sparsity = 20%, score = cosine-distance",
      })
  void resume_beforeTheUpdate_endsWithTheSameBits(String prune) throws IOException {
    PreparedRun run = prepared(prune);
    List<Sync> syncs = new ArrayList<>();
    FinishedRun finished = run(run, syncs);
    int update = 0;
    while (syncs.get(update).outcome().pruning().isEmpty()) {
      update++;
    }

    Sync before = syncs.get(update - 1);
    FinishedRun resumed =
        TrainingLoop.resume(run, before.outcome().committed(), before.traffic(), LoopListener.NONE);

    assertThat(resumed.committed().digest()).isEqualTo(finished.committed().digest());
    assertThat(resumed.test()).isEqualTo(finished.test());
    assertThat(finished.committed().masks().masks().kept())
        .isLessThan(finished.committed().masks().masks().total());
  }

  @Test
  void run_ofRegionalGradientsThatDoNotCount_hasTheMasksOfWanda() throws IOException {
    String rest = ", sparsity = 50%, allocation = uniform, selection = per-row";

    FinishedRun regional =
        run(prepared("score { kind = wanda-regional, alpha = 0 }" + rest), new ArrayList<>());
    FinishedRun counted = run(prepared("score = wanda-regional" + rest), new ArrayList<>());
    FinishedRun wanda = run(prepared("score = wanda" + rest), new ArrayList<>());

    assertThat(regional.committed().masks().masks()).isEqualTo(wanda.committed().masks().masks());
    assertThat(counted.committed().masks().masks()).isNotEqualTo(wanda.committed().masks().masks());
  }

  @Test
  void run_ofSublayers_cutsThemOnBothTrainers_andCountsThemAsPruned() throws IOException {
    PreparedRun run = prepared("sparsity = 40%, granularity { kind = sublayer, settle = 2 }");
    List<Sync> syncs = new ArrayList<>();

    FinishedRun finished = run(run, syncs);

    Network left = finished.committed().run().network();
    assertThat(left.macs()).isLessThanOrEqualTo(Math.round(.6 * run.network().macs()));
    assertThat(left.parameters().size()).isLessThan(run.network().parameters().size() - 5);
    assertThat(finished.committed().masks().masks().total()).isEqualTo(run.plan().prunable());
    assertThat(syncs.stream().filter(sync -> sync.outcome().cut().isPresent())).hasSize(1);
    assertThat(Network.parse(left.toJson()).values()).isEqualTo(left.values());
  }

  /** Windows of two blocks: the two that go are neighbours. */
  @Test
  void run_ofTwoConsecutiveBlocks_leavesOneAtAnEnd() throws IOException {
    PreparedRun run =
        prepared("sparsity = 55%, score { kind = angular-distance, consecutive = 2 }");

    FinishedRun finished = run(run, new ArrayList<>());

    List<String> left = nodes(finished.committed().run().network());
    assertThat(left).contains("embedding", "norm", "output").doesNotContain("block2.ffn.up");
    assertThat(left.stream().filter(name -> name.endsWith(".ffn.up"))).hasSize(1);
  }

  @Test
  void consecutive_moreThanTheUnits_isRefused() {
    assertThatThrownBy(
            () -> prepared("sparsity = 20%, score { kind = cosine-distance, consecutive = 4 }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "prune.score.consecutive: must be at most the 3 units of the network: consecutive=4,"
                + " granularity=transformer-block");
  }

  @Test
  void distances_ofChannels_areRefused() {
    assertThatThrownBy(
            () -> prepared("sparsity = 20%, granularity = channel, score = angular-distance"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("sublayer or transformer-block with prune.score = angular-distance");
  }

  @Test
  void layers_ofANetworkWithoutResiduals_areRefused() {
    String recipe =
        """
        name = "none", data = digits, model { kind = mlp, hidden = [8] }
        prune { sparsity = 20%, granularity = sublayer }
        """;
    assertThatThrownBy(
            () ->
                SampleRuns.prepare(new RecipeLoader().parse("m.conf", recipe, List.of()).config()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("prune.granularity: must not be sublayer where no residual goes");
  }
}
