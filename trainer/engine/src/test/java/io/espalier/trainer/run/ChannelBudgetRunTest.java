package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.structure.Cost;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.latency.Profiler;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped recipes of channels, and their variants, on small networks. */
class ChannelBudgetRunTest {
  private static final List<String> SMALL =
      List.of(
          "data.kind=digits",
          "data.batch-size=32",
          "data.validation=0%",
          "train.epochs=3",
          "train.trainers=1",
          "train.sync-every=4",
          "prune.granularity.round-to=1",
          "prune.schedule.updates=6");

  @TempDir private Path home;

  private static List<String> overrides(String model, String more) {
    List<String> all = new ArrayList<>(SMALL);
    all.addAll(List.of(model.split("&", -1)));
    all.addAll(more.isEmpty() ? List.of() : List.of(more.split("&", -1)));
    return all;
  }

  private PreparedRun prepared(String recipe, String model, String more) {
    return PreparedRun.of(
        new RecipeLoader().load(recipe, overrides(model, more)).config(), DataHome.of(home));
  }

  @ParameterizedTest
  @CsvSource({
    "resnet-20-channels, model.kind=resnet-8&model.width=6, ''",
    "resnet-20-channels, model.kind=resnet-8&model.width=6, prune.score=random",
    "resnet-20-channels, model.kind=resnet-8&model.width=6, prune.allocation=uniform",
    "resnet-20-channels, model.kind=mobilenet&model.width=4, prune.granularity.round-to=2",
    "resnet-20-channels, model.kind=resnet-8&model.width=6, prune.granularity.budget=parameters",
    "lenet-5-channels, model=lenet-300-100, prune.allocation=knapsack",
    "lenet-5-channels, model=lenet-300-100, prune.allocation=er",
    "resnet-20-channels, model.kind=resnet-8&model.width=6, prune.allocation=erk",
    "resnet-20-channels, model.kind=mobilenet&model.width=4, prune.allocation=erk",
    "smcp, model.kind=resnet-8&model.width=6, prune.allocation=erk",
    "resnet-20-channels, model.kind=resnet-8&model.width=6, prune.allocation=lamp",
    "channel-taylor, model.kind=resnet-8&model.width=6, ''",
    "channel-taylor, model.kind=mobilenet&model.width=4, prune.allocation=er",
    "smcp, model.kind=resnet-8&model.width=6, ''",
    "smcp, model.kind=mobilenet&model.width=4, prune.mask.masked-decay=0",
  })
  void run_byAnyRecipe_keepsItsBudgetAtEachUpdate(String recipe, String model, String more) {
    // Given
    PreparedRun run = prepared(recipe, model, more);
    Cost cost = run.channels().orElseThrow().budget();
    boolean soft = run.config().prune().mask().traits().mayReturn();
    List<ChannelState> states = new ArrayList<>();

    // When
    FinishedRun finished =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void committed(SyncOutcome outcome, Traffic traffic) {
                ChannelState state = outcome.committed().masks().channels().orElseThrow();
                outcome
                    .pruning()
                    .ifPresent(
                        pruning ->
                            assertThat(cost.of(widths(state)))
                                .isLessThanOrEqualTo(
                                    cost.within(1 - pruning.planned().sparsity())));
                states.add(state);
              }
            });

    // Then
    for (int i = 1; i < states.size() && !soft; i++) {
      for (int g = 0; g < states.get(i).kept().size(); g++) {
        Mask before = states.get(i - 1).kept().get(g);
        assertThat(states.get(i).kept().get(g).andNot(before).kept()).isZero();
      }
    }
    long left = cost.of(widths(finished.committed().masks().channels().orElseThrow()));
    long allowed = cost.within(1 - run.config().prune().target().sparsity());
    assertThat(left).isBetween(allowed * 2 / 3, allowed);
    assertThat(finished.committed().run().network().macs()).isLessThan(run.network().macs());
  }

  private static List<Integer> widths(ChannelState state) {
    return state.kept().stream().map(Mask::kept).toList();
  }

  @Test
  void run_byLatency_isPreparedOnceTheMachineIsProfiled() throws IOException {
    // Given
    String model = "model.kind=resnet-8&model.width=4";
    String latency = "prune.granularity.budget=latency&data.batch-size=4&prune.sparsity=0";
    assertThatThrownBy(() -> prepared("resnet-20-channels", model, latency))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("prune.granularity.budget: must have a table of latencies");

    // When
    PreparedRun macs = prepared("resnet-20-channels", model, "data.batch-size=4");
    Profiler.Result result =
        Profiler.here(home)
            .profile(
                NetworkGroups.of(macs.network()),
                4,
                1,
                false,
                new Profiler.Listener() {
                  @Override
                  public void startsAnew(String reason) {
                    throw new AssertionError(reason);
                  }

                  @Override
                  public void measured(String layer, long nanoseconds, int done, int due) {
                    assertThat(nanoseconds).isPositive();
                  }
                });
    PreparedRun run = prepared("resnet-20-channels", model, latency);

    // Then
    assertThat(run.channels().orElseThrow().budget().dense())
        .isEqualTo(result.nanoseconds())
        .isPositive();
    assertThat(run.channels().orElseThrow().budget().dense())
        .isNotEqualTo(macs.channels().orElseThrow().budget().dense());
  }

  @Test
  void run_ofASparsityThatEmptiesLayers_isRefused() {
    assertThatThrownBy(
            () ->
                prepared(
                    "resnet-20-channels",
                    "model.kind=resnet-8&model.width=6",
                    "prune.sparsity=0.999&prune.granularity.max-ratio=50%"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("prune.sparsity: must not ask for layers without channels")
        .hasMessageContaining("max-ratio=0.5");
  }
}
