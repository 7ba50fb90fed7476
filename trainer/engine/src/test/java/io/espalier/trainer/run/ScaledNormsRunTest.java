package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.network.NetworkGroups.ScaledNorm;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Committed;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Norms behind layers that lose channels, in runs whose steps are too small to change them. */
class ScaledNormsRunTest {
  @TempDir private Path home;

  private PreparedRun prepared(String... more) {
    List<String> overrides =
        List.of(
            "data.kind=digits",
            "data.batch-size=32",
            "data.validation=10%",
            "model.kind=resnet-8",
            "model.width=6",
            "train.epochs=3",
            "train.trainers=2",
            "train.sync-every=4",
            "train.optimizer.weight-decay=0",
            "train.learning-rate.initial=1e-12",
            "prune.granularity.round-to=1",
            "prune.granularity.settle=8",
            "prune.schedule.updates=6");
    return PreparedRun.of(
        new RecipeLoader()
            .load(
                "resnet-20-channels",
                Stream.concat(overrides.stream(), List.of(more).stream()).toList())
            .config(),
        DataHome.of(home));
  }

  private static float[] values(Committed committed, ParameterId id) {
    List<StateLayout.Entry> entries = committed.run().stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).id().equals(id)) {
        return committed.state().values(i, 0);
      }
    }
    throw new AssertionError(id);
  }

  @ParameterizedTest
  @CsvSource({"hard, live", "soft, live", "hard, end", "soft, never"})
  void run_scalingByShare_leavesEachNormAtTheShareThatItsLayerReads(String mask, String cut) {
    PreparedRun run =
        prepared(
            "prune.granularity.norm-scaling=share",
            "prune.mask=" + mask,
            "prune.granularity.cut=" + cut);

    Committed end = TrainingLoop.run(run, LoopListener.NONE).committed();

    List<ScaledNorm> norms = ScaledNorm.of(run.network());
    assertThat(norms).hasSize(9);
    List<Mask> kept = end.masks().channels().orElseThrow().kept();
    int narrowed = 0;
    for (ScaledNorm norm : norms) {
      Mask read = run.groups().cut(kept).layout().surviving(norm.reader(), 1);
      float share = (float) read.kept() / read.size();
      narrowed += share < 1 ? 1 : 0;
      for (float scale : values(end, norm.scale())) {
        assertThat(scale).isCloseTo(share, within(1e-5f));
      }
    }
    assertThat(narrowed).isGreaterThan(4);
  }

  @ParameterizedTest
  @CsvSource({"none", "importance"})
  void run_scalingByImportance_scalesByLessThanOne_withoutByNothing(String scaling) {
    PreparedRun run = prepared("prune.granularity.norm-scaling=" + scaling);

    Committed end = TrainingLoop.run(run, LoopListener.NONE).committed();

    for (ScaledNorm norm : ScaledNorm.of(run.network())) {
      Mask read =
          run.groups()
              .cut(end.masks().channels().orElseThrow().kept())
              .layout()
              .surviving(norm.reader(), 1);
      float share = (float) read.kept() / read.size();
      for (float scale : values(end, norm.scale())) {
        if (scaling.equals("none") || share == 1) {
          assertThat(scale).isEqualTo(1);
        } else {
          assertThat(scale).isStrictlyBetween(share, 1f);
        }
      }
    }
  }
}
