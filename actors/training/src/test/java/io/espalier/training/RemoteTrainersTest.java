package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.run.BrokerLease;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunEnvironment;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RemoteTrainersTest {
  @TempDir private static Path home;
  @TempDir private Path directory;
  private TestNode here;
  private TestNode there;
  private BrokerLease lease;

  @BeforeEach
  void start() throws IOException {
    here = TestNode.start("127.0.0.2", home);
    there = TestNode.start("127.0.0.3", home);
    here.join(here);
    there.join(here);
    lease = new BrokerLease(home, Optional.of(BrokerAccess.of("127.0.0.1:1")));
  }

  @AfterEach
  void stop() {
    there.close();
    here.close();
    lease.close();
  }

  @Test
  void run_trainersOnTwoNodes_givesTheBitsOfThePlainLoop() throws Exception {
    // Given
    ResolvedRecipe recipe = recipe("train.trainers=3", "prune.mask=soft");
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(home));
    FinishedRun loop = TrainingLoop.run(run, LoopListener.NONE);
    Placement placement = here.place(here.awaitHosts(2), 3);

    // When
    RunResult result = execute(recipe, run, 1, placement, event -> {});

    // Then
    assertThat(placement.hosts()).containsOnlyKeys(1);
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    assertThat(((RunResult.Finished) result).run().committed().digest())
        .isEqualTo(loop.committed().digest());
    assertThat(here.transports().open().dropped()).isZero();
  }

  @Test
  void run_nodeOfATrainerIsLost_endsAsThatAndTheNextAttemptGoesOn() throws Exception {
    // Given
    ResolvedRecipe recipe =
        recipe("train.trainers=2", "train.epochs=400", "train.checkpoint-every=10%");
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(home));
    FinishedRun loop = TrainingLoop.run(run, LoopListener.NONE);
    Placement placement = here.place(here.awaitHosts(2), 2);
    CountDownLatch underWay = new CountDownLatch(1);
    Thread killer =
        new Thread(
            () -> {
              try {
                underWay.await();
                there.close();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    killer.start();

    // When
    RunResult lost = execute(recipe, run, 1, placement, event -> afterSync(200, event, underWay));
    RunResult next = execute(recipe, run, 2, Placement.LOCAL, event -> {});

    // Then
    killer.join();
    assertThat(lost).isInstanceOf(RunResult.NodeLost.class);
    assertThat(((RunResult.NodeLost) lost).cause()).contains("127.0.0.3");
    assertThat(((RunResult.Finished) next).run().committed().digest())
        .isEqualTo(loop.committed().digest());
  }

  @Test
  void run_hostHasAnotherRecipe_isCutShortSayingWhatDiffers() throws Exception {
    // Given
    ResolvedRecipe recipe = recipe("train.trainers=2");
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(home));
    Placement placement = here.place(here.awaitHosts(2), 2);
    Path at = Files.createDirectories(directory.resolve("run"));
    Files.writeString(at.resolve("recipe.conf"), recipe("train.trainers=2", "seed=99").text());

    // When
    RunResult result = execute(recipe, run, 1, placement, event -> {});

    // Then
    assertThat(((RunResult.NodeLost) result).cause())
        .contains("all nodes of a run must have the same", "recipe=");
  }

  @Test
  void run_trainerElsewhereIsNeverHeardOf_isCutShort() throws Exception {
    // Given
    ResolvedRecipe recipe = recipe("train.trainers=2", "train.progress-timeout=2s");
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(home));
    ActorRef<TrainerHost.Command> deaf =
        here.system().systemActorOf(Behaviors.ignore(), "deaf-host", Props.empty());
    Placement placement = new Placement(Map.of(1, deaf), Optional.of(here.transports().open()));

    // When
    RunResult result = execute(recipe, run, 1, placement, event -> {});

    // Then
    assertThat(((RunResult.NodeLost) result).cause())
        .contains("train.progress-timeout", "trainer=1");
  }

  @Test
  void over_noHostElsewhere_isAllLocal() throws Exception {
    // Given
    List<ActorRef<TrainerHost.Command>> hosts = here.awaitHosts(2);

    // When
    Placement placement = here.place(hosts.subList(0, 1), 4);

    // Then
    assertThat(placement.hosts()).isEqualTo(Map.of());
  }

  private RunResult execute(
      ResolvedRecipe recipe,
      PreparedRun run,
      long term,
      Placement placement,
      Consumer<Event> observer)
      throws IOException {
    try (RunDirectory at = RunDirectory.hold(directory.resolve("run"), recipe.text());
        RunSession session =
            RunSession.start(
                new RunSession.Request(
                    run,
                    recipe.text(),
                    at,
                    home,
                    Optional.empty(),
                    observer,
                    notice -> {},
                    warning -> {},
                    new RunEnvironment.InService(here.system(), term, lease, placement)))) {
      return session.await();
    }
  }

  private static void afterSync(long step, Event event, CountDownLatch reached) {
    if (event instanceof TrainingEvent.SyncCompleted sync && sync.step() >= step) {
      reached.countDown();
    }
  }

  private static ResolvedRecipe recipe(String... overrides) {
    List<String> all = new ArrayList<>(List.of("train.epochs=4", "train.sync-every=5"));
    all.addAll(List.of(overrides));
    return new RecipeLoader().load("digits", all);
  }
}
