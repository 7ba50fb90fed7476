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
    String name, Class<? extends Event> record, Topic topic, Function<Event, OptionalLong> step) {
  private static final List<EventType> ALL =
      List.of(
          events("run.started", RunEvent.RunStarted.class),
          events("run.resumed", RunEvent.RunResumed.class, e -> e.fromStep()),
          events("run.execution", RunEvent.ExecutionSwitched.class, e -> e.step()),
          events("run.stopped", RunEvent.RunStopped.class, e -> e.step()),
          events("run.failed", RunEvent.RunFailed.class, e -> e.step()),
          events("run.finished", RunEvent.RunFinished.class, e -> e.steps()),
          type("run.state", RunEvent.RunState.class, Topic.RUNS),
          events("run.provenance", RunEvent.Provenance.class),
          events("run.parameters", RunEvent.ParametersDescribed.class),
          metrics("steps.measured", TrainingEvent.StepsMeasured.class, e -> e.lastStep()),
          metrics("sync.completed", TrainingEvent.SyncCompleted.class, e -> e.step()),
          metrics("evaluation.completed", TrainingEvent.EvaluationCompleted.class, e -> e.step()),
          events("masks.updated", MaskEvent.MasksUpdated.class, e -> e.step()),
          events("channels.cut", MaskEvent.ChannelsCut.class, e -> e.step()),
          masks("masks.parameter", MaskEvent.ParameterMaskState.class, e -> e.step()),
          masks("masks.picture", MaskEvent.MaskPicture.class, e -> e.step()),
          events("checkpoint.written", HostEvent.CheckpointWritten.class, e -> e.step()),
          events("checkpoint.failed", HostEvent.CheckpointFailed.class, e -> e.step()),
          events("events.lost", HostEvent.EventsLost.class),
          events("stream.opened", HostEvent.StreamOpened.class),
          events("stream.waiting", HostEvent.StreamWaiting.class),
          events("stream.flowing", HostEvent.StreamFlowing.class),
          events("stream.skipped", HostEvent.RecordsSkipped.class),
          events("trainer.failed", HostEvent.TrainerFailed.class, e -> e.step()),
          events("trainer.restarted", HostEvent.TrainerRestarted.class, e -> e.step()),
          events("alert.raised", HostEvent.AlertRaised.class, e -> e.step()),
          events("alert.cleared", HostEvent.AlertCleared.class, e -> e.step()),
          type("resources.measured", HostEvent.ResourcesMeasured.class, Topic.SYSTEM),
          events("federation.described", FederationEvent.FederationDescribed.class),
          events("federation.selected", FederationEvent.CandidateChosen.class),
          events("round.started", FederationEvent.RoundStarted.class),
          metrics(
              "round.completed", FederationEvent.RoundCompleted.class, e -> e.completedRounds()),
          events("round.rejected", FederationEvent.RoundRejected.class, e -> e.completedRounds()),
          metrics("round.tier", FederationEvent.TierEvaluated.class, e -> e.completedRounds()),
          clients("client.joined", FederationEvent.ClientJoined.class),
          clients("client.left", FederationEvent.ClientLeft.class),
          clients("client.reported", FederationEvent.ClientReported.class),
          clients("client.late", FederationEvent.ClientLate.class),
          clients("client.refused", FederationEvent.UpdateRefused.class));

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

  public static OptionalLong stepOf(Event event) {
    return of(event).step().apply(event);
  }

  /** Returns the type of this name; empty if unknown. */
  public static Optional<EventType> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  private static EventType events(String name, Class<? extends Event> record) {
    return type(name, record, Topic.EVENTS);
  }

  private static <E extends Event> EventType events(
      String name, Class<E> record, ToLongFunction<E> step) {
    return type(name, record, Topic.EVENTS, step);
  }

  private static <E extends Event> EventType metrics(
      String name, Class<E> record, ToLongFunction<E> step) {
    return type(name, record, Topic.METRICS, step);
  }

  private static <E extends Event> EventType masks(
      String name, Class<E> record, ToLongFunction<E> step) {
    return type(name, record, Topic.MASKS, step);
  }

  private static EventType clients(String name, Class<? extends Event> record) {
    return type(name, record, Topic.CLIENTS);
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
