package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.MaskVersion;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Committer;
import io.espalier.training.transport.TransferId;
import io.espalier.training.transport.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskCoordinatorTest {
  private static ActorTestKit actors;
  private static Transport transport;

  @TempDir private Path directory;
  private final List<String> differences = new CopyOnWriteArrayList<>();
  private String digest = "";

  @BeforeAll
  static void start() {
    actors = ActorTestKit.create();
    transport = Transport.start();
  }

  @AfterAll
  static void stop() {
    actors.shutdownTestKit();
    transport.close();
  }

  @Test
  void commitApplied_wrongDigest_stopsTheRun() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    TestProbe<TrainerActor.Command> trainer = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator = spawn(1, outcomes.getRef());
    coordinator.tell(join(1, 1, trainer));
    trainer.expectMessageClass(TrainerActor.ApplyCommit.class);

    coordinator.tell(
        new CoordinatorMessage.CommitApplied(
            1, 0, 1, new AppliedCommit(0, "0000000000000000", List.of())));

    RunResult.Failed aborted = outcomes.expectMessageClass(RunResult.Failed.class);
    assertThat(aborted.cause())
        .contains("all replicas must hold the same bits", "trainer=0", "found=0000000000000000");
  }

  @Test
  void commitApplied_ofOlderTermOrIncarnation_isDropped() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    TestProbe<TrainerActor.Command> trainer = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator = spawn(7, outcomes.getRef());
    coordinator.tell(join(7, 2, trainer));
    trainer.expectMessageClass(TrainerActor.ApplyCommit.class);
    AppliedCommit wrong = new AppliedCommit(0, "0000000000000000", List.of());

    coordinator.tell(new CoordinatorMessage.CommitApplied(6, 0, 2, wrong));
    coordinator.tell(new CoordinatorMessage.CommitApplied(7, 0, 1, wrong));

    outcomes.expectNoMessage();
  }

  @Test
  void commitApplied_restoredTrainerHoldsOtherBits_stopsTheRun() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    TestProbe<TrainerActor.Command> trainer = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator = spawn(1, outcomes.getRef());
    coordinator.tell(join(1, 1, trainer));
    coordinator.tell(
        new CoordinatorMessage.CommitApplied(1, 0, 1, new AppliedCommit(0, digest, List.of())));
    coordinator.tell(join(1, 2, trainer));

    coordinator.tell(
        new CoordinatorMessage.CommitApplied(
            1, 0, 2, new AppliedCommit(0, "0000000000000000", List.of())));

    assertThat(outcomes.expectMessageClass(RunResult.Failed.class).cause())
        .contains("all replicas must hold the same bits", "expected=" + digest);
  }

  @Test
  void stateSent_ofAnotherStep_stopsTheRun() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    TestProbe<TrainerActor.Command> trainer = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator = spawn(1, outcomes.getRef());
    coordinator.tell(join(1, 1, trainer));
    TransferId id = new TransferId(1, 0, 1, TransferId.Direction.TO_COORDINATOR, 1);
    IntervalMetrics metrics =
        new IntervalMetrics(0, List.of(), List.of(), 0, 0, 0, new SyncTimes(0, 0, 0, 0, 0));

    coordinator.tell(new CoordinatorMessage.StateSent(3, MaskVersion.DENSE, "00aa", id, metrics));

    assertThat(outcomes.expectMessageClass(RunResult.Failed.class).cause())
        .contains("at the next sync", "expected=4", "found=3");
  }

  @Test
  void stateSent_ofAnotherLayout_stopsTheRun() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    TestProbe<TrainerActor.Command> trainer = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator = spawn(1, outcomes.getRef());
    coordinator.tell(join(1, 1, trainer));
    TransferId id = new TransferId(1, 0, 1, TransferId.Direction.TO_COORDINATOR, 1);
    IntervalMetrics metrics =
        new IntervalMetrics(0, List.of(), List.of(), 0, 0, 0, new SyncTimes(0, 0, 0, 0, 0));

    coordinator.tell(new CoordinatorMessage.StateSent(4, MaskVersion.DENSE, "00aa", id, metrics));

    assertThat(outcomes.expectMessageClass(RunResult.Failed.class).cause())
        .contains("the state of the committed layout", "trainer=0", "found=0 of 00aa");
  }

  @Test
  void message_memoryRunsOut_failsTheRunWithTheWayOut() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator = spawn(1, outcomes.getRef());

    coordinator.tell(
        new CoordinatorMessage.Ping(
            () -> {
              throw new OutOfMemoryError("Java heap space");
            }));

    assertThat(outcomes.expectMessageClass(RunResult.Failed.class).cause())
        .contains("out of memory", "heap=", "cause=Java heap space", "ESPALIER_JAVA_OPTS=-Xmx");
  }

  @Test
  void joinTrainer_ofAnotherCapability_endsTheRunIfItRefuses() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    TestProbe<TrainerActor.Command> trainer = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator =
        spawn(1, outcomes.getRef(), "train.engine.capability-mismatch=refuse");

    coordinator.tell(join(1, "sse2 (Another)", trainer));

    assertThat(outcomes.expectMessageClass(RunResult.Failed.class).cause())
        .contains("trainer-0 must compute with the instructions", "here=sse2 (Another)");
  }

  @Test
  void joinTrainer_ofAnotherCapability_isAnAlertByDefault() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    TestProbe<TrainerActor.Command> trainer = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator = spawn(1, outcomes.getRef());

    coordinator.tell(join(1, "sse2 (Another)", trainer));

    trainer.expectMessageClass(TrainerActor.ApplyCommit.class);
    assertThat(differences)
        .singleElement()
        .asString()
        .contains("trainer-0 computes with other instructions", "here=sse2 (Another)");
  }

  /** A trainer that does not know yet when a run goes over to plain Java names its engine. */
  @Test
  void joinTrainer_ofAnotherCapability_isWelcomeInPlainJava() {
    TestProbe<RunResult> outcomes = actors.createTestProbe();
    TestProbe<TrainerActor.Command> trainer = actors.createTestProbe();
    ActorRef<CoordinatorMessage> coordinator =
        spawn(
            1,
            outcomes.getRef(),
            "train.execution=java",
            "train.engine.capability-mismatch=refuse");

    coordinator.tell(join(1, "sse2 (Another)", trainer));

    trainer.expectMessageClass(TrainerActor.ApplyCommit.class);
    assertThat(differences).isEmpty();
  }

  private static CoordinatorMessage.JoinTrainer join(
      long term, int incarnation, TestProbe<TrainerActor.Command> trainer) {
    return new CoordinatorMessage.JoinTrainer(
        term, 0, incarnation, EngineCapability.current(), Optional.empty(), trainer.getRef());
  }

  private static CoordinatorMessage.JoinTrainer join(
      long term, String capability, TestProbe<TrainerActor.Command> trainer) {
    return new CoordinatorMessage.JoinTrainer(
        term, 0, 1, capability, Optional.empty(), trainer.getRef());
  }

  private ActorRef<CoordinatorMessage> spawn(
      long term, ActorRef<RunResult> outcomes, String... overrides) {
    ResolvedRecipe recipe = new RecipeLoader().load("digits", List.of(overrides));
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    Checkpoints checkpoints =
        Checkpoints.in(directory.resolve("checkpoints"), run, recipe.text(), 1, RunEpoch.locked(1));
    Committer committer = Committer.start(run);
    digest = committer.committed().digest();
    return actors.spawn(
        MaskCoordinator.create(
            new RunActors.Settings(
                run,
                committer,
                term,
                new CheckpointQueue(checkpoints, () -> 0, () -> {}),
                new RunListener() {
                  @Override
                  public void differs(long step, String text) {
                    differences.add(text);
                  }
                }),
            transport,
            outcomes));
  }
}
