package io.espalier.trainer.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.sync.SyncOutcome.SyncBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommitterTest {
  private static final int TRAINERS = 3;
  private final List<Replica> replicas = new ArrayList<>();

  static List<MaskConfig> kinds() {
    return List.of(SampleRuns.HARD, SampleRuns.SOFT, SampleRuns.ANNEALED);
  }

  @AfterEach
  void close() {
    replicas.forEach(Replica::close);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void verify_everySyncOfARun_findsTheSameBitsOnAllReplicas(MaskConfig mask) {
    PreparedRun run = run(mask);
    Committer committer = Committer.start(run);
    SyncOutcome outcome = committer.open();
    int syncs = 0;
    while (true) {
      for (int k = 0; k < TRAINERS; k++) {
        committer.verify(k, replicas.get(k).apply(outcome.commit(), outcome.payload()));
      }
      syncs++;
      if (outcome.commit().next() == Commit.Next.FINISH) {
        break;
      }
      outcome = committer.sync(trained(run));
    }
    assertThat(syncs).isGreaterThan(8);
    assertThat(outcome.committed().masks().masks().version().number()).isEqualTo(8);
    assertThat(outcome.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
  }

  @Test
  void open_withAValidationSplit_evaluatesBeforeTheFirstStep() {
    PreparedRun run = run(SampleRuns.HARD);
    Committer committer = Committer.start(run);

    Commit first = committer.open().commit();

    assertThat(first.evaluations())
        .containsExactly(
            new EvaluationRequest(
                EvaluationRequest.Set.VALIDATION, EvaluationRequest.Phase.REGULAR));
    assertThat(committer.rejoin().commit().evaluations()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void open_withAnUpdateAtStepZero_evaluatesBeforeAndAfterIt(MaskConfig mask) {
    PreparedRun run =
        SampleRuns.prepare(
            SampleRuns.config(
                SampleRuns.MLP, SampleRuns.SGD, mask, MemberSettings.of("constant"), 0.9, 1, 8));
    Committer committer = Committer.start(run);
    replicas.add(Replica.of(run, 0));
    SyncOutcome outcome = committer.open();

    AppliedCommit applied = replicas.get(0).apply(outcome.commit(), outcome.payload());

    assertThat(outcome.commit().evaluations())
        .extracting(EvaluationRequest::phase)
        .containsExactly(
            EvaluationRequest.Phase.BEFORE_UPDATE, EvaluationRequest.Phase.AFTER_UPDATE);
    assertThat(applied.evaluations().get(0)).isNotEqualTo(applied.evaluations().get(1));
    committer.verify(0, applied);
  }

  @Test
  void verify_replicaWithOneFlippedBit_failsNamingTrainerAndDigests() {
    PreparedRun run = run(SampleRuns.HARD);
    Committer committer = Committer.start(run);
    SyncOutcome outcome = committer.open();
    ByteBuffer flipped = copy(outcome.payload());
    int last = flipped.limit() - Float.BYTES;
    flipped.putInt(last, flipped.getInt(last) ^ 1);

    AppliedCommit good = replicas.get(0).apply(outcome.commit(), outcome.payload());
    AppliedCommit bad = replicas.get(1).apply(outcome.commit(), flipped);

    assertThatCode(() -> committer.verify(0, good)).doesNotThrowAnyException();
    assertThatThrownBy(() -> committer.verify(1, bad))
        .isInstanceOf(ReplicaDivergedException.class)
        .hasMessageContaining("trainer=1 step=0")
        .hasMessageContaining("expected=" + good.digest())
        .hasMessageContaining("found=" + bad.digest());
  }

  @Test
  void sync_stateWithNotANumber_failsNamingStepAndParameter() {
    PreparedRun run = run(SampleRuns.HARD);
    Committer committer = Committer.start(run);
    SyncOutcome outcome = committer.open();
    replicas.forEach(replica -> replica.apply(outcome.commit(), outcome.payload()));
    List<ByteBuffer> states = trained(run);
    ByteBuffer spoiled = states.get(2).duplicate().order(ByteOrder.LITTLE_ENDIAN);
    spoiled.putFloat(0, Float.NaN);

    assertThatThrownBy(() -> committer.sync(states))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("step=5")
        .hasMessageContaining("parameter of largest magnitude=fc1.weight (NaN)")
        .extracting(Throwable::getMessage, STRING)
        .containsOnlyOnce("Likely causes");
  }

  @Test
  void prepareForCurrent_thenTheCurrentCommit_bringsAFreshReplicaUpToDate() {
    PreparedRun run = run(SampleRuns.ANNEALED);
    Committer committer = Committer.start(run);
    SyncOutcome outcome = committer.open();
    while (committer.committed().masks().masks().version().number() < 3) {
      SyncOutcome current = outcome;
      replicas.forEach(replica -> replica.apply(current.commit(), current.payload()));
      outcome = committer.sync(trained(run));
    }
    SyncOutcome before = committer.prepareForCurrent();

    try (Replica fresh = Replica.of(run, 1)) {
      fresh.apply(before.commit(), before.payload());
      AppliedCommit answer = fresh.apply(outcome.commit(), outcome.payload());

      assertThat(answer.digest()).isEqualTo(committer.committed().digest());
    }
  }

  @Test
  void sync_payloadOfTheOneBefore_staysForTrainersThatLag() {
    PreparedRun run = run(SampleRuns.HARD);
    Committer committer = Committer.start(run);
    SyncOutcome start = committer.open();
    replicas.forEach(replica -> replica.apply(start.commit(), start.payload()));
    SyncOutcome first = committer.sync(trained(run));
    ByteBuffer sent = copy(first.payload());
    replicas.forEach(replica -> replica.apply(first.commit(), first.payload()));

    SyncOutcome second = committer.sync(trained(run));

    assertThat(first.payload()).isEqualTo(sent);
    assertThat(second.payload()).isNotEqualTo(sent);
  }

  @Test
  void traffic_ofHardMasks_fallsWithTheMasks() {
    PreparedRun run = run(SampleRuns.HARD);
    Committer committer = Committer.start(run);
    SyncOutcome outcome = committer.open();
    SyncBytes first = outcome.bytes();
    while (outcome.commit().next() != Commit.Next.FINISH) {
      SyncOutcome current = outcome;
      replicas.forEach(replica -> replica.apply(current.commit(), current.payload()));
      outcome = committer.sync(trained(run));
    }

    assertThat(first.down()).isGreaterThanOrEqualTo(first.dense());
    assertThat(outcome.bytes().up() + outcome.bytes().down())
        .isLessThan(outcome.bytes().dense() / 5);
  }

  private PreparedRun run(MaskConfig mask) {
    PreparedRun run = SampleRuns.prepared(SampleRuns.MLP, SampleRuns.SGD, mask, TRAINERS, 8);
    for (int k = 0; k < TRAINERS; k++) {
      replicas.add(Replica.of(run, k));
    }
    return run;
  }

  private List<ByteBuffer> trained(PreparedRun run) {
    List<ByteBuffer> states = new ArrayList<>();
    for (Replica replica : replicas) {
      long until = run.plan().nextSync(replica.completedSteps());
      while (replica.completedSteps() < until) {
        replica.step();
      }
      states.add(replica.packedState());
    }
    return states;
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    return copy.put(bytes.duplicate()).flip();
  }
}
