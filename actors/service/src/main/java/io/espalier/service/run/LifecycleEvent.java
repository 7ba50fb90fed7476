package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.ServiceMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** An event of a run in the journal. Names are stored: none may change; components may be added. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LifecycleEvent.Submitted.class, name = "submitted"),
  @JsonSubTypes.Type(value = LifecycleEvent.Started.class, name = "started"),
  @JsonSubTypes.Type(value = LifecycleEvent.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = LifecycleEvent.Checkpointed.class, name = "checkpointed"),
  @JsonSubTypes.Type(value = LifecycleEvent.PauseRequested.class, name = "pause-requested"),
  @JsonSubTypes.Type(value = LifecycleEvent.Paused.class, name = "paused"),
  @JsonSubTypes.Type(value = LifecycleEvent.Resumed.class, name = "resumed"),
  @JsonSubTypes.Type(value = LifecycleEvent.CancelRequested.class, name = "cancel-requested"),
  @JsonSubTypes.Type(value = LifecycleEvent.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = LifecycleEvent.Interrupted.class, name = "interrupted"),
  @JsonSubTypes.Type(value = LifecycleEvent.Completed.class, name = "completed"),
  @JsonSubTypes.Type(value = LifecycleEvent.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = LifecycleEvent.Deleted.class, name = "deleted")
})
public sealed interface LifecycleEvent extends ServiceMessage {
  /** The event in the histories that users see, such as {@code pause-requested}. */
  default String word() {
    return getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  default String detail() {
    return "";
  }

  record Submitted(RunSpec spec) implements LifecycleEvent {
    @Override
    public String detail() {
      return "name=%s priority=%d trainers=%d"
          .formatted(spec.name(), spec.priority(), spec.trainers());
    }
  }

  /**
   * An attempt begins.
   *
   * @param within the service's own process, which its death ends
   */
  record Started(
      long term,
      String node,
      List<TrainersOnNode> trainers,
      Optional<String> gateway,
      boolean within)
      implements LifecycleEvent {
    public Started {
      trainers = List.copyOf(trainers);
    }

    Started(long term, String node, List<TrainersOnNode> trainers, Optional<String> gateway) {
      this(term, node, trainers, gateway, false);
    }

    @Override
    public String detail() {
      return "term=%d node=%s%s%s"
          .formatted(
              term,
              node,
              trainers.stream()
                  .filter(there -> !there.node().equals(node))
                  .map(there -> " and %d on %s".formatted(there.trainers(), there.node()))
                  .collect(Collectors.joining()),
              gateway.map(address -> " gateway=" + address).orElse(""));
    }
  }

  /** Recipe, data and checkpoint are read. */
  record Ready(long fromStep, long totalSteps) implements LifecycleEvent {
    @Override
    public String detail() {
      return "step=%d totalSteps=%d".formatted(fromStep, totalSteps);
    }
  }

  record Checkpointed(long step) implements LifecycleEvent {
    @Override
    public String detail() {
      return "step=" + step;
    }
  }

  record PauseRequested() implements LifecycleEvent {}

  /** The attempt ended on request, with a checkpoint. */
  record Paused(long step) implements LifecycleEvent {
    @Override
    public String detail() {
      return "step=" + step;
    }
  }

  record Resumed() implements LifecycleEvent {}

  record CancelRequested() implements LifecycleEvent {}

  record Cancelled() implements LifecycleEvent {}

  /**
   * The attempt ended without a request; orderly if the service stopped it, with a checkpoint where
   * there was time for one.
   *
   * @param crashed whether its own process died and nothing else did, or the service that it was
   *     starting in
   */
  record Interrupted(long term, String why, boolean orderly, boolean crashed)
      implements LifecycleEvent {
    Interrupted(long term, String why, boolean orderly) {
      this(term, why, orderly, false);
    }

    @Override
    public String detail() {
      return "term=%d why=%s".formatted(term, why);
    }
  }

  /** {@code bitsPerCharacter} is empty where earlier versions wrote the event. */
  record Completed(long step, double accuracy, double sparsity, OptionalDouble bitsPerCharacter)
      implements LifecycleEvent {
    Completed(long step, double accuracy, double sparsity) {
      this(step, accuracy, sparsity, OptionalDouble.empty());
    }

    @Override
    public String word() {
      return "finished";
    }

    @Override
    public String detail() {
      return "step=%d %s sparsity=%s"
          .formatted(
              step,
              bitsPerCharacter.isPresent()
                  ? "bitsPerCharacter=" + bitsPerCharacter.getAsDouble()
                  : "accuracy=" + accuracy,
              sparsity);
    }
  }

  record Failed(long step, String cause) implements LifecycleEvent {
    @Override
    public String detail() {
      return "step=%d cause=%s".formatted(step, cause);
    }
  }

  /** The run is deleted; its rows are purged next. */
  record Deleted() implements LifecycleEvent {}
}
