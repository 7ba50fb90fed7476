package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.LifecycleEntry;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RunKind;
import io.espalier.service.RunState;
import io.espalier.training.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JournaledRunTest {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
  private static final List<RunAction> REQUESTS = List.of(RunAction.values());
  private static final RunSpec SPEC =
      new RunSpec("sample", RunKind.TRAINING, "name = sample", 0, 1, 512, false, START);

  @ParameterizedTest
  @CsvSource({
    "queued, pause, PAUSED",
    "queued, resume, QUEUED",
    "queued, cancel, CANCELLED",
    "queued, checkpoint, refused",
    "queued, delete, refused",
    "starting, pause, PAUSING",
    "starting, resume, STARTING",
    "starting, cancel, CANCELLING",
    "starting, checkpoint, STARTING",
    "starting, delete, refused",
    "running, pause, PAUSING",
    "running, resume, RUNNING",
    "running, cancel, CANCELLING",
    "running, checkpoint, RUNNING",
    "running, delete, refused",
    "pausing, pause, PAUSING",
    "pausing, resume, refused",
    "pausing, cancel, CANCELLING",
    "pausing, checkpoint, PAUSING",
    "pausing, delete, refused",
    "paused, pause, PAUSED",
    "paused, resume, QUEUED",
    "paused, cancel, CANCELLED",
    "paused, checkpoint, refused",
    "paused, delete, refused",
    "cancelling, pause, refused",
    "cancelling, resume, refused",
    "cancelling, cancel, CANCELLING",
    "cancelling, checkpoint, refused",
    "cancelling, delete, refused",
    "finished, pause, refused",
    "finished, resume, refused",
    "finished, cancel, refused",
    "finished, checkpoint, refused",
    "finished, delete, gone",
    "failed, pause, refused",
    "failed, resume, QUEUED",
    "failed, cancel, refused",
    "failed, checkpoint, refused",
    "failed, delete, gone",
    "cancelled, pause, refused",
    "cancelled, resume, refused",
    "cancelled, cancel, CANCELLED",
    "cancelled, checkpoint, refused",
    "cancelled, delete, gone"
  })
  void request_ofEachState_leadsWhereTheTableSays(String state, String request, String expected) {
    // Given
    JournaledRun run = in(RunState.valueOf(state.toUpperCase(Locale.ROOT)));
    RunAction what = RunAction.valueOf(request.toUpperCase(Locale.ROOT));

    // When
    String result;
    try {
      result =
          run.answer(what)
              .map(event -> after(run, event))
              .orElse(run)
              .phase()
              .state()
              .map(RunState::name)
              .orElse("gone");
    } catch (RefusedRequestException e) {
      result = "refused";
    }

    // Then
    assertThat(result).isEqualTo(expected);
  }

  @Test
  void refusal_saysStateAndWhatIsPossible() {
    // Given
    JournaledRun run = in(RunState.PAUSED);

    // When, then
    assertThatThrownBy(() -> run.answer(RunAction.CHECKPOINT))
        .isInstanceOf(RefusedRequestException.class)
        .hasMessage(
            "checkpoint must be possible in the run's state: run=r, state=paused; possible now:"
                + " cancel, pause, resume");
  }

  @Test
  void interruption_whilePausingOrCancelling_endsWhatWasAsked() {
    // Given
    LifecycleEvent crash = new LifecycleEvent.Interrupted(1, "crash", false);

    // When
    JournaledRun paused = after(in(RunState.PAUSING), crash);
    JournaledRun cancelled = after(in(RunState.CANCELLING), crash);
    JournaledRun queued = after(in(RunState.RUNNING), crash);

    // Then
    assertThat(paused.phase().state()).contains(RunState.PAUSED);
    assertThat(cancelled.phase().state()).contains(RunState.CANCELLED);
    assertThat(queued.phase()).isEqualTo(new RunPhase.Queued(true));
  }

  @Test
  void nodesLost_inARowWithoutACheckpoint_endTheRunAfterTwentyOne() {
    // Given
    RunResult lost = new RunResult.NodeLost(0, "node=n2 lacks the data");
    JournaledRun run = in(RunState.RUNNING);

    // When
    for (int attempt = 2; attempt <= 21; attempt++) {
      run = after(run, run.ended(lost, "unasked"));
      assertThat(run.phase()).isEqualTo(new RunPhase.Queued(true));
      run = after(run, new LifecycleEvent.Started(attempt, "n1", List.of(), Optional.empty()));
    }
    JournaledRun saved = after(run, new LifecycleEvent.Checkpointed(5));
    run = after(run, run.ended(lost, "unasked"));

    // Then
    assertThat(run.phase()).isEqualTo(new RunPhase.Failed());
    assertThat(run.status(Optional.empty()).standing().cause().orElseThrow())
        .contains("21 in a row", "node=n2 lacks the data");
    assertThat(saved.ended(lost, "unasked")).isInstanceOf(LifecycleEvent.Interrupted.class);
  }

  @Test
  void secondCrash_inARowWithoutACheckpoint_endsTheRun() {
    // Given
    RunResult crash = new RunResult.Crashed(7, "ended by signal 9");
    JournaledRun run = in(RunState.RUNNING);

    // When
    JournaledRun waiting = after(run, run.ended(crash, "unasked"));
    run = after(waiting, new LifecycleEvent.Started(2, "n1", List.of(), Optional.empty()));
    JournaledRun saved = after(run, new LifecycleEvent.Checkpointed(5));
    JournaledRun savedAndCrashed = after(saved, saved.ended(crash, "unasked"));
    run = after(run, run.ended(crash, "unasked"));

    // Then
    assertThat(waiting.phase()).isEqualTo(new RunPhase.Queued(true));
    assertThat(waiting.backOff()).contains(Duration.ofSeconds(5));
    assertThat(run.phase()).isEqualTo(new RunPhase.Failed());
    assertThat(run.status(Optional.empty()).standing().cause().orElseThrow())
        .contains("2 in a row", "ended by signal 9");
    assertThat(savedAndCrashed.backOff()).contains(Duration.ofSeconds(5));
  }

  @Test
  void attemptStartingWithinItsService_thatDiesTwice_endsTheRun() {
    // Given
    JournaledRun run = in(RunState.QUEUED);
    LifecycleEvent first = new LifecycleEvent.Started(1, "n1", List.of(), Optional.empty(), true);
    LifecycleEvent second = new LifecycleEvent.Started(2, "n1", List.of(), Optional.empty(), true);
    JournaledRun starting = after(run, first);

    // When
    JournaledRun waiting = after(starting, starting.cutOffByService("it ended"));
    JournaledRun again = after(waiting, second);
    JournaledRun failed = after(again, again.cutOffByService("it ended"));
    JournaledRun ready = after(again, new LifecycleEvent.Ready(0, 10));

    // Then
    assertThat(waiting.backOff()).contains(Duration.ofSeconds(5));
    assertThat(waiting.backOffCause(Duration.ofSeconds(5))).contains("the service of its last");
    assertThat(failed.phase()).isEqualTo(new RunPhase.Failed());
    assertThat(failed.status(Optional.empty()).standing().cause().orElseThrow())
        .contains("must not end its process", "2 in a row", "it ended", "resume the run");
    assertThat(after(ready, ready.cutOffByService("it ended")).phase())
        .isEqualTo(new RunPhase.Queued(true));
  }

  @Test
  void attemptInAWorker_whoseServiceDies_isNotItsCause() {
    JournaledRun run = in(RunState.QUEUED);

    for (int attempt = 1; attempt <= 10; attempt++) {
      run = after(run, new LifecycleEvent.Started(attempt, "n1", List.of(), Optional.empty()));
      run = after(run, run.cutOffByService("it ended"));
    }

    assertThat(run.phase()).isEqualTo(new RunPhase.Queued(true));
  }

  @Test
  void runCutOffByItsService_waitsForNothing() {
    JournaledRun run = in(RunState.RUNNING);

    JournaledRun queued = after(run, run.cutOff("the process that it ran in ended"));

    assertThat(queued.backOff()).isEmpty();
  }

  @Test
  void crash_whilePausingOrCancelling_meetsTheRequest() {
    RunResult crash = new RunResult.Crashed(7, "ended by signal 9");
    JournaledRun pausing = in(RunState.PAUSING);
    JournaledRun cancelling = in(RunState.CANCELLING);

    assertThat(after(pausing, pausing.ended(crash, "unasked")).phase())
        .isEqualTo(new RunPhase.Paused());
    assertThat(after(cancelling, cancelling.ended(crash, "unasked")).phase())
        .isEqualTo(new RunPhase.Cancelled());
  }

  @Test
  void nodeLost_onceTooOftenWhilePausing_pauses() {
    // Given
    JournaledRun run = in(RunState.RUNNING);
    for (int attempt = 2; attempt <= 21; attempt++) {
      run = after(run, run.cutOff("crash"));
      run = after(run, new LifecycleEvent.Started(attempt, "n1", List.of(), Optional.empty()));
    }
    JournaledRun pausing = after(run, new LifecycleEvent.PauseRequested());

    // When
    JournaledRun paused =
        after(pausing, pausing.ended(new RunResult.NodeLost(0, "crash"), "unasked"));

    // Then
    assertThat(paused.phase()).isEqualTo(new RunPhase.Paused());
  }

  @Test
  void checkpoints_inARow_areOneEntryOfTheHistory() {
    // Given
    JournaledRun run = in(RunState.RUNNING);

    // When
    for (int step = 1; step <= 1_000; step++) {
      run = after(run, new LifecycleEvent.Checkpointed(step));
    }

    // Then
    List<LifecycleEntry> entries = run.history().entries();
    assertThat(entries).hasSize(4);
    assertThat(entries.get(3).detail()).isEqualTo("step=1000");
    assertThat(entries.get(3).number()).isEqualTo(4);
    assertThat(run.revision()).isEqualTo(1_003);
  }

  @Test
  void history_ofAVeryLongLife_keepsSubmissionAndTheNewest() {
    // Given
    JournaledRun run = in(RunState.PAUSED);

    // When
    for (int turn = 0; turn < 1_000; turn++) {
      run = after(run, new LifecycleEvent.Resumed());
      run = after(run, new LifecycleEvent.PauseRequested());
    }

    // Then
    List<LifecycleEntry> entries = run.history().entries();
    assertThat(entries).hasSize(500);
    assertThat(entries.get(0).event()).isEqualTo("submitted");
    assertThat(entries.get(499).number()).isEqualTo(run.history().told());
  }

  @Test
  void words_inHistories_areTheStoredNames() {
    // Given
    List<LifecycleEvent> events =
        List.of(
            new LifecycleEvent.Submitted(SPEC),
            new LifecycleEvent.Ready(0, 1),
            new LifecycleEvent.PauseRequested(),
            new LifecycleEvent.CancelRequested());

    // When, then
    assertThat(events)
        .extracting(LifecycleEvent::word)
        .containsExactly("submitted", "ready", "pause-requested", "cancel-requested");
  }

  /** Whatever is asked, ends or crashes: what the events fold to is what the run is. */
  @Property(tries = 500)
  void life_ofAnyTurns_isExplainedByItsEvents(@ForAll long seed) {
    // Given
    Random random = new Random(seed);
    List<JournaledRun.Recorded> journal = new ArrayList<>();
    JournaledRun run =
        record(journal, JournaledRun.unsubmitted("r"), new LifecycleEvent.Submitted(SPEC));
    long term = 0;

    // When
    for (int turn = 0; turn < 60; turn++) {
      JournaledRun before = run;
      Optional<LifecycleEvent> event = turn(random, run);
      if (event.isPresent()) {
        run = record(journal, run, event.get());
        assertThat(run.course().term()).isGreaterThanOrEqualTo(before.course().term());
        if (event.get() instanceof LifecycleEvent.Started started) {
          assertThat(started.term()).isEqualTo(++term);
        }
        assertEndedRunsStay(before, event.get());
      }
    }

    // Then
    JournaledRun folded = JournaledRun.unsubmitted("r");
    for (JournaledRun.Recorded recorded : journal) {
      folded = folded.after(recorded);
    }
    assertThat(folded).isEqualTo(run);
    assertThat(run.revision()).isEqualTo(journal.size());
    List<LifecycleEntry> history = run.history().entries();
    run.phase()
        .state()
        .ifPresent(state -> assertThat(history.get(history.size() - 1).state()).isEqualTo(state));
    for (int index = 0; index < history.size(); index++) {
      assertThat(history.get(index).number()).isEqualTo(index + 1);
    }
  }

  private static void assertEndedRunsStay(JournaledRun before, LifecycleEvent event) {
    if (before.ended()) {
      boolean reopened =
          before.phase() instanceof RunPhase.Failed && event instanceof LifecycleEvent.Resumed;
      assertThat(reopened || event instanceof LifecycleEvent.Deleted).isTrue();
    }
  }

  /** A request, something that the attempt tells, its end, or a crash: what is possible of it. */
  private static Optional<LifecycleEvent> turn(Random random, JournaledRun run) {
    int choice = random.nextInt(10);
    if (choice < 4) {
      try {
        return run.answer(REQUESTS.get(random.nextInt(choice == 0 ? 5 : 4)));
      } catch (RefusedRequestException e) {
        return Optional.empty();
      }
    }
    if (run.phase() instanceof RunPhase.Queued) {
      return Optional.of(
          new LifecycleEvent.Started(run.course().term() + 1, "n1", List.of(), Optional.empty()));
    }
    if (!(run.phase() instanceof RunPhase.Active)) {
      return Optional.empty();
    }
    return switch (choice) {
      case 4, 5 ->
          Optional.of(
              run.phase() instanceof RunPhase.Starting
                  ? new LifecycleEvent.Ready(0, 100)
                  : new LifecycleEvent.Checkpointed(random.nextInt(100)));
      case 6 -> Optional.of(new LifecycleEvent.Interrupted(run.course().term(), "crash", false));
      default -> Optional.of(run.ended(end(random), "stopped"));
    };
  }

  private static RunResult end(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> RunResult.Finished.recorded(100, 0.9, 0.8);
      case 1 -> new RunResult.Paused(random.nextInt(100));
      case 2 -> new RunResult.Cancelled(0);
      case 3 -> new RunResult.Failed(7, "broken");
      default -> new RunResult.Fenced(9);
    };
  }

  private static JournaledRun record(
      List<JournaledRun.Recorded> journal, JournaledRun run, LifecycleEvent event) {
    JournaledRun.Recorded recorded =
        new JournaledRun.Recorded(START.plusSeconds(journal.size()), "n1/1", event);
    journal.add(recorded);
    return run.after(recorded);
  }

  private static JournaledRun after(JournaledRun run, LifecycleEvent event) {
    return run.after(new JournaledRun.Recorded(START, "n1/1", event));
  }

  private static JournaledRun in(RunState state) {
    JournaledRun queued = after(JournaledRun.unsubmitted("r"), new LifecycleEvent.Submitted(SPEC));
    JournaledRun starting =
        after(queued, new LifecycleEvent.Started(1, "n1", List.of(), Optional.empty()));
    JournaledRun running = after(starting, new LifecycleEvent.Ready(0, 100));
    return switch (state) {
      case QUEUED -> queued;
      case STARTING -> starting;
      case RUNNING -> running;
      case PAUSING -> after(running, new LifecycleEvent.PauseRequested());
      case PAUSED -> after(queued, new LifecycleEvent.PauseRequested());
      case CANCELLING -> after(running, new LifecycleEvent.CancelRequested());
      case FINISHED -> after(running, new LifecycleEvent.Completed(100, 0.9, 0.8));
      case FAILED -> after(running, new LifecycleEvent.Failed(7, "broken"));
      case CANCELLED -> after(queued, new LifecycleEvent.CancelRequested());
    };
  }
}
