package io.espalier.telemetry.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The registry of event types: the stable name and the topic of each record.
 *
 * @param name the CloudEvents type, such as {@code io.espalier.run.started.v1}
 */
public record EventType(String name, Class<? extends Event> record, Topic topic) {
  private static final List<EventType> ALL =
      List.of(
          type("run.started", RunEvent.RunStarted.class, Topic.EVENTS),
          type("run.resumed", RunEvent.RunResumed.class, Topic.EVENTS),
          type("run.stopped", RunEvent.RunStopped.class, Topic.EVENTS),
          type("run.failed", RunEvent.RunFailed.class, Topic.EVENTS),
          type("run.finished", RunEvent.RunFinished.class, Topic.EVENTS),
          type("run.state", RunEvent.RunState.class, Topic.RUNS),
          type("run.provenance", RunEvent.Provenance.class, Topic.EVENTS),
          type("run.parameters", RunEvent.ParametersDescribed.class, Topic.EVENTS),
          type("steps.measured", TrainingEvent.StepsMeasured.class, Topic.METRICS),
          type("sync.completed", TrainingEvent.SyncCompleted.class, Topic.METRICS),
          type("evaluation.completed", TrainingEvent.EvaluationCompleted.class, Topic.METRICS),
          type("masks.updated", MaskEvent.MasksUpdated.class, Topic.EVENTS),
          type("channels.cut", MaskEvent.ChannelsCut.class, Topic.EVENTS),
          type("masks.parameter", MaskEvent.ParameterMaskState.class, Topic.MASKS),
          type("masks.picture", MaskEvent.MaskPicture.class, Topic.MASKS),
          type("checkpoint.written", HostEvent.CheckpointWritten.class, Topic.EVENTS),
          type("checkpoint.failed", HostEvent.CheckpointFailed.class, Topic.EVENTS),
          type("events.lost", HostEvent.EventsLost.class, Topic.EVENTS),
          type("stream.opened", HostEvent.StreamOpened.class, Topic.EVENTS),
          type("stream.waiting", HostEvent.StreamWaiting.class, Topic.EVENTS),
          type("stream.flowing", HostEvent.StreamFlowing.class, Topic.EVENTS),
          type("stream.skipped", HostEvent.RecordsSkipped.class, Topic.EVENTS),
          type("trainer.failed", HostEvent.TrainerFailed.class, Topic.EVENTS),
          type("trainer.restarted", HostEvent.TrainerRestarted.class, Topic.EVENTS),
          type("alert.raised", HostEvent.AlertRaised.class, Topic.EVENTS),
          type("alert.cleared", HostEvent.AlertCleared.class, Topic.EVENTS),
          type("resources.measured", HostEvent.ResourcesMeasured.class, Topic.SYSTEM),
          type("federation.described", FederationEvent.FederationDescribed.class, Topic.EVENTS),
          type("federation.selected", FederationEvent.CandidateChosen.class, Topic.EVENTS),
          type("round.started", FederationEvent.RoundStarted.class, Topic.EVENTS),
          type("round.completed", FederationEvent.RoundCompleted.class, Topic.METRICS),
          type("round.tier", FederationEvent.TierEvaluated.class, Topic.METRICS),
          type("client.joined", FederationEvent.ClientJoined.class, Topic.CLIENTS),
          type("client.left", FederationEvent.ClientLeft.class, Topic.CLIENTS),
          type("client.reported", FederationEvent.ClientReported.class, Topic.CLIENTS),
          type("client.late", FederationEvent.ClientLate.class, Topic.CLIENTS),
          type("client.refused", FederationEvent.UpdateRefused.class, Topic.CLIENTS));

  private static final Map<Class<? extends Event>, EventType> BY_RECORD =
      ALL.stream().collect(Collectors.toUnmodifiableMap(EventType::record, Function.identity()));
  private static final Map<String, EventType> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(EventType::name, Function.identity()));

  /** Every event type. */
  public static List<EventType> all() {
    return ALL;
  }

  /** The type of an event. */
  public static EventType of(Event event) {
    EventType type = BY_RECORD.get(event.getClass());
    if (type == null) {
      throw new IllegalStateException(
          "every event must be registered: event=" + event.getClass().getName());
    }
    return type;
  }

  /** The type of this name; empty for one that a newer version brought. */
  public static Optional<EventType> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  private static EventType type(String name, Class<? extends Event> record, Topic topic) {
    return new EventType("io.espalier." + name + ".v1", record, topic);
  }
}
