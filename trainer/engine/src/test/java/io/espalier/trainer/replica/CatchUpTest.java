package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.MaskConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trainers that come back when the network is not what they left. */
class CatchUpTest {
  private final PreparedRun run =
      SampleRuns.prepare(
          SampleRuns.channels(
              SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.SOFT, SampleRuns.live(5), 1, 4));
  private final Committer committer = Committer.start(run);

  @Test
  void apply_inFullAfterACut_laysTheReplicaOutAnew() {
    try (Replica replica = Replica.of(run, 0);
        Replica late = Replica.of(run, 0)) {
      untilACut(replica);
      SyncOutcome rejoin = committer.rejoin();

      AppliedCommit applied = late.apply(rejoin.commit(), rejoin.payload());

      assertThat(applied.digest()).isEqualTo(committer.committed().digest());
      assertThat(late.layout()).isEqualTo(replica.layout()).isNotEqualTo(run.layout().digest());
      assertThat(late.maskVersion()).isEqualTo(replica.maskVersion());
      trainToSync(replica);
      trainToSync(late);
      assertThat(late.packedState()).isEqualTo(replica.packedState());
    }
  }

  @Test
  void apply_theStateBeforeACut_thenTheCut() {
    try (Replica replica = Replica.of(run, 0);
        Replica late = Replica.of(run, 0)) {
      SyncOutcome cut = untilACut(replica);
      SyncOutcome before = committer.prepareForCurrent();

      AppliedCommit level = late.apply(before.commit(), before.payload());
      AppliedCommit applied = late.apply(cut.commit(), cut.payload());

      assertThat(level.digest()).isEqualTo(before.committed().digest());
      assertThat(applied.digest()).isEqualTo(cut.committed().digest());
    }
  }

  @Test
  void apply_aCommitOfAnotherLayout_isRefused() {
    try (Replica replica = Replica.of(run, 0);
        Replica older = Replica.of(run, 0)) {
      SyncOutcome start = committer.open();
      older.apply(start.commit(), start.payload());
      replica.apply(start.commit(), start.payload());
      SyncOutcome outcome = start;
      while (outcome.cut().isEmpty()) {
        outcome = next(replica);
      }
      SyncOutcome after = next(replica);

      assertThatThrownBy(() -> older.apply(after.commit(), after.payload()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a commit must be for replicas of this layout")
          .hasMessageContaining(run.layout().digest());
    }
  }

  static List<MaskConfig> kinds() {
    return List.of(SampleRuns.HARD, SampleRuns.SOFT, SampleRuns.ANNEALED);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void apply_valuesThatOneTrainerHolds_bringsALateOneToTheSameBitsAtEachSync(MaskConfig mask) {
    PreparedRun weights =
        SampleRuns.prepare(
            SampleRuns.config(
                SampleRuns.RESNET, SampleRuns.SGD, mask, SampleRuns.GRADUAL, 0.9, 1, 5));
    Committer alone = Committer.start(weights);
    int held = 0;
    try (Replica replica = Replica.of(weights, 0);
        Replica late = Replica.of(weights, 0)) {
      SyncOutcome outcome = alone.open();
      replica.apply(outcome.commit(), outcome.payload());
      while (outcome.commit().next() != Commit.Next.FINISH) {
        if (outcome.commit().next() == Commit.Next.RECALIBRATE) {
          replica.recalibrate();
        } else {
          trainToSync(weights, replica);
        }
        outcome = alone.sync(List.of(replica.packedState()));
        SyncOutcome before = alone.prepareForCurrent();

        AppliedCommit kept = replica.apply(outcome.commit(), outcome.payload());
        AppliedCommit level = late.apply(before.commit(), before.payload());
        AppliedCommit caughtUp = late.apply(outcome.commit(), outcome.payload());

        assertThat(outcome.commit().values()).isEqualTo(Commit.Values.HELD);
        assertThat(kept.digest()).isEqualTo(outcome.committed().digest());
        assertThat(level.digest()).isEqualTo(before.committed().digest());
        assertThat(caughtUp).isEqualTo(kept);
        held++;
      }
    }
    assertThat(held).isGreaterThan(8);
  }

  private SyncOutcome untilACut(Replica replica) {
    SyncOutcome outcome = committer.open();
    replica.apply(outcome.commit(), outcome.payload());
    while (outcome.cut().isEmpty()) {
      outcome = next(replica);
    }
    return outcome;
  }

  private SyncOutcome next(Replica replica) {
    trainToSync(replica);
    SyncOutcome outcome = committer.sync(List.of(replica.packedState()));
    replica.apply(outcome.commit(), outcome.payload());
    return outcome;
  }

  private void trainToSync(Replica replica) {
    trainToSync(run, replica);
  }

  private static void trainToSync(PreparedRun run, Replica replica) {
    long until = run.plan().nextSync(replica.completedSteps());
    while (replica.completedSteps() < until) {
      replica.step();
    }
  }
}
