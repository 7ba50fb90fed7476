package io.espalier.telemetry.view;

import static io.espalier.telemetry.view.Timeline.shortened;

import io.espalier.configs.recipe.FlatSettings;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.HostEvent.StreamOpened;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The lifecycle of a run. The last event in the order of attempts and sequences holds, so the order
 * of topics does not matter.
 */
final class RunLifecycleView {
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final int BEATS = 3;
  private static final int LONGEST_REASON = 2_000;

  private Optional<Sequenced<RunStarted>> started = Optional.empty();
  private Optional<Sequenced<Provenance>> provenance = Optional.empty();
  private Optional<Sequenced<RunState>> state = Optional.empty();
  private Optional<Sequenced<End>> end = Optional.empty();
  private SortedMap<String, String> settings = new TreeMap<>();
  private Instant begun = Instant.MAX;
  private Instant updated = Instant.MIN;
  private int attempt = 1;
  private int stepAttempt;
  private long step;
  private boolean stream;

  record Sequenced<E>(int attempt, long sequence, Instant time, E event) {
    boolean isAfter(Sequenced<?> other) {
      return attempt > other.attempt || (attempt == other.attempt && sequence > other.sequence);
    }
  }

  record End(String state, Optional<String> reason, Optional<RunFinished> result) {}

  /** Shortens texts, as foreign events may be long. */
  private static final class Texts {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_TAG = 40;
    private static final int MOST_TAGS = 16;

    private Texts() {}

    static RunStarted bounded(RunStarted event) {
      return new RunStarted(
          shortened(event.recipeName(), LONGEST_NAME),
          event.attempt(),
          event.trainers(),
          event.totalSteps(),
          event.stepsPerEpoch(),
          event.prunable(),
          event.finalKept(),
          event.finalSparsity(),
          bounded(event.tags()),
          event.charactersPerToken());
    }

    static RunState bounded(RunState event) {
      return new RunState(
          state(event.word()),
          shortened(event.recipeName(), LONGEST_NAME),
          event.attempt(),
          event.step(),
          event.totalSteps(),
          event.sparsity(),
          event.accuracy(),
          bounded(event.tags()),
          event.macs(),
          event.macsDense(),
          event.bitsPerCharacter());
    }

    static String state(String word) {
      return shortened(word, LONGEST_TAG);
    }

    private static List<String> bounded(List<String> tags) {
      return tags.stream().limit(MOST_TAGS).map(tag -> shortened(tag, LONGEST_TAG)).toList();
    }
  }

  void take(Envelope envelope, Instant observed) {
    Event event = envelope.event();
    begun = envelope.time().isBefore(begun) ? envelope.time() : begun;
    updated = observed.isAfter(updated) ? observed : updated;
    attempt = Math.max(attempt, envelope.attempt());
    if (event instanceof RunStarted each) {
      started = newer(started, envelope, Texts.bounded(each));
    } else if (event instanceof Provenance each) {
      provenance = newer(provenance, envelope, each);
      settings = FlatSettings.of(provenance().map(Provenance::recipe).orElse(""));
    } else if (event instanceof RunState each) {
      state = newer(state, envelope, Texts.bounded(each));
      reach(envelope.attempt(), each.step());
    } else if (event instanceof RunResumed
        || event instanceof StepsMeasured
        || event instanceof SyncCompleted
        || event instanceof RoundCompleted) {
      reach(envelope.attempt(), EventType.stepOf(event).orElseThrow());
    } else if (event instanceof StreamOpened) {
      stream = true;
    } else if (event instanceof RunFinished each) {
      Optional<String> reason = each.endedEarly().map(why -> shortened(why, LONGEST_REASON));
      end(envelope, new End(RunState.FINISHED, reason, Optional.of(each)), each.steps());
    } else if (event instanceof RunStopped each) {
      String reason = shortened(each.reason(), LONGEST_REASON);
      String after = Texts.state(each.stateAfter());
      end(envelope, new End(after, Optional.of(reason), Optional.empty()), each.step());
    } else if (event instanceof RunFailed each) {
      String reason = shortened(each.reason(), LONGEST_REASON);
      end(envelope, new End(RunState.FAILED, Optional.of(reason), Optional.empty()), each.step());
    }
  }

  private void end(Envelope envelope, End ended, long atStep) {
    end = newer(end, envelope, ended);
    reach(envelope.attempt(), atStep);
  }

  private void reach(int byAttempt, long completed) {
    if (byAttempt > stepAttempt) {
      stepAttempt = byAttempt;
      step = completed;
    } else if (byAttempt == stepAttempt) {
      step = Math.max(step, completed);
    }
  }

  private static <E> Optional<Sequenced<E>> newer(
      Optional<Sequenced<E>> known, Envelope envelope, E event) {
    Sequenced<E> latest =
        new Sequenced<>(envelope.attempt(), envelope.sequence(), envelope.time(), event);
    return known.isPresent() && known.get().isAfter(latest) ? known : Optional.of(latest);
  }

  Optional<RunStarted> started() {
    return started.map(Sequenced::event);
  }

  Optional<Provenance> provenance() {
    return provenance.map(Sequenced::event);
  }

  /** Settings of the recipe by key, for comparisons. */
  SortedMap<String, String> settings() {
    return settings;
  }

  Optional<Sequenced<RunState>> state() {
    return state;
  }

  List<String> tags() {
    return started()
        .map(RunStarted::tags)
        .filter(tags -> !tags.isEmpty())
        .or(() -> state.map(latest -> latest.event().tags()))
        .orElse(List.of());
  }

  Optional<String> name() {
    return started()
        .map(RunStarted::recipeName)
        .or(() -> state.map(latest -> latest.event().recipeName()));
  }

  Optional<Sequenced<End>> end() {
    return end.filter(latest -> latest.attempt() == attempt);
  }

  Optional<RunFinished> result() {
    return end().flatMap(latest -> latest.event().result());
  }

  String stateName() {
    return end()
        .map(latest -> latest.event().state())
        .or(() -> state.filter(s -> s.attempt() == attempt).map(latest -> latest.event().state()))
        .orElse(RunState.RUNNING);
  }

  boolean isRunning() {
    return stateName().equals(RunState.RUNNING);
  }

  /**
   * Whether an unfinished run has sent nothing for long; {@code beat} is its reporting interval,
   * zero if unknown.
   */
  boolean isSilent(Instant now, Duration beat) {
    return isBegun() && isRunning() && isSilent(updated, now, beat);
  }

  static boolean isSilent(Instant updated, Instant now, Duration beat) {
    Duration beats = beat.multipliedBy(BEATS);
    Duration longest = beats.compareTo(SILENCE) > 0 ? beats : SILENCE;
    return updated.plus(longest).isBefore(now);
  }

  Optional<String> reason() {
    return end().flatMap(latest -> latest.event().reason());
  }

  boolean isBegun() {
    return updated.isAfter(Instant.MIN);
  }

  Instant begun() {
    return begun;
  }

  Instant updated() {
    return updated;
  }

  int attempt() {
    return attempt;
  }

  long step() {
    return step;
  }

  boolean isStream() {
    return stream;
  }

  long totalSteps() {
    return started()
        .map(RunStarted::totalSteps)
        .or(() -> state.map(latest -> latest.event().totalSteps()))
        .orElse(0L);
  }

  int trainers() {
    return started()
        .map(RunStarted::trainers)
        .or(() -> provenance().map(Provenance::trainers))
        .orElse(0);
  }
}
