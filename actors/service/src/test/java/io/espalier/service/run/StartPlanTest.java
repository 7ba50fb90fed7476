package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunKind;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StartPlanTest {
  private static final Instant NOW = Instant.parse("2026-11-25T19:45:00Z");
  private static final NodeOffer NODE = NodeOffer.of("n1", 2, 2_048, List.of("h:1"));

  private final SchedulerState register = new SchedulerState();

  @Test
  void queue_withRoomForOne_startsTheFirstAndTellsTheOthersWhy() {
    // Given
    ScheduledRun first = queued("first", RunKind.TRAINING, 1, 0);
    ScheduledRun second = queued("second", RunKind.TRAINING, 2, 0);
    ScheduledRun third = queued("third", RunKind.TRAINING, 1, 0);

    // When
    StartPlan plan = plan(List.of(NODE), first, second, third);

    // Then
    assertThat(plan.grants()).containsOnlyKeys(first.run());
    assertThat(plan.reasons())
        .containsEntry(second.run(), "waits for 2 trainers: 1 of 2 free")
        .containsEntry(third.run(), "waits for its turn: 1 trainer; before it: " + second.run());
  }

  @Test
  void priority_goesBeforeAge_andInterruptedBeforeEqual() {
    // Given
    ScheduledRun old = queued("old", RunKind.TRAINING, 2, 0);
    ScheduledRun urgent = queued("urgent", RunKind.TRAINING, 2, 5);
    ScheduledRun interrupted = ahead(queued("interrupted", RunKind.TRAINING, 2, 0));

    // When
    List<ScheduledRun> turn =
        List.of(old, urgent, interrupted).stream().sorted(ScheduledRun.TURN).toList();

    // Then
    assertThat(turn).containsExactly(urgent, interrupted, old);
  }

  @Test
  void federation_withoutGateway_letsOthersPass() {
    // Given
    ScheduledRun federation = queued("first", RunKind.FEDERATION, 1, 0);
    ScheduledRun another = queued("second", RunKind.FEDERATION, 1, 0);
    ScheduledRun training = queued("third", RunKind.TRAINING, 1, 0);

    // When
    StartPlan plan = plan(List.of(NODE), federation, another, training);

    // Then
    assertThat(plan.grants()).containsOnlyKeys(federation.run(), training.run());
    assertThat(plan.grants().values())
        .extracting(AttemptGrant::gateway)
        .contains(Optional.of("h:1"));
    assertThat(plan.reasons().get(another.run()))
        .isIn("waits for a gateway: 0 of 1 free", "waits for 1 trainer: 0 of 2 free");
  }

  @Test
  void run_tooLargeForTheNodesThatAreLeft_letsOthersPassAndSaysSo() {
    // Given
    ScheduledRun large = queued("large", RunKind.TRAINING, 3, 5);
    ScheduledRun small = queued("small", RunKind.TRAINING, 1, 0);

    // When
    StartPlan plan = plan(List.of(NODE), large, small);

    // Then
    assertThat(plan.grants()).containsOnlyKeys(small.run());
    assertThat(plan.reasons().get(large.run())).contains("needs 3 trainers", "serve with more");
  }

  @Test
  void run_largerThanItsNode_getsTrainersOnOthers() {
    // Given
    NodeOffer other = NodeOffer.of("n2", 2, 2_048, List.of());
    ScheduledRun run = queued("spread", RunKind.TRAINING, 3, 0);

    // When
    StartPlan plan = plan(List.of(NODE, other), run);

    // Then
    assertThat(Objects.requireNonNull(plan.grants().get(run.run())).placements())
        .containsExactly(new TrainersOnNode("n1", 2), new TrainersOnNode("n2", 1));
  }

  @Test
  void memory_isBookedPerTrainer() {
    // Given
    NodeOffer small = NodeOffer.of("n1", 8, 1_000, List.of());
    ScheduledRun first = queued("first", RunKind.TRAINING, 1, 0);
    ScheduledRun second = queued("second", RunKind.TRAINING, 1, 0);

    // When
    StartPlan plan = plan(List.of(small), first, second);

    // Then
    assertThat(plan.reasons())
        .containsEntry(second.run(), "waits for 512 MB of memory: 488 of 1000 MB free");
  }

  @Test
  void run_largerThanAnyNode_isUnfitWithTheFigures() {
    // Given
    RunSpec wide = spec("wide", RunKind.TRAINING, 3, 0);
    RunSpec federation = spec("federation", RunKind.FEDERATION, 1, 0);
    NodeOffer plain = NodeOffer.of("n1", 2, 500, List.of());

    // When
    Optional<SchedulerReply.Unfit> tooWide = ClusterCapacity.unfit(wide, List.of(plain));
    Optional<SchedulerReply.Unfit> tooLarge =
        ClusterCapacity.unfit(spec("large", RunKind.TRAINING, 1, 0), List.of(plain));
    Optional<SchedulerReply.Unfit> deaf =
        ClusterCapacity.unfit(federation, List.of(NodeOffer.of("n1", 2, 2_048, List.of())));

    // Then
    assertThat(tooWide.orElseThrow().message()).contains("train.trainers=3", "have 2");
    assertThat(tooLarge.orElseThrow().message())
        .contains("memoryMb=512", "the largest node has 500", "memory for 0 trainers")
        .endsWith("submit with less memory, or serve with more");
    assertThat(deaf.orElseThrow().path()).isEqualTo("federation");
    assertThat(ClusterCapacity.unfit(wide, List.of(NodeOffer.of("n1", 3, 1_536, List.of()))))
        .isEmpty();
  }

  @Test
  void trainers_areSpreadOnlyOverNodesOfTheCoordinatorsVersion() {
    // Given
    ScheduledRun wide = queued("wide", RunKind.TRAINING, 3, 0);
    NodeOffer older = new NodeOffer("n2", 2, 2_048, List.of(), "older");
    NodeOffer equal = NodeOffer.of("n3", 2, 2_048, List.of());

    // When
    StartPlan apart = plan(List.of(NODE, older), wide);
    StartPlan spread = plan(List.of(NODE, older, equal), wide);

    // Then
    assertThat(apart.reasons().get(wide.run())).contains("needs 3 trainers");
    assertThat(spread.grants().values().iterator().next().placements())
        .containsExactly(new TrainersOnNode("n1", 2), new TrainersOnNode("n3", 1));
  }

  @Test
  void runWhoseTrainersMustBeTogether_isNotSpread() {
    // Given
    RunSpec stream = new RunSpec("stream", RunKind.TRAINING, "", 0, 3, 512, true, NOW);
    NodeOffer second = NodeOffer.of("n2", 2, 2_048, List.of());
    ClusterCapacity capacity = new ClusterCapacity(List.of(NODE, second));

    // When
    Optional<String> lack = capacity.lack(stream, "n1");
    Optional<SchedulerReply.Unfit> unfit = ClusterCapacity.unfit(stream, List.of(NODE, second));

    // Then
    assertThat(lack.orElseThrow()).contains("node=n1", "trainers=2 of 3", "a run on a topic");
    assertThat(unfit.orElseThrow().message()).contains("train.trainers=3", "the largest has 2");
  }

  @Test
  void federation_onANodeWithoutGateway_saysWhatTheNodeNeeds() {
    // Given
    ScheduledRun federation = queued("first", RunKind.FEDERATION, 1, 0);
    NodeOffer deaf = NodeOffer.of("n1", 2, 2_048, List.of());
    NodeOffer idle = NodeOffer.of("n2", 2, 2_048, List.of("h:1"));

    // When
    StartPlan plan = plan(List.of(deaf, idle), federation);

    // Then
    assertThat(plan.reasons().get(federation.run()))
        .contains("node=n1", "gateways=0", "every node of role coordinator needs a gateway");
  }

  @Test
  void ids_areReadableAndUnique() {
    // Given
    String first = queued("lenet-5 gradual", RunKind.TRAINING, 1, 0).run();
    String second = queued("lenet-5 gradual", RunKind.TRAINING, 1, 0).run();

    // When
    String odd = queued("../..//", RunKind.TRAINING, 1, 0).run();

    // Then
    assertThat(first).isEqualTo("lenet-5-gradual-20261125-194500-1");
    assertThat(second).isEqualTo("lenet-5-gradual-20261125-194500-2");
    assertThat(odd).isEqualTo("run-20261125-194500-3");
  }

  @Test
  void retention_keepsTheNewestAndTheYoung() {
    // Given
    List<ScheduledRun> entries = new ArrayList<>();
    for (int age = 5; age >= 1; age--) {
      entries.add(ended(queued("run", RunKind.TRAINING, 1, 0), NOW.minus(Duration.ofDays(age))));
    }
    entries.add(queued("waiting", RunKind.TRAINING, 1, 0));

    // When
    List<String> byCount = new Retention(2, Optional.empty()).surplus(entries, NOW);
    List<String> byAge = new Retention(10, Optional.of(Duration.ofDays(4))).surplus(entries, NOW);

    // Then
    assertThat(byCount)
        .containsExactly(entries.get(2).run(), entries.get(1).run(), entries.get(0).run());
    assertThat(byAge).containsExactly(entries.get(1).run(), entries.get(0).run());
    assertThat(new Retention(10, Optional.of(Duration.ofDays(7))).next(entries))
        .contains(NOW.plus(Duration.ofDays(2)));
  }

  @Test
  void register_savedAndRead_isTheSame() {
    // Given
    ScheduledRun kept = queued("kept", RunKind.TRAINING, 1, 0);
    ScheduledRun gone = queued("gone", RunKind.TRAINING, 1, 0);
    note(new SchedulerEvent.Forgetting(gone.run()));

    // When
    SchedulerState read = SchedulerState.of(register.saved());

    // Then
    assertThat(read.saved()).isEqualTo(register.saved());
    assertThat(read.ofKey("key-kept")).map(ScheduledRun::run).contains(kept.run());
    assertThat(read.ofKey("key-gone")).isEmpty();
    assertThat(read.forgetting()).containsExactly(gone.run());
    assertThat(read.nextNumber()).isEqualTo(3);
  }

  @Test
  void pages_followEachOtherAlsoWhereARunIsGone() {
    // Given
    List<RunStatus> all = new ArrayList<>();
    for (int index = 0; index < 5; index++) {
      all.add(0, queued("run", RunKind.TRAINING, 1, 0).status());
    }
    var first = RunPager.of(all, new RunQuery(Set.of(RunState.QUEUED), "RUN", 2, Optional.empty()));
    List<RunStatus> less = new ArrayList<>(all);
    less.remove(1);

    // When
    var second = RunPager.of(less, new RunQuery(Set.of(), "", 2, first.next()));

    // Then
    assertThat(first.total()).isEqualTo(5);
    assertThat(first.runs()).containsExactly(all.get(0), all.get(1));
    assertThat(second.runs()).containsExactly(all.get(2), all.get(3));
    assertThat(second.next()).contains(all.get(3).run());
  }

  private StartPlan plan(List<NodeOffer> offers, ScheduledRun... queue) {
    return StartPlan.of(
        new ClusterCapacity(offers), List.of(queue), run -> Optional.of("n1"), new TrainersInUse());
  }

  private ScheduledRun queued(String name, RunKind kind, int trainers, int priority) {
    String run = register.nextId(name, NOW);
    note(
        new SchedulerEvent.Registered(
            register.nextNumber(),
            run,
            spec(name, kind, trainers, priority),
            Optional.of("key-" + name),
            "digest"));
    return register.find(run).orElseThrow();
  }

  private void note(SchedulerEvent event) {
    register.after(new SchedulerEvent.Noted("n1/1", event));
  }

  private static ScheduledRun ahead(ScheduledRun entry) {
    return entry.with(new SchedulerEvent.Reported(entry.run(), entry.status(), 4, true));
  }

  private static ScheduledRun ended(ScheduledRun entry, Instant changed) {
    RunStatus status = entry.status();
    RunStatus over =
        new RunStatus(
            status.run(),
            status.name(),
            status.kind(),
            RunStatus.Standing.of(RunState.FINISHED, changed),
            status.request(),
            new RunStatus.Attempt(1, Optional.of("n1"), Optional.empty()),
            status.reached());
    return entry.with(new SchedulerEvent.Reported(entry.run(), over, 4, false));
  }

  private static RunSpec spec(String name, RunKind kind, int trainers, int priority) {
    return new RunSpec(name, kind, "", priority, trainers, 512, kind == RunKind.FEDERATION, NOW);
  }
}
