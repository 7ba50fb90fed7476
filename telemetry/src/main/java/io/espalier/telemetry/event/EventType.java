package io.espalier.telemetry.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The registry of event types: the stable name, the topic and the step of each record.
 *
 * @param name the CloudEvents type, such as {@code io.espalier.run.started.v1}
 * @param step the last completed step, or round, that an event reports; empty where it reports none
 */
public record EventType(
    String name,
    Class<? extends Event> record,
    Topic topic,
    Function<Event, OptionalLong> step) {
  private static final List<EventType> ALL =
      List.of(
          type("run.started", RunEvent.RunStarted.class, Topic.EVENTS),
          type("run.resumed", RunEvent.RunResumed.class, Topic.EVENTS, RunEvent.RunResumed::fromStep),
          type("run.stopped", RunEvent.RunStopped.class, Topic.EVENTS, RunEvent.RunStopped::step),
          type("run.failed", RunEvent.RunFailed.class, Topic.EVENTS, RunEvent.RunFailed::step),
          type("run.finished", RunEvent.RunFinished.class, Topic.EVENTS, RunEvent.RunFinished::steps),
          type("run.state", RunEvent.RunState.class, Topic.RUNS),
          type("run.provenance", RunEvent.Provenance.class, Topic.EVENTS),
          type("run.parameters", RunEvent.ParametersDescribed.class, Topic.EVENTS),
          type("steps.measured", TrainingEvent.StepsMeasured.class, Topic.METRICS, TrainingEvent.StepsMeasured::lastStep),
          type("sync.completed", TrainingEvent.SyncCompleted.class, Topic.METRICS, TrainingEvent.SyncCompleted::step),
          type("evaluation.completed", TrainingEvent.EvaluationCompleted.class, Topic.METRICS, TrainingEvent.EvaluationCompleted::step),
          type("masks.updated", MaskEvent.MasksUpdated.class, Topic.EVENTS, MaskEvent.MasksUpdated::step),
          type("channels.cut", MaskEvent.ChannelsCut.class, Topic.EVENTS, MaskEvent.ChannelsCut::step),
          type("masks.parameter", MaskEvent.ParameterMaskState.class, Topic.MASKS, MaskEvent.ParameterMaskState::step),
          type("masks.picture", MaskEvent.MaskPicture.class, Topic.MASKS, MaskEvent.MaskPicture::step),
          type("checkpoint.written", HostEvent.CheckpointWritten.class, Topic.EVENTS, HostEvent.CheckpointWritten::step),
          type("checkpoint.failed", HostEvent.CheckpointFailed.class, Topic.EVENTS, HostEvent.CheckpointFailed::step),
          type("events.lost", HostEvent.EventsLost.class, Topic.EVENTS),
          type("stream.opened", HostEvent.StreamOpened.class, Topic.EVENTS),
          type("stream.waiting", HostEvent.StreamWaiting.class, Topic.EVENTS),
          type("stream.flowing", HostEvent.StreamFlowing.class, Topic.EVENTS),
          type("stream.skipped", HostEvent.RecordsSkipped.class, Topic.EVENTS),
          type("trainer.failed", HostEvent.TrainerFailed.class, Topic.EVENTS, HostEvent.TrainerFailed::step),
          type("trainer.restarted", HostEvent.TrainerRestarted.class, Topic.EVENTS, HostEvent.TrainerRestarted::step),
          type("alert.raised", HostEvent.AlertRaised.class, Topic.EVENTS, HostEvent.AlertRaised::step),
          type("alert.cleared", HostEvent.AlertCleared.class, Topic.EVENTS, HostEvent.AlertCleared::step),
          type("resources.measured", HostEvent.ResourcesMeasured.class, Topic.SYSTEM),
          type("federation.described", FederationEvent.FederationDescribed.class, Topic.EVENTS),
          type("federation.selected", FederationEvent.CandidateChosen.class, Topic.EVENTS),
          type("round.started", FederationEvent.RoundStarted.class, Topic.EVENTS),
          type("round.completed", FederationEvent.RoundCompleted.class, Topic.METRICS, FederationEvent.RoundCompleted::completedRounds),
          type("round.tier", FederationEvent.TierEvaluated.class, Topic.METRICS, FederationEvent.TierEvaluated::completedRounds),
          type("client.joined", FederationEvent.ClientJoined.class, Topic.CLIENTS),
          type("client.left", FederationEvent.ClientLeft.class, Topic.CLIENTS),
          type("client.reported", FederationEvent.ClientReported.class, Topic.CLIENTS),
          type("client.late", FederationEvent.ClientLate.class, Topic.CLIENTS),
          type("client.refused", FederationEvent.UpdateRefused.class, Topic.CLIENTS));

  private static final Map<Class<? extends Event>, EventType> BY_RECORD =
      ALL.stream().collect(Collectors.toUnmodifiableMap(EventType::record, Function.identity()));
  private static final Map<String, EventType> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(EventType::name, Function.identity()));

  public static List<EventType> all() {
    return ALL;
  }

  public static EventType of(Event event) {
    EventType type = BY_RECORD.get(event.getClass());
    if (type == null) {
      throw new IllegalStateException(
          "every event must be registered: event=" + event.getClass().getName());
    }
    return type;
  }

  /** Returns the last completed step, or round, that an event reports. */
  public static OptionalLong stepOf(Event event) {
    return of(event).step().apply(event);
  }

  /** Returns the type of this name; empty for one of a newer version. */
  public static Optional<EventType> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  private static EventType type(String name, Class<? extends Event> record, Topic topic) {
    return new EventType(fullName(name), record, topic, event -> OptionalLong.empty());
  }

  private static <E extends Event> EventType type(
      String name, Class<E> record, Topic topic, ToLongFunction<E> step) {
    return new EventType(
        fullName(name),
        record,
        topic,
        event -> OptionalLong.of(step.applyAsLong(record.cast(event))));
  }

  private static String fullName(String name) {
    return "io.espalier." + name + ".v1";
  }
}
