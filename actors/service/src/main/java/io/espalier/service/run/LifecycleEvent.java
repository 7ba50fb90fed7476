package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.ServiceMessage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What happened to a run, as the journal has it. The names never change meaning; new components may
 * be added.
 */
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
  /** The phase that the event leads to from {@code phase}. */
  RunPhase after(RunPhase phase);

  /** What is known of the run once this is. */
  default RunProgress tell(RunProgress course) {
    return course;
  }

  /** As histories name it. */
  String word();

  /** As histories detail it. */
  default String detail() {
    return "";
  }

  /** The first event of every run. */
  record Submitted(RunSpec spec) implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.submitted();
    }

    @Override
    public String word() {
      return "submitted";
    }

    @Override
    public String detail() {
      return "name=%s priority=%d trainers=%d"
          .formatted(spec.name(), spec.priority(), spec.trainers());
    }
  }

  /** An attempt has a term. */
  record Started(long term, String node, List<TrainersOnNode> trainers, Optional<String> gateway)
      implements LifecycleEvent {
    public Started {
      trainers = List.copyOf(trainers);
    }

    @Override
    public RunPhase after(RunPhase phase) {
      return phase.started();
    }

    @Override
    public RunProgress tell(RunProgress course) {
      return course.withReign(this);
    }

    @Override
    public String word() {
      return "started";
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
    public RunPhase after(RunPhase phase) {
      return phase.ready();
    }

    @Override
    public RunProgress tell(RunProgress course) {
      return course.withTotalSteps(totalSteps);
    }

    @Override
    public String word() {
      return "ready";
    }

    @Override
    public String detail() {
      return "step=%d totalSteps=%d".formatted(fromStep, totalSteps);
    }
  }

  record Checkpointed(long step) implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.checkpointed();
    }

    @Override
    public RunProgress tell(RunProgress course) {
      return course.withCheckpoint(step);
    }

    @Override
    public String word() {
      return "checkpointed";
    }

    @Override
    public String detail() {
      return "step=" + step;
    }
  }

  record PauseRequested() implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.pauseRequested();
    }

    @Override
    public String word() {
      return "pause-requested";
    }
  }

  /** The attempt ended on request, with a checkpoint. */
  record Paused(long step) implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.paused();
    }

    @Override
    public RunProgress tell(RunProgress course) {
      return course.withCheckpoint(step);
    }

    @Override
    public String word() {
      return "paused";
    }

    @Override
    public String detail() {
      return "step=" + step;
    }
  }

  record Resumed() implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.resumed();
    }

    @Override
    public RunProgress tell(RunProgress course) {
      return course.reopened();
    }

    @Override
    public String word() {
      return "resumed";
    }
  }

  record CancelRequested() implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.cancelRequested();
    }

    @Override
    public String word() {
      return "cancel-requested";
    }
  }

  record Cancelled() implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.cancelled();
    }

    @Override
    public String word() {
      return "cancelled";
    }
  }

  /**
   * The attempt ended without having been asked to.
   *
   * @param orderly whether it ended with a checkpoint, as when the service stops
   */
  record Interrupted(long term, String why, boolean orderly) implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.interrupted();
    }

    @Override
    public RunProgress tell(RunProgress course) {
      return orderly ? course : course.interruptedOnceMore();
    }

    @Override
    public String word() {
      return "interrupted";
    }

    @Override
    public String detail() {
      return "term=%d why=%s".formatted(term, why);
    }
  }

  record Completed(long step, double accuracy, double sparsity) implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.completed();
    }

    @Override
    public RunProgress tell(RunProgress course) {
      return course.withResult(this);
    }

    @Override
    public String word() {
      return "completed";
    }

    @Override
    public String detail() {
      return "step=%d accuracy=%s sparsity=%s".formatted(step, accuracy, sparsity);
    }
  }

  record Failed(long step, String cause) implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.failed();
    }

    @Override
    public RunProgress tell(RunProgress course) {
      return course.withFailure(this);
    }

    @Override
    public String word() {
      return "failed";
    }

    @Override
    public String detail() {
      return "step=%d cause=%s".formatted(step, cause);
    }
  }

  /** The run is forgotten; its rows are purged next. */
  record Deleted() implements LifecycleEvent {
    @Override
    public RunPhase after(RunPhase phase) {
      return phase.deleted();
    }

    @Override
    public String word() {
      return "deleted";
    }
  }
}
