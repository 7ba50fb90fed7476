package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.espalier.masks.MaskVersion;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.training.transport.LaneKey;
import io.espalier.training.transport.TransferId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NodeMessagesTest {
  private static final TransferId TRANSFER =
      new TransferId(3, 1, 2, TransferId.Direction.TO_TRAINER, 7);
  private static ActorTestKit actors;

  @BeforeAll
  static void start() {
    actors = ActorTestKit.create(ConfigFactory.load());
  }

  @AfterAll
  static void stop() {
    actors.shutdownTestKit();
  }

  @Test
  void everyMessageBetweenNodes_goesThroughCborAndBack() {
    // Given
    List<NodeMessage> messages = samples();

    // When Then
    messages.forEach(message -> actors.serializationTestKit().verifySerialization(message, true));
    assertThat(messages.stream().map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    CoordinatorMessage.class, TrainerActor.Command.class, TrainerHost.Command.class)
                .flatMap(protocol -> Stream.of(protocol.getPermittedSubclasses()))
                .filter(NodeMessage.class::isAssignableFrom)
                .toList());
  }

  @Test
  void givenUp_goesThroughCborAndBack() {
    actors
        .serializationTestKit()
        .verifySerialization(new TrainerHost.TrainerGivenUp(1, "too often"), true);
  }

  private static List<NodeMessage> samples() {
    ActorRef<TrainerActor.Command> trainer =
        actors.<TrainerActor.Command>createTestProbe().getRef();
    ActorRef<CoordinatorMessage> coordinator =
        actors.<CoordinatorMessage>createTestProbe().getRef();
    ActorRef<TrainerHost.TrainerGivenUp> supervisor =
        actors.<TrainerHost.TrainerGivenUp>createTestProbe().getRef();
    LaneKey key = new LaneKey("127.0.0.2:9", -5, Base64.getEncoder().encodeToString(new byte[32]));
    List<NodeMessage> samples = new ArrayList<>();
    samples.add(new CoordinatorMessage.JoinTrainer(3, 1, 2, "avx2", Optional.of(key), trainer));
    samples.add(new CoordinatorMessage.JoinTrainer(3, 1, 2, "avx2", Optional.empty(), trainer));
    samples.add(
        new CoordinatorMessage.StateSent(
            40,
            new MaskVersion(6),
            "00aa",
            TRANSFER,
            new IntervalMetrics(
                35,
                List.of(0.1 + 0.2, 1e-300),
                List.of(0.5, 1.0),
                0.01,
                1.5,
                64,
                new SyncTimes(1, 2, 3, 4, 5))));
    samples.add(
        new CoordinatorMessage.CommitApplied(
            3, 1, 2, new AppliedCommit(40, "00ff", List.of(new EvaluationPart(5, 9, 1.0 / 3)))));
    samples.add(new CoordinatorMessage.NoteProgress(3, 1, 2));
    samples.add(new CoordinatorMessage.NoteWaiting(3, 1, 2));
    samples.add(new CoordinatorMessage.TrainerFailed(3, 1, 2, "it threw"));
    samples.add(new CoordinatorMessage.AbortRun("the stream is gone"));
    samples.add(new CoordinatorMessage.DivergeRun("not finite"));
    samples.add(
        new TrainerActor.ApplyCommit(
            new Commit(
                40,
                new MaskVersion(6),
                new Commit.Layouts("00aa", "00bb"),
                Commit.Masks.DELTA,
                Commit.Values.SENT,
                List.of(
                    new EvaluationRequest(
                        EvaluationRequest.Set.TEST, EvaluationRequest.Phase.AFTER_UPDATE)),
                Execution.ENGINE,
                Commit.Next.TRAIN,
                Optional.empty()),
            TRANSFER));
    samples.add(
        new TrainerActor.ApplyCommit(
            new Commit(
                40,
                new MaskVersion(6),
                new Commit.Layouts("00aa", "00aa"),
                Commit.Masks.UNCHANGED,
                Commit.Values.SENT,
                List.of(),
                Execution.ENGINE,
                Commit.Next.MEASURE,
                Optional.of(3)),
            TRANSFER));
    samples.add(
        new TrainerHost.HostTrainer(
            new HostedRun("r1", "/runs/r1", new HostedRun.Fingerprint("a", "b", "c", "d", 2)),
            3,
            1,
            "127.0.0.2:9",
            coordinator,
            supervisor));
    return samples;
  }
}
