package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.Span;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.channel.ChannelState;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels leave the network while two trainers train it. */
class CutRunTest {
  static List<Arguments> runs() {
    return List.of(
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD),
        Arguments.of(SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.SOFT),
        Arguments.of(SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.ANNEALED),
        Arguments.of(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.SOFT),
        Arguments.of(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.ANNEALED),
        Arguments.of(SampleRuns.BRANCHES, SampleRuns.ADAMW, SampleRuns.HARD),
        Arguments.of(SampleRuns.MOBILENET, SampleRuns.NESTEROV, SampleRuns.HARD),
        Arguments.of(SampleRuns.GROUP_NORMS, SampleRuns.SGD, SampleRuns.HARD));
  }

  /** What a run went through. */
  private static final class Course implements LoopListener {
    private final List<SyncOutcome> syncs = new ArrayList<>();
    private final List<EvaluationRequest> evaluated = new ArrayList<>();

    @Override
    public void committed(SyncOutcome outcome, Traffic traffic) {
      syncs.add(outcome);
      evaluated.addAll(outcome.commit().evaluations());
    }

    List<SyncOutcome> cuts() {
      return syncs.stream().filter(sync -> sync.cut().isPresent()).toList();
    }

    List<String> digests() {
      return syncs.stream().map(sync -> sync.committed().digest()).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void run_cutLive_shrinksOnBothTrainersAtTheSameSyncs_sameBitsTwice(
      ModelConfig.Architecture model, OptimizerConfig optimizer, MaskConfig mask) {
    PreparedRun run = prepared(model, optimizer, mask, SampleRuns.live(5));
    Course once = new Course();
    Course again = new Course();

    FinishedRun finished = TrainingLoop.run(run, once);
    TrainingLoop.run(run, again);

    assertThat(again.digests()).isEqualTo(once.digests());
    assertThat(once.cuts().get(0).commit().step()).isLessThan(run.plan().totalSteps() / 2);
    long macs = run.network().macs();
    for (SyncOutcome sync : once.cuts()) {
      long smaller = sync.committed().run().network().macs();
      assertThat(smaller).isLessThan(macs);
      macs = smaller;
    }
    assertThat(macs).isLessThanOrEqualTo(run.network().macs() / 2);
    ChannelState channels = finished.committed().masks().channels().orElseThrow();
    assertThat(channels.present()).isEqualTo(channels.kept());
    assertThat(finished.committed().masks().masks().total()).isEqualTo(run.plan().prunable());
    assertThat(finished.traffic().sent()).isLessThan(finished.traffic().dense());
  }

  @Test
  void run_ofGroupNormsOnly_isNotRecalibrated() {
    Course course = new Course();
    PreparedRun run =
        prepared(SampleRuns.GROUP_NORMS, SampleRuns.SGD, SampleRuns.HARD, SampleRuns.live(5));

    FinishedRun finished = TrainingLoop.run(run, course);

    assertThat(course.syncs).noneMatch(sync -> sync.commit().next() == Commit.Next.RECALIBRATE);
    assertThat(finished.test().accuracy()).isGreaterThan(.6);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void run_cutAtTheEnd_endsWithTheNetworkThatItsMasksLeave(
      ModelConfig.Architecture model, OptimizerConfig optimizer, MaskConfig mask) {
    Course atEnd = new Course();
    Course never = new Course();

    FinishedRun cut =
        TrainingLoop.run(prepared(model, optimizer, mask, cutting(CuttingConfig.When.END)), atEnd);
    FinishedRun whole =
        TrainingLoop.run(
            prepared(model, optimizer, mask, cutting(CuttingConfig.When.NEVER)), never);

    long last = cut.committed().step();
    assertThat(atEnd.cuts())
        .singleElement()
        .satisfies(sync -> assertThat(sync.commit().step()).isEqualTo(last));
    assertThat(never.cuts()).isEmpty();
    assertThat(cut.committed().masks().channels().orElseThrow().kept())
        .isEqualTo(whole.committed().masks().channels().orElseThrow().kept());
    assertThat(cut.committed().run().network().macs())
        .isLessThan(whole.committed().run().network().macs());
    assertThat(cut.test().correct()).isEqualTo(whole.test().correct());
    assertThat(cut.test().loss()).isCloseTo(whole.test().loss(), within(1e-4));
  }

  @Test
  void run_softMasks_letChannelsReturnUntilTheyAreCut() {
    Course course = new Course();
    long settle = 20;

    TrainingLoop.run(
        prepared(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.SOFT, SampleRuns.live(settle)), course);

    int returned = 0;
    ChannelState before = course.syncs.get(0).committed().masks().channels().orElseThrow();
    for (SyncOutcome sync : course.syncs) {
      ChannelState after = sync.committed().masks().channels().orElseThrow();
      for (int g = 0; g < after.kept().size(); g++) {
        Mask back = after.kept().get(g).andNot(before.kept().get(g));
        returned += back.kept();
        assertThat(back.andNot(before.present().get(g)).kept()).isZero();
        assertThat(after.present().get(g).andNot(before.present().get(g)).kept()).isZero();
        requireSettled(before, after, g, sync, settle);
      }
      before = after;
    }
    assertThat(returned).isPositive();
    assertThat(course.cuts()).isNotEmpty();
  }

  private static void requireSettled(
      ChannelState before, ChannelState after, int group, SyncOutcome sync, long settle) {
    long step = sync.commit().step();
    boolean last = step == sync.committed().run().plan().totalSteps();
    before
        .present()
        .get(group)
        .andNot(after.present().get(group))
        .forEachKept(
            channel ->
                assertThat(last || step - before.prunedAt(group, channel).orElseThrow() >= settle)
                    .isTrue());
  }

  @Test
  void run_cutOfSettledChannels_isAVersionOfItsOwn_orSharesThatOfAnUpdate() {
    Course course = new Course();

    TrainingLoop.run(
        prepared(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD, SampleRuns.live(5)), course);

    int version = 0;
    int alone = 0;
    for (SyncOutcome sync : course.syncs) {
      boolean changes = sync.pruning().isPresent() || sync.cut().isPresent();
      version += changes ? 1 : 0;
      alone += sync.cut().isPresent() && sync.pruning().isEmpty() ? 1 : 0;
      assertThat(sync.commit().version().number()).isEqualTo(version);
      assertThat(sync.commit().cuts()).isEqualTo(sync.cut().isPresent());
      assertThat(sync.commit().masks())
          .isEqualTo(
              changes
                  ? Commit.Masks.DELTA
                  : sync.commit().masks() == Commit.Masks.FULL
                      ? Commit.Masks.FULL
                      : Commit.Masks.UNCHANGED);
    }
    assertThat(alone).isPositive();
    assertThat(course.syncs)
        .anySatisfy(
            sync -> {
              assertThat(sync.pruning()).isPresent();
              assertThat(sync.cut()).isPresent();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ kind = growing, of = channels }", "half-space", "staged-penalty"})
  void run_cutLive_rulesOfChannelsFollowTheSmallerNetwork(String rule) {
    String recipe =
        """
        name = "ruled", data { kind = digits, batch-size = 64 }, model { kind = mlp, hidden = [16] }
        train { epochs = 2, trainers = 2, rules = [%s] }
        prune { sparsity = 50%%, granularity = channel
          schedule { kind = cubic, begin = 10%%, end = 60%%, updates = 3 } }
        """
            .formatted(rule);
    Course course = new Course();

    PreparedRun run =
        SampleRuns.prepare(new RecipeLoader().parse("ruled.conf", recipe, List.of()).config());
    FinishedRun finished = TrainingLoop.run(run, course);

    assertThat(course.cuts().get(0).commit().step()).isLessThan(run.plan().totalSteps());
    assertThat(finished.committed().step()).isEqualTo(run.plan().totalSteps());
  }

  private static CuttingConfig cutting(CuttingConfig.When when) {
    return new CuttingConfig(when, new Span.Steps(0));
  }

  private static PreparedRun prepared(
      ModelConfig.Architecture model,
      OptimizerConfig optimizer,
      MaskConfig mask,
      CuttingConfig cutting) {
    return SampleRuns.prepare(SampleRuns.channels(model, optimizer, mask, cutting, 2, 5));
  }
}
