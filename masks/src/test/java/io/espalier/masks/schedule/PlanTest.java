package io.espalier.masks.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ParentConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.masks.Kinds;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.annealing.Temperature;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final List<ParameterShape> NETWORK = Networks.ofSizes(600, 400);
  private static final MaskConfig HARD = Kinds.HARD;

  @Test
  void plan_ofThreeEpochs_dropsTheIncompleteBatch() {
    Plan plan = plan(Recipes.run(3, 8, Recipes.prune(.9, oneShot(0), HARD)), 109);

    assertThat(plan.stepsPerEpoch()).isEqualTo(10);
    assertThat(plan.totalSteps()).isEqualTo(30);
    assertThat(plan.prunable()).isEqualTo(1000);
    assertThat(plan.finalKept()).isEqualTo(100);
    assertThat(plan.finalSparsity()).isEqualTo(.9);
    assertThat(plan.annealingSteps()).isZero();
  }

  @Test
  void syncs_whereTIsNoMultiple_includeTheLastStep() {
    Plan plan = plan(Recipes.run(3, 8, Recipes.prune(.9, oneShot(0), HARD)), 100);

    assertThat(LongStream.rangeClosed(-1, 40).filter(plan::isSync).toArray())
        .containsExactly(0, 8, 16, 24, 30);
    assertThat(plan.nextSync(0)).isEqualTo(8);
    assertThat(plan.nextSync(7)).isEqualTo(8);
    assertThat(plan.nextSync(8)).isEqualTo(16);
    assertThat(plan.nextSync(24)).isEqualTo(30);
    assertThatThrownBy(() -> plan.nextSync(30)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void syncs_ofARunThatStartsFromTheEndOfAnother_includeThatStep() {
    RunConfig alone = Recipes.run(5, 8, Recipes.prune(.9, cubic(0, 30, 3, 0), HARD));
    RunConfig longer = withParent(alone, 30);
    Plan parent = plan(Recipes.run(3, 8, Recipes.prune(.9, cubic(0, 30, 3, 0), HARD)), 100);

    Plan plan = plan(longer, 100);

    assertThat(syncs(plan).toArray()).containsExactly(0, 8, 16, 24, 30, 32, 40, 48, 50);
    assertThat(plan.nextSync(24)).isEqualTo(30);
    assertThat(plan.nextSync(30)).isEqualTo(32);
    assertThat(plan.updates()).isEqualTo(parent.updates());
    assertThat(plan.checkpointDue(30)).isTrue();
    assertThat(plan.checkpointDue(32)).isFalse();
    assertThat(plan.checkpointDue(40)).isTrue();
  }

  private static RunConfig withParent(RunConfig run, long step) {
    return new RunConfig(
        run.name(),
        run.tags(),
        run.seed(),
        run.data(),
        run.model(),
        run.train(),
        run.prune(),
        run.federation(),
        Optional.of(new ParentConfig("another", step, List.of())));
  }

  @Test
  void updates_betweenSyncs_moveAndMerge_andTheLastIsExact() {
    // Updates fall on 3, 6, 9, 12, 15, 18; syncs on multiples of 8.
    Plan plan = plan(Recipes.run(3, 8, Recipes.prune(.9, cubic(0, 18, 6, 0), HARD)), 100);

    assertThat(plan.updates()).extracting(PlannedUpdate::step).containsExactly(8L, 16L, 24L);
    double atEight = .9 - .9 * Math.pow(1 - 8 / 18.0, 3);
    assertThat(plan.updateAt(8))
        .contains(new PlannedUpdate(8, atEight, 1000 - (long) Math.floor(atEight * 1000), 0));
    assertThat(plan.updateAt(24)).contains(new PlannedUpdate(24, .9, 100, 0));
    assertThat(plan.updateAt(0)).isEmpty();
    assertThat(plan.updateAt(30)).isEmpty();
    assertThat(plan.freezeStep()).isEqualTo(24);
  }

  @Test
  void updates_afterTheFinalSparsity_moveAndMerge_andKeepItExactly() {
    // Updates fall on 5, 10, 13, 16, 19, 22, 25, 27; syncs on multiples of 8 and on 30.
    MemberSettings feedback =
        cubic(0, 10, 2, 0)
            .with("continue", Optional.of(new Span.Steps(3)))
            .with("freeze", Optional.of(new Span.Steps(27)));

    Plan plan = plan(Recipes.run(3, 8, Recipes.prune(.9, feedback, Kinds.soft(0))), 100);

    assertThat(plan.updates()).extracting(PlannedUpdate::step).containsExactly(8L, 16L, 24L, 30L);
    assertThat(plan.updates().subList(1, 4))
        .allMatch(update -> update.kept() == 100 && update.sparsity() == .9);
    assertThat(plan.finalSparsityStep()).isEqualTo(16);
    assertThat(plan.freezeStep()).isEqualTo(30);
    assertThat(plan.settledStep()).isEqualTo(30);
  }

  @Test
  void update_afterTheLastRegularSync_movesToTheEnd() {
    Plan plan = plan(Recipes.run(3, 8, Recipes.prune(.9, cubic(10, 29, 2, 0), HARD)), 100);

    assertThat(plan.updates()).extracting(PlannedUpdate::step).containsExactly(24L, 30L);
    assertThat(plan.updates().get(1).kept()).isEqualTo(100);
  }

  @Test
  void finalSparsityStep_exchangesFollow_isTheUpdateThatReachesIt() {
    MemberSettings rigL =
        Recipes.exchanging("rigl", new Span.Steps(10), new Span.Percent(75), .3).with("batches", 1);
    PruneConfig constant = Recipes.prune(.9, MemberSettings.of("constant"), HARD);

    Plan exchanging = plan(Recipes.run(6, 4, Recipes.withRegrowth(constant, rigL)), 100);
    Plan gradual = plan(Recipes.run(3, 8, Recipes.prune(.9, cubic(0, 18, 6, 0), HARD)), 100);
    Plan dense = plan(Recipes.run(3, 8, Recipes.prune(0, oneShot(0), HARD)), 100);

    assertThat(exchanging.finalSparsityStep()).isZero();
    assertThat(exchanging.settledStep()).isEqualTo(40);
    assertThat(gradual.finalSparsityStep()).isEqualTo(24);
    assertThat(gradual.settledStep()).isEqualTo(24);
    assertThat(dense.finalSparsityStep()).isZero();
    assertThat(dense.settledStep()).isZero();
  }

  @Test
  void constant_prunesAtStepZero() {
    Plan plan =
        plan(Recipes.run(1, 4, Recipes.prune(.9, MemberSettings.of("constant"), HARD)), 100);

    assertThat(plan.updates()).containsExactly(new PlannedUpdate(0, .9, 100, 0));
    assertThat(plan.freezeStep()).isZero();
  }

  @Test
  void regrowth_addsExchangesAtSyncs_withConstantCounts() {
    MemberSettings rigL =
        Recipes.exchanging("rigl", new Span.Steps(10), new Span.Percent(75), .3).with("batches", 1);
    PruneConfig prune =
        Recipes.withRegrowth(Recipes.prune(.9, MemberSettings.of("constant"), HARD), rigL);

    Plan plan = plan(Recipes.run(6, 4, prune), 100);

    assertThat(plan.totalSteps()).isEqualTo(60);
    assertThat(plan.updates())
        .extracting(PlannedUpdate::step)
        .containsExactly(0L, 12L, 20L, 32L, 40L);
    assertThat(plan.updates()).allMatch(update -> update.kept() == 100);
    assertThat(plan.updates().get(0).exchange()).isZero();
    assertThat(plan.updateAt(12).orElseThrow().exchange())
        .isEqualTo(.15 * (1 + Math.cos(Math.PI * 12 / 45)));
  }

  @Test
  void exchange_thatMovesToASyncPastItsEnd_isNone() {
    MemberSettings rigL =
        Recipes.exchanging("rigl", new Span.Steps(10), new Span.Steps(21), .3).with("batches", 1);
    PruneConfig prune =
        Recipes.withRegrowth(Recipes.prune(.9, MemberSettings.of("constant"), HARD), rigL);

    Plan plan = plan(Recipes.run(5, 12, prune), 100);

    assertThat(plan.updates()).extracting(PlannedUpdate::step).containsExactly(0L, 12L);
  }

  @Test
  void gradients_atStepZero_areMeasuredThere() {
    PruneConfig prune =
        Recipes.prune(
            .9,
            MemberSettings.of("snip").with("batches", 1),
            Recipes.GLOBAL,
            MemberSettings.of("constant"),
            HARD);

    assertThat(plan(Recipes.run(1, 4, prune), 100).updates())
        .extracting(PlannedUpdate::step)
        .containsExactly(0L);
  }

  @Test
  void initialSparsity_addsAnUpdateAtBegin() {
    Plan plan = plan(Recipes.run(1, 1, Recipes.prune(.9, cubic(0, 4, 2, .5), HARD)), 100);

    assertThat(plan.updates()).extracting(PlannedUpdate::step).containsExactly(0L, 2L, 4L);
    assertThat(plan.updateAt(0)).contains(new PlannedUpdate(0, .5, 500, 0));
  }

  @Test
  void sparsityZero_trainsDense_withoutUpdates() {
    Plan plan = plan(Recipes.run(1, 1, Recipes.prune(0, cubic(0, 4, 2, 0), HARD)), 100);

    assertThat(plan.updates()).isEmpty();
    assertThat(plan.freezeStep()).isEqualTo(11);
    assertThat(plan.finalKept()).isEqualTo(1000);
  }

  @Test
  void evaluationsAndCheckpoints_areDueAtTheFirstSyncAfterEachMultiple() {
    RunConfig config =
        Recipes.run(
            3,
            new Span.Steps(4),
            Optional.of(new Span.Steps(10)),
            new Span.Steps(3),
            Recipes.prune(.9, oneShot(0), HARD));

    Plan plan = plan(config, 100);

    assertThat(syncs(plan).filter(plan::evaluationDue).toArray()).containsExactly(12, 20, 30);
    assertThat(syncs(plan).filter(plan::checkpointDue).toArray())
        .containsExactly(4, 8, 12, 16, 20, 24, 28, 30);
    assertThatThrownBy(() -> plan.checkpointDue(5)).hasMessageContaining("step=5");
  }

  @Test
  void evaluateEvery_thatIsAbsent_isNeverDue() {
    Plan plan = plan(Recipes.run(3, 4, Recipes.prune(.9, oneShot(0), HARD)), 100);

    assertThat(syncs(plan).filter(plan::evaluationDue)).isEmpty();
  }

  @Test
  void annealing_thatEndsOneEpochBeforeTheEnd_isPlanned() {
    Plan plan = plan(Recipes.run(3, 5, Recipes.prune(.9, oneShot(10), annealed(.5, 10))), 100);

    assertThat(plan.annealingSteps()).isEqualTo(10);
  }

  @Test
  void annealing_thatEndsLater_isRefused() {
    assertRefused(
        Recipes.run(3, 5, Recipes.prune(.9, oneShot(10), annealed(.5, 11))),
        100,
        "prune.mask.over: must let the last pruned units finish annealing one epoch before the"
            + " end: over=11 steps, last update=step 10, latest finish=step 20");
  }

  @Test
  void annealing_fromTemperatureZero_takesNoTime() {
    Plan plan = plan(Recipes.run(3, 5, Recipes.prune(.9, oneShot(30), annealed(0, 11))), 100);

    assertThat(plan.annealingSteps()).isZero();
  }

  @Test
  void shard_smallerThanABatch_isRefused() {
    assertRefused(
        Recipes.run(3, 5, Recipes.prune(.9, oneShot(0), HARD)),
        9,
        "data.batch-size: must be, times train.accumulate, at most the examples of the smallest"
            + " shard: batch-size=10, accumulate=1, examples=9");
  }

  @Test
  void rulesBrokenTogether_areNamedTogether() {
    RunConfig config =
        Recipes.run(
            3,
            new Span.Percent(.1),
            Optional.of(new Span.Epochs(.001)),
            new Span.Percent(1),
            Recipes.prune(.999, cubic(20, 40, 2, 0), HARD));

    assertThatThrownBy(() -> plan(config, 100))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.sync-every: must be 1 step or more")
        .hasMessageContaining("train.evaluate-every: must be 1 step or more")
        .hasMessageContaining("train.checkpoint-every: must be 1 step or more")
        .hasMessageContaining("prune.schedule.end: must be within the run")
        .hasMessageContaining(
            "prune.min-keep: must not protect more units than the final sparsity keeps:"
                + " min-keep=0.005, protected=5, sparsity=0.999, kept=1");
  }

  @Test
  void allocation_thatProtectsMoreThanIsKept_isRefused() {
    MemberSettings uniformPlus =
        MemberSettings.of("uniform-plus").with("first", 1.0).with("last", .2);
    PruneConfig prune =
        Recipes.prune(
            .9, MemberSettings.of("magnitude"), uniformPlus, MemberSettings.of("constant"), HARD);

    assertThatThrownBy(() -> plan(Recipes.run(3, 5, prune), 100))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "prune.allocation: must not protect more units than the final sparsity keeps:"
                + " allocation={ kind = uniform-plus, first = 1.0, last = 0.2 }, protected=680,"
                + " sparsity=0.9, kept=100; prune less, or let it protect less");
  }

  @Test
  void network_withNothingToPrune_isRefusedUnlessDense() {
    RunConfig config = Recipes.run(3, 5, Recipes.prune(.9, oneShot(0), HARD));

    assertThatThrownBy(() -> Plan.of(config, 100, List.of()))
        .hasMessage("prune.exclude: must leave something to prune: exclude=[]");
    assertThat(
            Plan.of(Recipes.run(3, 5, Recipes.prune(0, oneShot(0), HARD)), 100, List.of())
                .prunable())
        .isZero();
  }

  private static LongStream syncs(Plan plan) {
    return LongStream.rangeClosed(0, plan.totalSteps()).filter(plan::isSync);
  }

  private static Plan plan(RunConfig config, long smallestShard) {
    return Plan.of(config, smallestShard, NETWORK);
  }

  private static void assertRefused(RunConfig config, long smallestShard, String message) {
    assertThatThrownBy(() -> plan(config, smallestShard))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(message);
  }

  private static MemberSettings oneShot(long begin) {
    return MemberSettings.of("one-shot").with("begin", new Span.Steps(begin));
  }

  private static MemberSettings cubic(long begin, long end, int updates, double initial) {
    return Recipes.gradual("cubic", begin, end, updates, initial);
  }

  private static MaskConfig annealed(double temperature, long over) {
    return Kinds.annealed(temperature, Temperature.Shape.COSINE, new Span.Steps(over));
  }
}
