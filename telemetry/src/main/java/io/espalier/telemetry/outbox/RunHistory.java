package io.espalier.telemetry.outbox;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMaskState;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The events of a run that still hold: where an attempt went on from a step, what older attempts
 * said about later steps is void.
 *
 * @param envelopes in the order of the outbox
 */
public record RunHistory(List<Envelope> envelopes) {
  public RunHistory {
    envelopes = List.copyOf(envelopes);
  }

  /** What of these events, in the order in which they were told, still holds. */
  public static RunHistory of(List<Envelope> told) {
    List<Envelope> valid = new ArrayList<>();
    told.forEach(next -> add(next, valid));
    return new RunHistory(valid);
  }

  /** Reads the outbox of a run directory. */
  public static RunHistory read(Path runDirectory) throws IOException {
    List<Envelope> valid = new ArrayList<>();
    try (OutboxReader reader = OutboxReader.open(runDirectory, 0)) {
      Optional<OutboxReader.Line> line = reader.next();
      while (line.isPresent()) {
        Optional<Envelope> envelope = line.get().envelope().decode();
        envelope.ifPresent(next -> add(next, valid));
        line = reader.next();
      }
    }
    return new RunHistory(valid);
  }

  private static void add(Envelope next, List<Envelope> valid) {
    if (next.event() instanceof RunResumed resumed) {
      long firstVoid = resumed.fromStep() == 0 ? 0 : resumed.fromStep() + 1;
      valid.removeIf(
          old -> old.attempt() < next.attempt() && lastStep(old.event()).orElse(-1) >= firstVoid);
    }
    valid.add(next);
  }

  /** The last step that an event measures; empty for what is no measurement of training. */
  private static OptionalLong lastStep(Event event) {
    if (event instanceof StepsMeasured steps) {
      return OptionalLong.of(steps.firstStep() + steps.losses().size() - 1);
    } else if (event instanceof SyncCompleted sync) {
      return OptionalLong.of(sync.step());
    } else if (event instanceof EvaluationCompleted evaluation) {
      return OptionalLong.of(evaluation.step());
    } else if (event instanceof MasksUpdated update) {
      return OptionalLong.of(update.step());
    } else if (event instanceof ChannelsCut cut) {
      return OptionalLong.of(cut.step());
    } else if (event instanceof ParameterMaskState mask) {
      return OptionalLong.of(mask.step());
    } else if (event instanceof MaskPicture picture) {
      return OptionalLong.of(picture.step());
    } else if (event instanceof RoundCompleted round && round.completedRounds() > 0) {
      // A selection before training is told by its rounds' names: where it is repeated, the newest
      // holds.
      return OptionalLong.of(round.completedRounds());
    } else if (event instanceof TierEvaluated tier) {
      return OptionalLong.of(tier.completedRounds());
    } else if (event instanceof HostEvent.CheckpointWritten checkpoint) {
      return OptionalLong.of(checkpoint.step());
    } else if (event instanceof HostEvent.CheckpointFailed checkpoint) {
      return OptionalLong.of(checkpoint.step());
    } else if (event instanceof RunFinished finished) {
      return OptionalLong.of(finished.steps());
    }
    return OptionalLong.empty();
  }

  /** The events of one type that still hold. */
  public <E extends Event> Stream<E> all(Class<E> type) {
    return envelopes.stream().map(Envelope::event).filter(type::isInstance).map(type::cast);
  }

  /** The newest event of one type. */
  public <E extends Event> Optional<E> last(Class<E> type) {
    return all(type).reduce((older, newer) -> newer);
  }
}
